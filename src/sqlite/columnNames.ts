/**
 * Header names as the statement gives them. SQLite makes the columns of a nested SELECT unique by adding `:1`, `:2`, …; this takes the
 * additions away again. It does not parse the statement: a name that stands in the statement or in the schema as it is stays whole.
 */
import { unquoteIdentifier, unquoteString } from '../core/sql/quote.js';
import { tokenize } from '../core/sql/tokenize.js';

const numbered = /^(?<base>[\s\S]*):\d+$/;

export function mayHaveAdditions(names: readonly string[]): boolean {
  return names.some((name) => numbered.test(name));
}

/** `stored` holds the names of real columns that end in a colon and digits, in lower case. */
export function restoreNames(unique: readonly string[], sql: string, stored: ReadonlySet<string>): string[] {
  const written = new Set(
    tokenize(sql).map(({ kind, text }) => (kind === 'string' ? unquoteString(text) : unquoteIdentifier(text)).toLowerCase()),
  );
  return unique.map((name, at) => {
    const base = numbered.exec(name)?.groups?.['base']?.toLowerCase();
    if (base === undefined || written.has(name.toLowerCase()) || stored.has(name.toLowerCase())) return name;
    // SQLite adds only because of an earlier column of that name, whatever its case.
    return unique.slice(0, at).some((other) => other.toLowerCase() === base) ? name.slice(0, base.length) : name;
  });
}
