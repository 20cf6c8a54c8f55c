/**
 * Which statements may be compiled to see whether SQLite accepts them. Compiling runs nothing, with exceptions: some PRAGMAs act at once.
 * Those, and whatever has no names to check, are left out.
 */
import { type Token } from './tokenize.js';

const compiled: ReadonlySet<string> = new Set(['SELECT', 'VALUES', 'WITH', 'INSERT', 'REPLACE', 'UPDATE', 'DELETE']);
const created: ReadonlySet<string> = new Set(['TABLE', 'VIEW', 'INDEX', 'TRIGGER']);

/** @param tokens of one statement, without white space and comments. */
export function mayCompile(tokens: readonly Token[]): boolean {
  const words = tokens.slice(0, 6).map(({ kind, text }) => (kind === 'keyword' || kind === 'identifier' ? text.toUpperCase() : ''));
  if (words[0] === 'EXPLAIN') words.splice(0, words[1] === 'QUERY' ? 3 : 1);
  const [verb = '', ...rest] = words;
  if (verb !== 'CREATE') return compiled.has(verb);
  const object = rest.find((word) => !['TEMP', 'TEMPORARY', 'UNIQUE'].includes(word)) ?? '';
  return created.has(object);
}
