/**
 * Double-quoted names that resolve to nothing: SQLite would silently take them for strings. It knows the names of the schema and of the
 * statement, not their scopes: a name counts as known when any table, column, alias or common table expression has it.
 */
import { type DatabaseSchema } from '../schema/types.js';
import { unquoteIdentifier } from './quote.js';
import { significantTokens, type Token } from './tokenize.js';

/** Names without quotes, in the order of the text. */
export function findDoubleQuotedStrings(sql: string, schema: DatabaseSchema): string[] {
  const tokens = significantTokens(sql);
  const quoted = tokens.filter((token) => token.text.startsWith('"'));
  if (quoted.length === 0) return [];
  const known = new Set(['rowid', 'oid', '_rowid_']);
  for (const table of schema.tables) {
    for (const name of [table.name, ...table.columns.map((column) => column.name)]) known.add(name.toLowerCase());
  }
  for (const name of namesOfStatement(tokens)) known.add(name.toLowerCase());
  return quoted.map((token) => unquoteIdentifier(token.text)).filter((name) => !known.has(name.toLowerCase()));
}

function namesOfStatement(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token, at) => {
    const before = tokens[at - 1];
    const next = tokens[at + 1];
    if (isWord(next, 'AS') && tokens[at + 2]?.text === '(') return [unquoteIdentifier(token.text), ...columnList(tokens, at)];
    if (token.kind !== 'identifier') return [];
    const declared = isWord(before, 'AS') || endsExpression(before) || next?.text === '(';
    return declared ? [unquoteIdentifier(token.text)] : [];
  });
}

/** A name right behind an expression or a table is its alias. */
function endsExpression(token: Token | undefined): boolean {
  if (!token) return false;
  return (
    token.text === ')' ||
    ['identifier', 'number', 'string', 'blob', 'parameter'].includes(token.kind) ||
    isWord(token, 'END') ||
    isWord(token, 'NULL')
  );
}

/** Columns of `WITH name(a, b) AS (…)`, when the token at `end` closes such a list. */
function columnList(tokens: readonly Token[], end: number): string[] {
  const names: string[] = [];
  for (let at = end - 1; tokens[end]?.text === ')' && at >= 0 && tokens[at]?.text !== '('; at--) {
    names.push(unquoteIdentifier(tokens[at]?.text ?? ''));
  }
  return names;
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'keyword' && token.text.toUpperCase() === word;
}
