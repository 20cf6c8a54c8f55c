/**
 * The rows that describe a schema, one statement per kind of thing instead of one per table. When something cannot be described (an
 * invalid view, a virtual table whose module is missing) the others still are. It gives no meaning to the rows.
 */
import { type SchemaProblem } from '../core/schema/types.js';
import { isJoineryError, type JoineryError } from '../core/shared/errors.js';
import { quoteString } from '../core/sql/quote.js';
import { type ReadOnlyDatabase } from '../core/sql/types.js';

export type SchemaRow = readonly unknown[];

export interface SchemaRows {
  /** type, name, table, SQL in the order of creation. */
  readonly objects: readonly SchemaRow[];
  /** name, type, without rowid, strict. */
  readonly tables: readonly SchemaRow[];
  /** By table: table, name, type, not null, default, key position, hidden. */
  readonly columns: ReadonlyMap<string, readonly SchemaRow[]>;
  /** By table: table, id, sequence, parent, from, to, on update, on delete. */
  readonly keys: ReadonlyMap<string, readonly SchemaRow[]>;
  /** By table: table, name, unique, origin, partial, column. */
  readonly indexes: ReadonlyMap<string, readonly SchemaRow[]>;
  readonly problems: readonly SchemaProblem[];
}

const limits = { timeoutMs: 20_000, maxRows: 1_000_000 };
const own = "schema = 'main' AND type <> 'shadow' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
const columnList = 'm.name, p.name, p.type, p."notnull", p.dflt_value, p.pk, p.hidden';

export async function readSchemaRows(database: ReadOnlyDatabase): Promise<SchemaRows> {
  const read = async (sql: string): Promise<readonly SchemaRow[]> => (await database.run(sql, limits)).rows;
  const list = `(SELECT name FROM pragma_table_list WHERE ${own} AND type = 'table')`;
  const objects = await read("SELECT type, name, tbl_name, IFNULL(sql, '') FROM sqlite_schema ORDER BY rowid");
  const tables = await read(`SELECT name, type, wr, strict FROM pragma_table_list WHERE ${own} ORDER BY name`);
  const problems: SchemaProblem[] = [];
  const columns = await read(`SELECT ${columnList} FROM ${list} m, pragma_table_xinfo(m.name) p ORDER BY m.name, p.cid`);
  const keys = await read(
    'SELECT m.name, f.id, f.seq, f."table", f."from", f."to", f.on_update, f.on_delete ' +
      `FROM ${list} m, pragma_foreign_key_list(m.name) f ORDER BY m.name, f.id, f.seq`,
  );
  const indexes = await read(
    'SELECT m.name, l.name, l."unique", l.origin, l.partial, i.name ' +
      `FROM ${list} m, pragma_index_list(m.name) l, pragma_index_info(l.name) i ORDER BY m.name, l.seq DESC, i.seqno`,
  );
  const others = await readOthers(read, tables, problems);
  return {
    objects,
    tables,
    columns: byTable([...columns, ...others]),
    keys: byTable(keys),
    indexes: byTable(indexes),
    problems,
  };
}

/** Columns of views and virtual tables: all at once, and one by one when one of them is broken. */
async function readOthers(
  read: (sql: string) => Promise<readonly SchemaRow[]>,
  tables: readonly SchemaRow[],
  problems: SchemaProblem[],
): Promise<readonly SchemaRow[]> {
  const others = tables.filter(([, type]) => type === 'view' || type === 'virtual');
  if (others.length === 0) return [];
  const all = `(SELECT name FROM pragma_table_list WHERE ${own} AND type IN ('view', 'virtual'))`;
  try {
    return await read(`SELECT ${columnList} FROM ${all} m, pragma_table_xinfo(m.name) p ORDER BY m.name, p.cid`);
  } catch (error) {
    if (!isStatementFault(error)) throw error;
  }
  const rows: SchemaRow[] = [];
  for (const [name, type] of others) {
    try {
      const table = `(SELECT ${quoteString(String(name))} AS name)`;
      rows.push(...(await read(`SELECT ${columnList} FROM ${table} m, pragma_table_xinfo(m.name) p ORDER BY p.cid`)));
    } catch (error) {
      if (!isStatementFault(error)) throw error;
      const detail = String(error.details['message'] ?? '');
      problems.push({ table: String(name), code: type === 'view' ? 'view.invalid' : 'virtual.unavailable', detail });
    }
  }
  return rows;
}

function isStatementFault(error: unknown): error is JoineryError {
  return isJoineryError(error) && error.code.startsWith('sql.') && error.code !== 'sql.timeout';
}

function byTable(rows: readonly SchemaRow[]): Map<string, SchemaRow[]> {
  const groups = new Map<string, SchemaRow[]>();
  for (const row of rows) {
    const name = String(row[0]);
    const group = groups.get(name);
    if (group) group.push(row);
    else groups.set(name, [row]);
  }
  return groups;
}
