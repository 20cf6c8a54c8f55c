/**
 * Statements that turn a copy of a database into another instance of its schema, for test-suite style comparison: rows go, numbers and
 * texts move, some become NULL, some rows come twice. Keys and foreign keys keep their values, so that joins still find rows. Everything
 * follows from the seed; `OR IGNORE` lets SQLite skip what a constraint forbids. https://arxiv.org/abs/2010.02840
 */
import { type Column, type DatabaseSchema, type Table } from '../schema/types.js';
import { quoteIdentifier } from '../sql/quote.js';

export function planMutations(schema: DatabaseSchema, seed: number): readonly string[] {
  return schema.tables.flatMap((table, at) => (table.kind === 'table' && !table.withoutRowid ? mutateTable(table, seed * 1009 + at) : []));
}

/** Shares of a hundred. */
const removed = 18;
const moved = 30;
const emptied = 6;
const repeated = 10;

function mutateTable(table: Table, salt: number): readonly string[] {
  const name = quoteIdentifier(table.name);
  const free = table.columns.filter((column) => column.generated === undefined && !isKey(table, column));
  return [
    `DELETE FROM ${name} WHERE ${chosen(salt, removed)}`,
    ...free.flatMap((column, at) => mutateColumn(name, column, salt + 31 * (at + 1))),
    ...repeatRows(table, name, salt + 7),
  ];
}

/** True for the given share of rows, spread by a multiplicative hash of the rowid. */
function chosen(salt: number, share: number): string {
  return `((rowid * 48271 + ${(salt * 7919) % 65_521}) % 65521 + 65521) % 100 < ${share}`;
}

function isKey(table: Table, column: Column): boolean {
  const inForeignKey = table.foreignKeys.some((key) => key.columns.includes(column.name));
  const inUnique = table.indexes.some((index) => index.unique && index.columns.includes(column.name));
  return column.primaryKey > 0 || inForeignKey || inUnique || looksLikeKey(column.name);
}

/** Undeclared keys must keep their partners too. */
function looksLikeKey(name: string): boolean {
  return /(^|_)(id|key|code|sku|no)$|[a-z]ID$|[a-z]Id$/i.test(name);
}

function mutateColumn(table: string, column: Column, salt: number): readonly string[] {
  const name = quoteIdentifier(column.name);
  const other = `(SELECT o.${name} FROM ${table} AS o WHERE o.rowid >= (${table}.rowid * 37 + ${salt % 1000}) % (SELECT max(rowid) + 1 FROM ${table}) LIMIT 1)`;
  const step = (salt % 5) + 1;
  // Texts and dates take the value of another row, so that they stay believable; numbers move by a step as well.
  const value =
    column.affinity === 'INTEGER' || column.affinity === 'REAL'
      ? `coalesce(${other}, ${name}) + ((rowid + ${salt % 97}) % 3 - 1) * ${step}`
      : `coalesce(${other}, ${name})`;
  const update = `UPDATE OR IGNORE ${table} SET ${name} = ${value} WHERE ${chosen(salt, moved)} AND ${name} IS NOT NULL`;
  return column.notNull ? [update] : [update, `UPDATE OR IGNORE ${table} SET ${name} = NULL WHERE ${chosen(salt + 13, emptied)}`];
}

/** Rows again under new keys, where the key is one whole number or there is none. */
function repeatRows(table: Table, name: string, salt: number): readonly string[] {
  const columns = table.columns.filter((column) => column.generated === undefined);
  const key = table.primaryKey.length === 1 ? columns.find((column) => column.primaryKey === 1) : undefined;
  if (table.primaryKey.length > 0 && key?.affinity !== 'INTEGER') return [];
  const names = columns.map((column) => quoteIdentifier(column.name));
  const values = columns.map((column, at) =>
    column === key ? `${names[at] ?? ''} + (SELECT max(${names[at] ?? ''}) FROM ${name})` : (names[at] ?? ''),
  );
  return [`INSERT OR IGNORE INTO ${name} (${names.join(', ')}) SELECT ${values.join(', ')} FROM ${name} WHERE ${chosen(salt, repeated)}`];
}
