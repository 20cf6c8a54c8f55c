/** The difference between two files, neither of which anybody changes meanwhile: tables row by row, and the schema. Opens both read-only. */
import sqlite3 from '@vscode/sqlite3';
import { type CancellationToken, throwIfCancelled } from '../core/shared/cancellation.js';
import { type ChangedRow, type SchemaChange, type TableChanges } from '../core/sql/changeTypes.js';
import { type ComparedTable, diffSql } from '../core/sql/diffSql.js';
import { quoteString } from '../core/sql/quote.js';
import { type RawRow } from './rawConnection.js';

export interface CompareOptions {
  /** Tables to look at; undefined means all. */
  readonly tables: readonly string[] | undefined;
  /** Rows that are given of each kind and table. */
  readonly rows: number;
  readonly token?: CancellationToken;
}

export interface CopyDifference {
  readonly schema: readonly SchemaChange[];
  /** Those with changed rows. */
  readonly tables: readonly TableChanges[];
}

type Read = (sql: string) => Promise<readonly RawRow[]>;

/** `before` and `after` are paths of files that this process alone uses. Throws SQLite's errors and `cancelled`. */
export async function compareCopies(before: string, after: string, options: CompareOptions): Promise<CopyDifference> {
  const database = await open(after);
  const link = options.token?.onCancellationRequested(() => database.interrupt());
  const read: Read = (sql) => all(database, sql);
  try {
    await read(`ATTACH ${quoteString(before)} AS old`);
    const schema = await compareSchema(read);
    const tables: TableChanges[] = [];
    for (const table of await commonTables(read)) {
      if (options.token) throwIfCancelled(options.token);
      if (options.tables && !options.tables.includes(table)) continue;
      const changes = await compareTable(read, table, options);
      if (changes.unknown || changes.inserted + changes.deleted + changes.updated > 0) tables.push(changes);
    }
    return { schema, tables };
  } catch (error) {
    if (options.token) throwIfCancelled(options.token);
    throw error;
  } finally {
    link?.dispose();
    await close(database);
  }
}

async function compareSchema(read: Read): Promise<SchemaChange[]> {
  const columns = "type, name, IFNULL(sql, '') AS sql";
  const own = "name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
  const side = async (schema: string): Promise<Map<string, RawRow>> => {
    const rows = await read(`SELECT ${columns} FROM ${schema}.sqlite_schema WHERE ${own} ORDER BY rowid`);
    return new Map(rows.map((row) => [`${String(row['type'])} ${String(row['name'])}`, row]));
  };
  const [before, after] = [await side('old'), await side('main')];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((id): SchemaChange[] => {
    const [was, is] = [before.get(id), after.get(id)];
    if (was?.['sql'] === is?.['sql']) return [];
    const { type, name } = was ?? is ?? {};
    return [
      {
        type: String(type),
        name: String(name),
        ...(was ? { before: String(was['sql']) } : {}),
        ...(is ? { after: String(is['sql']) } : {}),
      },
    ];
  });
}

/** Ordinary and virtual tables of both sides; what a virtual table keeps its data in is its own affair. */
async function commonTables(read: Read): Promise<string[]> {
  const list = (schema: string): string =>
    `SELECT name FROM pragma_table_list WHERE schema = '${schema}' AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`;
  return (await read(`${list('main')} INTERSECT ${list('old')} ORDER BY 1`)).map(({ name }) => String(name));
}

async function compareTable(read: Read, name: string, { rows, token }: CompareOptions): Promise<TableChanges> {
  const table = await describe(read, name);
  const nothing = { table: name, keyColumns: table.key.map((part) => part.name), columns: table.columns };
  const unknown: TableChanges = { ...nothing, inserted: 0, deleted: 0, updated: 0, rows: [], unknown: true };
  if (table.key.length === 0 || table.columns.length === 0) return unknown;
  try {
    return { ...nothing, ...(await countAndRead(read, table, rows)) };
  } catch {
    if (token) throwIfCancelled(token);
    // A virtual table without a rowid, or whose module is missing: SQLite cannot tell its rows apart either.
    return unknown;
  }
}

async function countAndRead(
  read: Read,
  table: ComparedTable,
  rows: number,
): Promise<Pick<TableChanges, 'inserted' | 'deleted' | 'updated' | 'rows'>> {
  const sql = diffSql(table, rows);
  const [counts] = await read(sql.counts);
  const count = (kind: ChangedRow['kind']): number => Number(counts?.[kind]);
  const found: ChangedRow[] = [];
  for (const kind of ['deleted', 'updated', 'inserted'] as const) {
    if (count(kind) > 0) found.push(...(await read(sql[kind])).map((row) => changedRow(row, kind, table)));
  }
  return { inserted: count('inserted'), deleted: count('deleted'), updated: count('updated'), rows: found };
}

function changedRow(row: RawRow, kind: ChangedRow['kind'], { key, columns }: ComparedTable): ChangedRow {
  const values = (mark: string, count: number): string[] => Array.from({ length: count }, (_, at) => String(row[`${mark}${at}`]));
  return {
    kind,
    key: values('k', key.length),
    ...(kind === 'inserted' ? {} : { before: values('o', columns.length) }),
    ...(kind === 'deleted' ? {} : { after: values('n', columns.length) }),
  };
}

async function describe(read: Read, name: string): Promise<ComparedTable> {
  const columnsOf = (schema: string): Promise<readonly RawRow[]> =>
    read(`SELECT name, pk FROM pragma_table_xinfo(${quoteString(name)}, '${schema}') WHERE hidden <> 1 ORDER BY cid`);
  const [old, now] = [await columnsOf('old'), await columnsOf('main')];
  const names = (rows: readonly RawRow[]): Set<string> => new Set(rows.map((row) => String(row['name']).toLowerCase()));
  const [oldNames, newNames] = [names(old), names(now)];
  const columns = now.map((row) => String(row['name'])).filter((column) => oldNames.has(column.toLowerCase()));
  const keyOf = (rows: readonly RawRow[]): string[] => rows.filter(({ pk }) => Number(pk) > 0).sort((a, b) => Number(a['pk']) - Number(b['pk'])).map((row) => String(row['name'])); // prettier-ignore
  const key = keyOf(now);
  const isSameKey = key.length > 0 && key.join('\u0000').toLowerCase() === keyOf(old).join('\u0000').toLowerCase();
  if (isSameKey) return { name, columns, key: key.map((part) => ({ name: part, isRowid: false })) };
  const rowid = ['rowid', '_rowid_', 'oid'].find((word) => !oldNames.has(word) && !newNames.has(word));
  // A table that lost or won its key may lack the rowid; then SQLite refuses and the rows stay unknown.
  const hasKey = key.length > 0 || keyOf(old).length > 0;
  return { name, columns, key: rowid === undefined || hasKey ? [] : [{ name: rowid, isRowid: true }] };
}

function open(path: string): Promise<sqlite3.Database> {
  return new Promise((resolve, reject) => {
    const database: sqlite3.Database = new sqlite3.Database(path, sqlite3.OPEN_READONLY, (error) => {
      if (error) reject(error);
      else resolve(database);
    });
  });
}

function all(database: sqlite3.Database, sql: string): Promise<readonly RawRow[]> {
  return new Promise((resolve, reject) => {
    database.all(sql, (error: Error | null, rows: RawRow[]) => {
      if (error) reject(error);
      else resolve(rows);
    });
  });
}

function close(database: sqlite3.Database): Promise<void> {
  return new Promise((resolve, reject) => {
    database.close((error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
