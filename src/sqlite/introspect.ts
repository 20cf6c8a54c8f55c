/**
 * Reads a database's schema as values: what SQLite reports, completed from the stored CREATE statements. Nothing is guessed, and
 * what cannot be read becomes a problem beside the rest.
 */
import { type DatabaseSchema } from '../core/schema/types.js';
import { hashText } from '../core/shared/hash.js';
import { type ReadOnlyDatabase } from '../core/sql/types.js';
import { readSchemaRows } from './schemaRows.js';
import { findUnreadableNames, makeTables } from './schemaTables.js';

/** Throws the `file.*` errors, and `sql.timeout` when a part of the schema takes longer than 20 seconds to read. */
export async function introspect(database: ReadOnlyDatabase, options: { readonly name: string }): Promise<DatabaseSchema> {
  const rows = await readSchemaRows(database);
  return {
    id: database.path,
    name: options.name,
    tables: makeTables(rows),
    problems: [...rows.problems, ...findUnreadableNames(rows)],
    schemaHash: hashText(rows.objects.map((row) => row.join('\u0000')).join('\u0001')),
  };
}
