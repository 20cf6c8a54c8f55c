/**
 * The question that a cursor stands under: in SQL any comment, in other languages a comment that begins with `sql:` (or `sql?:` for
 * bound parameters). Also the `@db path` line of a file. Reads lines only; whether the text is a question at all is judged later.
 */

export type CommentMarker = '--' | '//' | '#';

export interface LineSource {
  readonly lineCount: number;
  lineAt(line: number): string;
}

export interface CommentQuestion {
  readonly question: string;
  /** Lines of the comment, both inclusive. */
  readonly firstLine: number;
  readonly lastLine: number;
  /** SQL between the comment and the cursor; empty when there is none. Begins in the line below the comment. */
  readonly begun: string;
  /** Asked with `sql?:`. */
  readonly bound: boolean;
}

/** Lines of a comment, and of a begun statement, at most: more is prose, or a program. */
const mostLines = 60;

/** The question above a cursor, at a distance of a begun statement at most. Undefined inside the comment itself. */
export function questionAbove(source: LineSource, line: number, character: number, marker: CommentMarker): CommentQuestion | undefined {
  const before = source.lineAt(line).slice(0, character);
  if (isComment(before, marker) || isBlockEnd(before, marker)) return undefined;
  const begun = [before];
  let at = line - 1;
  for (; at >= 0 && begun.length <= mostLines && !isCommentLine(source.lineAt(at), marker); at--) {
    // A gap separates a comment from what stands below it, and a semicolon ends its statement.
    if (source.lineAt(at).trim() === '' || marker !== '--') return undefined;
    begun.unshift(source.lineAt(at));
  }
  if (at < 0 || begun.length > mostLines) return undefined;
  const text = begun.join('\n');
  if (marker === '--' && /;\s*$|;\s*\n/.test(text)) return undefined;
  const comment = readComment(source, at, marker);
  return comment && { ...comment, begun: text.trim() === '' ? '' : text };
}

/** The question of the comment at a line, or of the one whose statement the line belongs to. */
export function questionAround(source: LineSource, line: number, marker: CommentMarker): CommentQuestion | undefined {
  for (let at = line; at >= 0 && line - at <= mostLines; at--) {
    const text = source.lineAt(at);
    if (isCommentLine(text, marker)) {
      const end = endOfComment(source, at, marker);
      const comment = readComment(source, end, marker);
      return comment && { ...comment, begun: '' };
    }
    if (text.trim() === '' && at !== line) return undefined;
    if (at !== line && /;\s*$/.test(text)) return undefined;
  }
  return undefined;
}

/** Path after `@db` in a comment of its own line; the nearest one above the line, else the first of the file. */
export function namedDatabase(source: LineSource, line: number, marker: CommentMarker): string | undefined {
  const pattern = new RegExp(`^\\s*${marker}\\s*@db\\s+(.+?)\\s*$`);
  let first: string | undefined;
  for (let at = 0; at < source.lineCount && (at <= line || first === undefined); at++) {
    const found = pattern.exec(source.lineAt(at))?.[1];
    if (found !== undefined) first = unquote(found);
  }
  return first;
}

function unquote(text: string): string {
  return /^(["']).*\1$/.test(text) ? text.slice(1, -1) : text;
}

function isComment(text: string, marker: CommentMarker): boolean {
  return text.trimStart().startsWith(marker);
}

function isBlockEnd(text: string, marker: CommentMarker): boolean {
  return marker === '--' && text.trimEnd().endsWith('*/');
}

function isCommentLine(text: string, marker: CommentMarker): boolean {
  return isComment(text, marker) || isBlockEnd(text, marker);
}

function endOfComment(source: LineSource, line: number, marker: CommentMarker): number {
  let end = line;
  while (end + 1 < source.lineCount && isComment(source.lineAt(end + 1), marker) && isOneComment(source, end, end + 1, marker)) end++;
  return end;
}

/** A new `sql:` or a directive starts a comment of its own. */
function isOneComment(source: LineSource, upper: number, lower: number, marker: CommentMarker): boolean {
  const words = (line: number): string => strip(source.lineAt(line), marker);
  if (words(upper).startsWith('@') || words(lower).startsWith('@')) return false;
  return marker === '--' || !/^sql\??:/i.test(words(lower));
}

function strip(text: string, marker: CommentMarker): string {
  return text.trim().slice(marker.length).trim();
}

function readComment(source: LineSource, lastLine: number, marker: CommentMarker): Omit<CommentQuestion, 'begun'> | undefined {
  const lines = isBlockEnd(source.lineAt(lastLine), marker) ? blockLines(source, lastLine) : markedLines(source, lastLine, marker);
  if (!lines) return undefined;
  const text = lines.words.join(' ').replace(/\s+/g, ' ').trim();
  const prefixed = /^sql(\??):\s*(.*)$/i.exec(text);
  if (marker !== '--' && !prefixed) return undefined;
  const question = prefixed?.[2] ?? text;
  // Rules made of dashes, and headings of one sign, ask nothing.
  if (!/[\p{L}\p{N}]{2}/u.test(question)) return undefined;
  return { question, firstLine: lines.first, lastLine, bound: prefixed?.[1] === '?' };
}

interface CommentLines {
  readonly first: number;
  readonly words: readonly string[];
}

function markedLines(source: LineSource, last: number, marker: CommentMarker): CommentLines | undefined {
  if (strip(source.lineAt(last), marker).startsWith('@')) return undefined;
  let first = last;
  while (
    first > 0 &&
    last - first < mostLines &&
    isComment(source.lineAt(first - 1), marker) &&
    isOneComment(source, first - 1, first, marker)
  )
    first--;
  const words = [];
  for (let at = first; at <= last; at++) words.push(strip(source.lineAt(at), marker));
  return { first, words };
}

/** A comment between slash and stars that ends its line and begins another, or the same. */
function blockLines(source: LineSource, last: number): CommentLines | undefined {
  const words: string[] = [];
  for (let at = last; at >= 0 && last - at < mostLines; at--) {
    const text = source.lineAt(at);
    words.unshift(text.trim().replace(/\*\/$/, '').replace(/^\/?\*+/, '')); // prettier-ignore
    if (text.includes('/*')) return text.trimStart().startsWith('/*') ? { first: at, words } : undefined;
  }
  return undefined;
}
