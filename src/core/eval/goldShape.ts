/** Two facts about a gold statement that groups and comparators need. Reads tokens only; the statement is known to run. */
import { significantTokens, type Token } from '../sql/tokenize.js';

/** Distinct tables and views that the statement reads, common table expressions left out. */
export function countGoldTables(sql: string): number {
  const tokens = meaningful(sql);
  const names = new Set<string>();
  const local = new Set<string>();
  const inFrom = new Map<number, boolean>();
  let depth = 0;
  for (const [at, token] of tokens.entries()) {
    const word = token.text.toUpperCase();
    if (word === '(') depth++;
    else if (word === ')') inFrom.delete(depth--);
    else if (token.kind === 'keyword' && word === 'FROM') inFrom.set(depth, true);
    else if (token.kind === 'keyword' && endOfFrom.has(word)) inFrom.set(depth, false);
    const before = tokens[at - 1];
    const introduced = before?.kind === 'keyword' && (before.text.toUpperCase() === 'FROM' || before.text.toUpperCase() === 'JOIN');
    if (mayName(token) && (introduced || (before?.text === ',' && inFrom.get(depth) === true))) names.add(plainName(token.text));
    if (token.kind === 'identifier' && tokens[at + 1]?.text.toUpperCase() === 'AS' && tokens[at + 2]?.text === '(')
      local.add(plainName(token.text));
  }
  return [...names].filter((name) => !local.has(name)).length;
}

/** True when the outermost SELECT orders its rows. */
export function orderedAtTop(sql: string): boolean {
  let depth = 0;
  return meaningful(sql).some((token) => {
    if (token.text === '(') depth++;
    else if (token.text === ')') depth--;
    return depth === 0 && token.kind === 'keyword' && token.text.toUpperCase() === 'ORDER';
  });
}

const endOfFrom: ReadonlySet<string> = new Set([
  'WHERE',
  'GROUP',
  'HAVING',
  'ORDER',
  'LIMIT',
  'WINDOW',
  'UNION',
  'INTERSECT',
  'EXCEPT',
  'SELECT',
]);

/** SQLite takes some keywords and even strings for the name of a table, such as `match`. */
function mayName(token: Token): boolean {
  return (
    token.kind === 'identifier' ||
    token.kind === 'string' ||
    (token.kind === 'keyword' && !['SELECT', 'VALUES'].includes(token.text.toUpperCase()))
  );
}

function meaningful(sql: string): Token[] {
  return significantTokens(sql);
}

function plainName(text: string): string {
  return text.replace(/^["'`[]|["'`\]]$/g, '').toLowerCase();
}
