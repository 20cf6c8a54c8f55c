/** Keys of a table as sets of columns, and whether columns are unique by declaration. Reads the schema only, never data. */
import { type Column, type Table } from '../schema/types.js';

export interface TableKey {
  readonly columns: readonly string[];
  readonly primary: boolean;
}

/** Primary key first, then full unique indexes over plain columns; equal column lists once. */
export function tableKeys(table: Table): readonly TableKey[] {
  const keys: TableKey[] = [];
  const seen = new Set<string>();
  const add = (columns: readonly string[], primary: boolean): void => {
    const id = columns.map(foldName).sort().join('\u0000');
    if (columns.length === 0 || seen.has(id)) return;
    seen.add(id);
    keys.push({ columns, primary });
  };
  add(table.primaryKey, true);
  for (const index of table.indexes) {
    if (!index.unique || index.partial) continue;
    const columns = index.columns.flatMap((column) => column ?? []);
    if (columns.length === index.columns.length) add(columns, index.origin === 'primaryKey');
  }
  return keys;
}

/** True when some key lies within the columns, so that no two rows agree on them. */
export function isUnique(table: Table, columns: readonly string[]): boolean {
  const given = new Set(columns.map(foldName));
  return tableKeys(table).some((key) => key.columns.every((column) => given.has(foldName(column))));
}

/** SQLite compares names without case for ASCII letters only. */
export function foldName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

export function findColumn(table: Table, name: string): Column | undefined {
  const folded = foldName(name);
  return table.columns.find((column) => foldName(column.name) === folded);
}
