/** Tables, views and virtual tables from the rows that describe them. Pure: it asks the database nothing. */
import {
  type Affinity,
  type Column,
  type ForeignKey,
  type Index,
  type SchemaProblem,
  type Table,
  type TableKind,
  type Trigger,
} from '../core/schema/types.js';
import { readTableDdl, readVirtualModule } from '../core/sql/readTableDdl.js';
import { type SchemaRow, type SchemaRows } from './schemaRows.js';

/** In the order of creation; without those whose columns could not be read or whose name is no UTF-8. */
export function makeTables(rows: SchemaRows): Table[] {
  const created = rows.objects.filter(([type]) => type === 'table' || type === 'view');
  const order = new Map(created.map((row, at) => [String(row[1]), { at, ddl: String(row[3]) }]));
  const triggers = groupTriggers(rows.objects);
  const statements = new Map(rows.objects.filter(([type]) => type === 'index').map((row) => [String(row[1]), String(row[3])]));
  const known = rows.tables.filter(([name]) => isUtf8(String(name)) && rows.columns.has(String(name)));
  const sorted = [...known].sort((a, b) => (order.get(String(a[0]))?.at ?? 0) - (order.get(String(b[0]))?.at ?? 0));
  const tables = sorted.map((row) => makeTable(row, rows, order.get(String(row[0]))?.ddl ?? '', { triggers, statements }));
  const parents = new Map(tables.filter(({ kind }) => kind === 'table').map((table) => [folded(table.name), table]));
  return tables.map((table) => ({ ...table, foreignKeys: makeForeignKeys(rows.keys.get(table.name) ?? [], table.ddl, parents) }));
}

/** A statement cannot name what is not UTF-8: JavaScript has no such text. */
export function findUnreadableNames(rows: SchemaRows): SchemaProblem[] {
  const names = rows.tables.map(([name]) => String(name));
  const columns = [...rows.columns].flatMap(([table, list]) => list.map((row) => ({ table, name: String(row[1]) })));
  return [
    ...names.filter((name) => !isUtf8(name)).map((name): SchemaProblem => ({ table: name, code: 'name.notUtf8', detail: name })),
    ...columns.filter(({ name }) => !isUtf8(name)).map(({ table, name }): SchemaProblem => ({ table, code: 'name.notUtf8', detail: name })),
  ];
}

function isUtf8(name: string): boolean {
  return !name.includes('\ufffd');
}

/** Names are equal without regard to the case of ASCII letters. */
function folded(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

interface Attached {
  readonly triggers: ReadonlyMap<string, readonly Trigger[]>;
  /** CREATE INDEX by name; empty for what a constraint made. */
  readonly statements: ReadonlyMap<string, string>;
}

function makeTable(row: SchemaRow, rows: SchemaRows, ddl: string, { triggers, statements }: Attached): Table {
  const name = String(row[0]);
  const kind: TableKind = row[1] === 'view' || row[1] === 'virtual' ? row[1] : 'table';
  const columns = (rows.columns.get(name) ?? []).filter(isShown).map((column) => makeColumn(column, row[3] === 1));
  const module = kind === 'virtual' ? readVirtualModule(ddl) : undefined;
  const key = columns.filter((column) => column.primaryKey > 0).sort((a, b) => a.primaryKey - b.primaryKey);
  return {
    name,
    kind,
    columns,
    primaryKey: key.map((column) => column.name),
    foreignKeys: [],
    indexes: makeIndexes(rows.indexes.get(name) ?? [], statements),
    triggers: triggers.get(folded(name)) ?? [],
    checks: kind === 'table' ? readTableDdl(ddl).checks : [],
    withoutRowid: row[2] === 1,
    strict: row[3] === 1,
    ...(module === undefined ? {} : { module }),
    ddl,
  };
}

/** Hidden columns of virtual tables steer a search and hold nothing; generated columns have marks of their own. */
function isShown(row: SchemaRow): boolean {
  return row[6] !== 1 && isUtf8(String(row[1]));
}

function makeColumn(row: SchemaRow, strict: boolean): Column {
  const type = String(row[2] ?? '');
  const generated = row[6] === 2 ? 'virtual' : row[6] === 3 ? 'stored' : undefined;
  return {
    name: String(row[1]),
    type,
    // A STRICT table keeps values of type ANY as they are.
    affinity: strict && type.toUpperCase() === 'ANY' ? 'BLOB' : affinityOf(type),
    notNull: row[3] === 1,
    primaryKey: Number(row[5]),
    ...(row[4] === null ? {} : { defaultValue: String(row[4]) }),
    ...(generated === undefined ? {} : { generated }),
  };
}

function affinityOf(type: string): Affinity {
  const upper = type.toUpperCase();
  if (upper.includes('INT')) return 'INTEGER';
  if (/CHAR|CLOB|TEXT/.test(upper)) return 'TEXT';
  if (upper === '' || upper.includes('BLOB')) return 'BLOB';
  return /REAL|FLOA|DOUB/.test(upper) ? 'REAL' : 'NUMERIC';
}

const origins: Readonly<Record<string, Index['origin']>> = { c: 'created', u: 'unique', pk: 'primaryKey' };

function makeIndexes(rows: readonly SchemaRow[], statements: ReadonlyMap<string, string>): Index[] {
  const groups = groupBy(rows, (row) => String(row[1]));
  return [...groups].map(([name, group]) => {
    const ddl = statements.get(name) ?? '';
    return {
      name,
      unique: group[0]?.[2] === 1,
      origin: origins[String(group[0]?.[3])] ?? 'created',
      partial: group[0]?.[4] === 1,
      columns: group.map((row) => (row[5] === null ? null : String(row[5]))),
      ...(ddl === '' ? {} : { ddl }),
    };
  });
}

function groupTriggers(objects: readonly SchemaRow[]): ReadonlyMap<string, readonly Trigger[]> {
  const rows = groupBy(
    objects.filter(([type]) => type === 'trigger'),
    (row) => folded(String(row[2])),
  );
  return new Map([...rows].map(([table, group]) => [table, group.map((row) => ({ name: String(row[1]), ddl: String(row[3]) }))]));
}

function makeForeignKeys(rows: readonly SchemaRow[], ddl: string, parents: ReadonlyMap<string, Table>): ForeignKey[] {
  if (rows.length === 0) return [];
  const groups = [...groupBy(rows, (row) => Number(row[1])).values()];
  const { deferred } = readTableDdl(ddl);
  // SQLite counts them from the end of the text.
  return groups.map((group, at) =>
    makeForeignKey(group, parents, deferred.length === groups.length && deferred[groups.length - 1 - at] === true),
  );
}

function makeForeignKey(group: readonly SchemaRow[], parents: ReadonlyMap<string, Table>, deferred: boolean): ForeignKey {
  const first = group[0] ?? [];
  const parent = parents.get(folded(String(first[3])));
  const stored = new Map(parent?.columns.map(({ name }) => [folded(name), name]));
  const named = first[5] === null ? (parent?.primaryKey ?? []) : group.flatMap((row) => stored.get(folded(String(row[5]))) ?? []);
  const parentExists = parent !== undefined && named.length === group.length;
  return {
    columns: group.map((row) => String(row[4])),
    parentTable: parent?.name ?? String(first[3]),
    parentColumns: parentExists ? named : [],
    onUpdate: String(first[6]),
    onDelete: String(first[7]),
    deferred,
    parentExists,
  };
}

function groupBy<K>(rows: readonly SchemaRow[], keyOf: (row: SchemaRow) => K): Map<K, SchemaRow[]> {
  const groups = new Map<K, SchemaRow[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}
