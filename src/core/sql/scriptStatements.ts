/**
 * The statements of a script as a person sees them: parted by semicolons, and by a blank line where a whole statement stands before it and
 * another begins behind it. Offsets are those of the script; comments above a statement belong to it. It judges nothing.
 */
import { splitStatements } from './splitStatements.js';
import { type Token } from './tokenize.js';

export interface ScriptStatement {
  /** From the first to the last token that is no comment, without the semicolon. */
  readonly text: string;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** Without white space and comments; their offsets are those of the script. */
  readonly tokens: readonly Token[];
}

const opening: ReadonlySet<string> = new Set(
  'SELECT WITH VALUES EXPLAIN INSERT REPLACE UPDATE DELETE CREATE DROP ALTER PRAGMA BEGIN COMMIT ROLLBACK VACUUM ANALYZE REINDEX ATTACH'.split(
    ' ',
  ),
);
/** Statements that go on with one of the verbs: their first word alone makes no statement. */
const leading: ReadonlySet<string> = new Set(['WITH', 'INSERT', 'REPLACE', 'CREATE', 'EXPLAIN']);
const verbs: ReadonlySet<string> = new Set(['SELECT', 'VALUES', 'UPDATE', 'DELETE']);
/** Behind these the statement goes on, whatever stands there. */
const continuing: ReadonlySet<string> = new Set(
  'UNION ALL EXCEPT INTERSECT AS FROM WHERE AND OR NOT ON SET BY HAVING IN SELECT DISTINCT JOIN INTO PLAN QUERY EXPLAIN BEGIN DO THEN ELSE'.split(
    ' ',
  ),
);

export function scriptStatements(script: string): ScriptStatement[] {
  return splitStatements(script).flatMap(({ tokens }) => splitAtGaps(tokens, script));
}

function splitAtGaps(tokens: readonly Token[], script: string): ScriptStatement[] {
  const statements: ScriptStatement[] = [];
  let first = 0;
  const finish = (end: number): void => {
    const start = tokens[first]?.start ?? 0;
    const last = tokens[end - 1]?.end ?? start;
    statements.push({ text: script.slice(start, last), start, end: last, tokens: tokens.slice(first, end) });
    first = end;
  };
  let depth = 0;
  tokens.forEach((token, at) => {
    if (depth === 0 && at > first && opens(token) && isGap(script, tokens[at - 1], token) && isWhole(tokens.slice(first, at))) finish(at);
    if (token.text === '(') depth++;
    if (token.text === ')') depth--;
  });
  finish(tokens.length);
  return statements;
}

function opens(token: Token): boolean {
  return token.kind === 'keyword' && opening.has(token.text.toUpperCase());
}

/** A blank line, also one above or below comments. */
function isGap(script: string, before: Token | undefined, token: Token): boolean {
  return /\n[ \t\r]*\n/.test(script.slice(before?.end ?? 0, token.start));
}

/** Whether the tokens could stand alone: the statement has its verb and nothing is left open. */
function isWhole(tokens: readonly Token[]): boolean {
  const words = tokens.map(({ kind, text }) => (kind === 'keyword' ? text.toUpperCase() : text));
  const last = tokens.at(-1);
  if (!last || continuing.has(words.at(-1) ?? '') || (last.kind === 'operator' && last.text !== ')' && last.text !== '*')) return false;
  const [first = '', second] = words;
  if (first === 'CREATE') return second !== 'TRIGGER' && !words.slice(1, 3).includes('TRIGGER') && isWholeCreate(words);
  if (!leading.has(first)) return true;
  return hasVerb(tokens.slice(1));
}

function isWholeCreate(words: readonly string[]): boolean {
  return words.includes('(') || words.includes('SELECT');
}

function hasVerb(tokens: readonly Token[]): boolean {
  let depth = 0;
  return tokens.some(({ kind, text }) => {
    if (text === '(') depth++;
    if (text === ')') depth--;
    return depth === 0 && kind === 'keyword' && verbs.has(text.toUpperCase());
  });
}

/**
 * The statement that a cursor at `offset` means: the one around it; at its semicolon or behind it in the same line, that one; in comments or
 * blank lines above a statement, the next one. Undefined when only blank lines and comments follow the last one's line.
 */
export function statementAt(script: string, offset: number): ScriptStatement | undefined {
  const statements = scriptStatements(script);
  const around = statements.find(({ start, end }) => start <= offset && offset <= end);
  if (around) return around;
  const before = statements.filter(({ end }) => end < offset).at(-1);
  if (before && !script.slice(before.end, offset).includes('\n')) return before;
  return statements.find(({ start }) => start > offset);
}
