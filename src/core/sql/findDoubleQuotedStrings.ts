/** Double-quoted names that resolve to nothing: SQLite would silently take them for strings. */
import { type DatabaseSchema } from '../schema/types.js';
import { unquoteIdentifier } from './quote.js';
import { tokenize } from './tokenize.js';

/** Names without quotes, in the order of the text. A name counts as known when any table, column or alias has it. */
export function findDoubleQuotedStrings(sql: string, schema: DatabaseSchema): string[] {
  const tokens = tokenize(sql).filter((token) => token.kind !== 'whitespace' && token.kind !== 'comment');
  const known = new Set(
    schema.tables.flatMap((table) => [table.name, ...table.columns.map((column) => column.name)]).map((name) => name.toLowerCase()),
  );
  tokens.forEach((token, at) => {
    if (token.text.toUpperCase() === 'AS') known.add(unquoteIdentifier(tokens[at + 1]?.text ?? '').toLowerCase());
  });
  const quoted = tokens.filter((token) => token.text.startsWith('"')).map((token) => unquoteIdentifier(token.text));
  return quoted.filter((name) => !known.has(name.toLowerCase()));
}
