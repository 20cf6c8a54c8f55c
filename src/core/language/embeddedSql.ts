/**
 * SQL inside strings of TypeScript, JavaScript and Python: template strings tagged `sql`, strings behind a comment that says sql, and
 * strings that begin with a verb of SQL where a statement is expected (a variable called sql or query, a call such as prepare). The
 * program is scanned, not parsed. What is found has the length of the source, so that offsets stay what they are.
 */
import { type TextPlace } from './placeComplaint.js';

export type HostLanguage = 'script' | 'python';

export interface EmbeddedSql {
  /** Offset of the first character between the quotes. */
  readonly start: number;
  readonly end: number;
  /** The content with escapes and interpolations replaced by as many characters. */
  readonly sql: string;
  /** Interpolations, as offsets in `sql`: each stands for a value or a piece of a statement that is not known. */
  readonly holes: readonly TextPlace[];
}

/** Each form ends where the string begins. The editor's colours (syntaxes) are made from them, too. */
export const embeddedForms = {
  tag: /\bsql(?:\.\w+)?\s*(?:<[^`]{0,200}>)?\s*$/i,
  blockComment: /\/\*\s*sql\s*\*\/\s*$/i,
  lineComment: /(?:\/\/|#)\s*(?:language=)?sql\b[^\n]*\n\s*(?:\w[\w\s:.]*=\s*)?\s*$/i,
  variable: /(?:sql|query|statement|stmt)\w*\s*(?::[^=\n]{0,60})?=\s*\(?\s*$/i,
  call: /\b(?:prepare|exec|execute|executemany|executescript|all|get|run|each|query|raw|read_sql|read_sql_query|fetchall|fetch)\s*(?:<[^<>()]*>)?\(\s*$/,
} as const;
export const statementVerbs = 'SELECT|WITH|INSERT|REPLACE|UPDATE|DELETE|CREATE|ALTER|DROP|EXPLAIN|PRAGMA|VALUES';
const verb = new RegExp(`^(?:\\s|--[^\\n]*\\n|\\/\\*[\\s\\S]*?\\*\\/)*(?:${statementVerbs})\\b`, 'i');
const { tag, blockComment, lineComment, variable, call } = embeddedForms;
/** Characters in front of a string that decide what it is. */
const lookBehind = 240;

export function findEmbeddedSql(text: string, language: HostLanguage): EmbeddedSql[] {
  return language === 'python' ? scanPython(text) : scanScript(text);
}

interface Literal {
  /** Of the first quote. */
  readonly open: number;
  readonly start: number;
  readonly end: number;
  readonly kind: 'template' | 'plain' | 'raw' | 'format';
}

function scanScript(text: string): EmbeddedSql[] {
  const pattern = /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"|`|(?<=[=(,:[!&|?{};\n]\s*)\/(?![*/])(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/g; // prettier-ignore
  const found: EmbeddedSql[] = [];
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const quote = match[0].charAt(0);
    if (quote === '/') continue;
    const end = quote === '`' ? endOfTemplate(text, match.index + 1) : pattern.lastIndex - 1;
    const literal: Literal = { open: match.index, start: match.index + 1, end, kind: quote === '`' ? 'template' : 'plain' };
    if (isSql(text, literal)) found.push(mask(text, literal));
    else if (quote === '`') found.push(...inside(text, literal, scanScript));
    pattern.lastIndex = Math.min(end + 1, text.length);
  }
  return found;
}

/** Interpolations of a template may hold templates of their own. */
function inside(text: string, literal: Literal, scan: (text: string) => EmbeddedSql[]): EmbeddedSql[] {
  return mask(text, literal).holes.flatMap((hole) => {
    const start = literal.start + hole.start;
    return scan(text.slice(start, literal.start + hole.end)).map((part) => ({ ...part, start: part.start + start, end: part.end + start }));
  });
}

function endOfTemplate(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '`') return at;
    else if (text.startsWith('${', at)) at = endOfHole(text, at + 2, '`') - 1;
  }
  return text.length;
}

/** Offset behind the brace that closes an interpolation, over nested braces and strings. */
function endOfHole(text: string, start: number, template: string): number {
  let depth = 1;
  for (let at = start; at < text.length; at++) {
    const sign = text[at] ?? '';
    if (sign === '{') depth++;
    else if (sign === '}' && --depth === 0) return at + 1;
    else if (sign === template) at = endOfTemplate(text, at + 1);
    else if (sign === "'" || sign === '"') at = endOfString(text, at);
  }
  return text.length;
}

function endOfString(text: string, open: number): number {
  for (let at = open + 1; at < text.length && text[at] !== '\n'; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === text[open]) return at;
  }
  return open;
}

function scanPython(text: string): EmbeddedSql[] {
  const pattern = /#[^\n]*|\b([rRbBfFuUtT]{0,2})("""|'''|"|')|("""|'''|"|')/g;
  const found: EmbeddedSql[] = [];
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const quote = match[2] ?? match[3];
    if (quote === undefined) continue;
    const prefix = (match[1] ?? '').toLowerCase();
    const start = match.index + match[0].length;
    const end = endOfPython(text, start, quote);
    const kind = /[ft]/.test(prefix) ? 'format' : prefix.includes('r') ? 'raw' : 'plain';
    const literal: Literal = { open: match.index, start, end, kind };
    if (!prefix.includes('b') && isSql(text, literal)) found.push(mask(text, literal));
    pattern.lastIndex = Math.min(end + quote.length, text.length);
  }
  return found;
}

function endOfPython(text: string, start: number, quote: string): number {
  for (let at = start; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text.startsWith(quote, at)) return at;
    else if (text[at] === '\n' && quote.length === 1) return at;
  }
  return text.length;
}

function isSql(text: string, { open, start, end, kind }: Literal): boolean {
  const before = text.slice(Math.max(0, open - lookBehind), open);
  if (kind === 'template' && tag.test(before)) return true;
  if (blockComment.test(before) || lineComment.test(before)) return true;
  return (variable.test(before) || call.test(before)) && verb.test(text.slice(start, Math.min(end, start + 2000)));
}

function mask(text: string, { start, end, kind }: Literal): EmbeddedSql {
  const holes: TextPlace[] = [];
  let sql = '';
  const blank = (from: number, to: number): string => text.slice(from, to).replace(/[^\n]/g, ' ');
  for (let at = start; at < end;) {
    const sign = text[at] ?? '';
    if (sign === '\\' && kind !== 'raw') {
      const next = text[at + 1] ?? '';
      sql += at + 1 >= end ? ' ' : ` ${/[\n`'"\\]/.test(next) ? next : ' '}`;
      at = Math.min(at + 2, end);
    } else if (kind === 'format' && /^(?:\{\{|\}\})/.test(text.slice(at, at + 2))) {
      sql += `${sign} `;
      at += 2;
    } else if (kind === 'template' ? text.startsWith('${', at) : kind === 'format' && sign === '{') {
      const close = Math.min(end, endOfHole(text, at + (kind === 'template' ? 2 : 1), kind === 'template' ? '`' : '\u0000'));
      holes.push({ start: at - start, end: close - start });
      sql += `?${blank(at + 1, close)}`;
      at = close;
    } else {
      sql += sign;
      at++;
    }
  }
  return { start, end, sql, holes };
}
