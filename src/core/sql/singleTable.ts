/** The table that a statement reads, when it reads one: by its first FROM. Names only; whether it is a table is SQLite's business. */
import { unquoteIdentifier } from './quote.js';
import { significantTokens } from './tokenize.js';

/** Undefined for joins, subqueries and statements without a FROM. */
export function singleTable(sql: string): string | undefined {
  const tokens = significantTokens(sql);
  const words = tokens.map(({ text }) => text.toUpperCase());
  const at = words.indexOf('FROM');
  if (at < 0 || words.includes('JOIN') || words.lastIndexOf('FROM') !== at || words[0] === 'WITH') return undefined;
  const name = words[at + 2] === '.' ? tokens[at + 3] : tokens[at + 1];
  if (name?.kind !== 'identifier') return undefined;
  const behind = words.slice(at + 2);
  const end = behind.findIndex((word) => ['WHERE', 'GROUP', 'ORDER', 'LIMIT', ';'].includes(word));
  return behind.slice(0, end < 0 ? undefined : end).includes(',') ? undefined : unquoteIdentifier(name.text);
}
