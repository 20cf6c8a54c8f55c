/**
 * A statement as SQLite would read it if double quotes meant names only. SQLite takes a double-quoted name that resolves to nothing for a
 * string (https://www.sqlite.org/quirks.html#double_quoted_string_literals_are_accepted), but never one between backticks: so the copy
 * compiles exactly when no string hides between double quotes. It knows no schema; SQLite is the judge.
 */
import { applyEdits, type TextEdit } from './applyEdits.js';
import { unquoteIdentifier } from './quote.js';
import { tokenize } from './tokenize.js';

/** Undefined when the statement has no double-quoted name. */
export function strictNames(sql: string): string | undefined {
  const edits = tokenize(sql)
    .filter(({ kind, text }) => kind === 'identifier' && text.startsWith('"'))
    .map(({ start, end, text }): TextEdit => ({ start, end, text: `\`${unquoteIdentifier(text).replaceAll('`', '``')}\`` }));
  return edits.length === 0 ? undefined : applyEdits(sql, edits);
}
