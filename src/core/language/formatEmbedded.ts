/**
 * Formats the statements of one string of a program in its place. What the program puts in stays as it stands there. A statement stays as
 * it is when the formatter does not know it, when the string writes it with escapes, or when laying it out would change what it says.
 */
import { formatSql } from '../presentation/formatSql.js';
import { type TextEdit } from '../sql/applyEdits.js';
import { significantTokens, type Token, tokenize } from '../sql/tokenize.js';
import { type EmbeddedSql } from './embeddedSql.js';
import { isSameSql } from './formatStatements.js';
import { readScript } from './script.js';

/** Blanks that a deeper line begins with. */
const indentUnit = '  ';

/** Edits of the program, in its own offsets; empty when there is nothing to do. `source` is the whole program. */
export function formatEmbedded(source: string, { start: region, end: close, sql, holes }: EmbeddedSql): readonly TextEdit[] {
  const script = readScript(sql);
  const isBlock = source.slice(region, close).includes('\n') || /(?:`|"""|''')$/.test(source.slice(Math.max(0, region - 3), region));
  return script.statements.flatMap((statement): TextEdit[] => {
    const within = holes.filter((hole) => statement.start <= hole.start && hole.start < statement.end);
    const own = within.map((hole) => ({ start: hole.start - statement.start, end: hole.end - statement.start }));
    // Blanks that stand for the rest of an interpolation are none of a statement that ends with it.
    const end = Math.max(statement.end, within.at(-1)?.end ?? 0);
    const [from, to] = [region + statement.start, region + end];
    const text = source.slice(from, to);
    const formatted = layOut(text, sql.slice(statement.start, end), own);
    if (formatted === undefined) return [];
    const first = source.slice(region, from);
    const laid = isBlock ? inBlock(formatted, source, from, first.trim() === '' && !first.includes('\n')) : inLine(formatted);
    return laid === text ? [] : [{ start: from, end: to, text: laid }];
  });
}

interface Place {
  readonly start: number;
  readonly end: number;
}

/** The statement formatted with its interpolations; undefined when that is not safe. `masked` is as long as `text`. */
function layOut(text: string, masked: string, holes: readonly Place[]): string | undefined {
  const tokens = tokenize(masked);
  // The formatter lays the body of a trigger out as statements of their own; lines of a string would move.
  if (tokens.some((token) => token.text.toUpperCase() === 'TRIGGER' || (isQuoted(token) && token.text.includes('\n')))) return undefined;
  const marks = tokens.filter(isMark);
  if (!isPlain(text, masked, holes) || !holes.every((hole) => standsAlone(masked, hole, marks))) return undefined;
  // A short statement stays on its line however long its interpolations are.
  const bare = holes.reduceRight((sql, { start, end }) => `${sql.slice(0, start)}?${sql.slice(end)}`, masked);
  const formatted = formatSql(bare).trim();
  if (!isSameSql(masked, formatted)) return undefined;
  const inHoles = new Map(holes.map(({ start, end }) => [marks.findIndex((mark) => mark.start === start), text.slice(start, end)]));
  const edits = significantTokens(formatted).filter(isMark).flatMap(({ start, end }, at) => ({ start, end, text: inHoles.get(at) ?? '?' })); // prettier-ignore
  return edits.reduceRight((result, edit) => result.slice(0, edit.start) + edit.text + result.slice(edit.end), formatted);
}

const isMark = ({ kind, text }: Token): boolean => kind === 'parameter' && text === '?';
const isQuoted = ({ kind, text }: Token): boolean => kind === 'string' || (kind === 'identifier' && /^["`[]/.test(text));

/** Whether the string says what it looks like: no escapes outside of the interpolations. */
function isPlain(text: string, masked: string, holes: readonly Place[]): boolean {
  return [...masked].every((sign, at) => sign === text[at] || holes.some(({ start, end }) => start <= at && at < end));
}

/** An interpolation that touches a word may be half of a name, and one inside quotes is a piece of a text. */
function standsAlone(masked: string, { start, end }: Place, marks: readonly Token[]): boolean {
  const isApart = !/[\w.?:@$"'`\]]$/.test(masked.slice(0, start)) && !/^[\w.?:@$"'`[(]/.test(masked.slice(end));
  return isApart && marks.some((mark) => mark.start === start);
}

/** Lines stand under the beginning of the statement, one step deeper than the program when it began behind the quote. */
function inBlock(formatted: string, source: string, from: number, isBehindQuote: boolean): string {
  const line = source.slice(source.lastIndexOf('\n', from - 1) + 1, from);
  const base = /^[ \t]*/.exec(line)?.[0] ?? '';
  if (!formatted.includes('\n')) return formatted;
  const indent = isBehindQuote ? base + indentUnit : base;
  const lines = formatted.split('\n').map((text) => (text === '' ? '' : indent + text)).join('\n'); // prettier-ignore
  return isBehindQuote ? `\n${lines}\n${base}` : lines.slice(indent.length);
}

/** A string that must not have lines; what was one line has no comment that needs its end. */
function inLine(formatted: string): string {
  return formatted.replace(/\s*\n\s*/g, ' ');
}
