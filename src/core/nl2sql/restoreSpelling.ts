/** Names of tables and columns as they are stored: models write them in small letters as well, which is the same to SQLite but not to readers. */
import { type DatabaseSchema } from '../schema/types.js';
import { applyEdits, type TextEdit } from '../sql/applyEdits.js';
import { significantTokens } from '../sql/tokenize.js';

/** Every candidate asks for them. */
const known = new WeakMap<DatabaseSchema, ReadonlyMap<string, string>>();

/** @param fixed characters at the beginning that stay as they are. Names that are stored in several spellings, and new names behind AS, stay. */
export function restoreSpelling(sql: string, schema: DatabaseSchema, fixed: number): string {
  const stored = known.get(schema) ?? storedSpellings(schema);
  known.set(schema, stored);
  const tokens = significantTokens(sql);
  const edits = tokens.flatMap((token, at): TextEdit[] => {
    const name = stored.get(token.text.toLowerCase());
    const isNew = /^AS$/i.test(tokens[at - 1]?.text ?? '');
    const isCall = tokens[at + 1]?.text === '(';
    if (token.kind !== 'identifier' || token.start < fixed || name === undefined || name === token.text || isNew || isCall) return [];
    return [{ start: token.start, end: token.end, text: name }];
  });
  return applyEdits(sql, edits);
}

/** By name in small letters; without names that are spelled in several ways. */
function storedSpellings(schema: DatabaseSchema): ReadonlyMap<string, string> {
  const found = new Map<string, string | undefined>();
  for (const name of schema.tables.flatMap((table) => [table.name, ...table.columns.map((column) => column.name)])) {
    const key = name.toLowerCase();
    found.set(key, found.has(key) && found.get(key) !== name ? undefined : name);
  }
  return new Map([...found].flatMap(([key, name]) => (name === undefined ? [] : [[key, name] as const])));
}
