/** Reads a database's schema as values. One statement per kind of thing, not one per table. */
import { type Affinity, type Column, type DatabaseSchema, type ForeignKey, type Index, type Table } from '../core/schema/types.js';
import { hashText } from '../core/shared/hash.js';
import { type ReadOnlyDatabase } from '../core/sql/types.js';

const limits = { timeoutMs: 20_000, maxRows: 200_000 };
type Rows = readonly (readonly unknown[])[];

export async function introspect(database: ReadOnlyDatabase, options: { readonly name: string }): Promise<DatabaseSchema> {
  const read = async (sql: string): Promise<Rows> => (await database.run(sql, limits)).rows;
  const objects = await read("SELECT type, name, tbl_name, IFNULL(sql, '') FROM sqlite_schema ORDER BY rowid");
  const list = await read(
    "SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main' AND type <> 'shadow' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
  );
  const infos = await read(
    "SELECT m.name, p.name, p.type, p.\"notnull\", p.dflt_value, p.pk, p.hidden FROM pragma_table_list m, pragma_table_xinfo(m.name) p WHERE m.schema = 'main' AND m.type IN ('table','virtual') AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY m.name, p.cid",
  );
  const keys = await read(
    'SELECT m.name, f.id, f.seq, f."table", f."from", f."to", f.on_update, f.on_delete FROM pragma_table_list m, pragma_foreign_key_list(m.name) f WHERE m.schema = \'main\' AND m.type = \'table\' ORDER BY m.name, f.id, f.seq',
  );
  const order = new Map(objects.map((row, at) => [String(row[1]), at]));
  const ddl = new Map(objects.map((row) => [String(row[1]), String(row[3])]));
  const names = [...list]
    .filter((row) => row[1] === 'table' || row[1] === 'virtual')
    .sort((a, b) => (order.get(String(a[0])) ?? 0) - (order.get(String(b[0])) ?? 0));
  const tables = names.map((row): Table => {
    const name = String(row[0]);
    const columns = infos.filter((info) => info[0] === name).map(toColumn);
    return {
      name,
      kind: row[1] === 'virtual' ? 'virtual' : 'table',
      columns,
      primaryKey: primaryKey(columns),
      foreignKeys: [],
      indexes: [] as Index[],
      triggers: [],
      checks: [],
      withoutRowid: Number(row[2]) === 1,
      strict: Number(row[3]) === 1,
      ddl: ddl.get(name) ?? '',
    };
  });
  const withKeys = tables.map((table) => ({
    ...table,
    foreignKeys: foreignKeys(
      keys.filter((key) => key[0] === table.name),
      tables,
    ),
  }));
  return {
    id: database.path,
    name: options.name,
    tables: withKeys,
    problems: [],
    schemaHash: hashText(objects.map((row) => row.join('\u0000')).join('\u0001')),
  };
}

function toColumn(info: readonly unknown[]): Column {
  const type = String(info[2] ?? '');
  return { name: String(info[1]), type, affinity: affinityOf(type), notNull: Number(info[3]) === 1, primaryKey: Number(info[5]) };
}

function affinityOf(type: string): Affinity {
  const upper = type.toUpperCase();
  if (upper.includes('INT')) return 'INTEGER';
  if (/CHAR|CLOB|TEXT/.test(upper)) return 'TEXT';
  if (upper === '' || upper.includes('BLOB')) return 'BLOB';
  return /REAL|FLOA|DOUB/.test(upper) ? 'REAL' : 'NUMERIC';
}

function primaryKey(columns: readonly Column[]): string[] {
  return columns
    .filter((column) => column.primaryKey > 0)
    .sort((a, b) => a.primaryKey - b.primaryKey)
    .map((column) => column.name);
}

function foreignKeys(rows: Rows, tables: readonly Table[]): ForeignKey[] {
  const groups = new Map<string, (readonly unknown[])[]>();
  for (const row of rows) groups.set(String(row[1]), [...(groups.get(String(row[1])) ?? []), row]);
  return [...groups.values()].map((group): ForeignKey => {
    const first = group[0] ?? [];
    const parent = tables.find((table) => table.name.toLowerCase() === String(first[3]).toLowerCase());
    const stored = (name: unknown): string | undefined =>
      parent?.columns.find((column) => column.name.toLowerCase() === String(name).toLowerCase())?.name;
    const parentColumns = first[5] === null ? (parent?.primaryKey ?? []) : group.flatMap((row) => stored(row[5]) ?? []);
    return {
      columns: group.map((row) => String(row[4])),
      parentTable: parent?.name ?? String(first[3]),
      parentColumns,
      onUpdate: String(first[6]),
      onDelete: String(first[7]),
      deferred: false,
      parentExists: parent !== undefined && parentColumns.length === group.length,
    };
  });
}
