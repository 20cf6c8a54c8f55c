/** Where a schema's one-column keys and its tables can be found by the words of a name. Built once per inference. */
import { type Column, type DatabaseSchema, type Table } from '../schema/types.js';
import { keyWords, nameKey, nameWords, rowName } from './nameWords.js';
import { findColumn, tableKeys } from './tableKeys.js';

/** A column that alone identifies the rows of its table. */
export interface KeyOwner {
  readonly table: Table;
  /** Position of the table in the schema. */
  readonly order: number;
  readonly column: Column;
  /** Words of the column's name, words of the table's, and the table's `rowName`. */
  readonly words: readonly string[];
  readonly tableWords: readonly string[];
  readonly row: string;
  /** `presumed` keys are not declared: the first column of a table without any key, named like one. */
  readonly kind: 'primary' | 'unique' | 'presumed';
}

export interface KeyIndex {
  /** Keys by the name of their column, see `nameKey`. */
  readonly byName: ReadonlyMap<string, readonly KeyOwner[]>;
  /** Keys by the name of one row of their table, see `rowName`; unique columns beside a primary key are in `uniqueByRow`. */
  readonly byRow: ReadonlyMap<string, readonly KeyOwner[]>;
  readonly uniqueByRow: ReadonlyMap<string, readonly KeyOwner[]>;
  readonly all: readonly KeyOwner[];
}

export function buildKeyIndex(schema: DatabaseSchema): KeyIndex {
  const byName = new Map<string, KeyOwner[]>();
  const byRow = new Map<string, KeyOwner[]>();
  const uniqueByRow = new Map<string, KeyOwner[]>();
  const all: KeyOwner[] = [];
  schema.tables.forEach((table, order) => {
    if (table.kind !== 'table') return;
    for (const owner of ownersOf(table, order)) {
      all.push(owner);
      pushTo(byName, owner.words.join(''), owner);
      pushTo(owner.kind === 'unique' ? uniqueByRow : byRow, owner.row, owner);
    }
  });
  return { byName, byRow, uniqueByRow, all };
}

function ownersOf(table: Table, order: number): readonly KeyOwner[] {
  const keys = tableKeys(table);
  const named = { table, order, tableWords: nameWords(table.name), row: rowName(table.name) };
  const own = (column: Column, kind: KeyOwner['kind']): KeyOwner => ({ ...named, column, words: nameWords(column.name), kind });
  const owners = keys.flatMap((key): KeyOwner[] => {
    const column = key.columns.length === 1 ? findColumn(table, key.columns[0] ?? '') : undefined;
    return column ? [own(column, key.primary ? 'primary' : 'unique')] : [];
  });
  const first = table.columns[0];
  if (keys.length > 0 || !first || !namesItsRow(table, first)) return owners;
  return [own(first, 'presumed')];
}

function namesItsRow(table: Table, column: Column): boolean {
  const words = nameWords(column.name);
  if (!keyWords.has(words.at(-1) ?? '') && nameKey(column.name) !== `${rowName(table.name)}id`) return false;
  return words.length === 1 || words.slice(0, -1).join('') === rowName(table.name);
}

function pushTo<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** `never` for blobs; `mixed` for text against numbers, which SQLite converts where it can; a column without a type takes anything. */
export function compareTypes(a: Column, b: Column): 'same' | 'mixed' | 'never' {
  if (a.type === '' || b.type === '') return 'same';
  if (a.affinity === 'BLOB' || b.affinity === 'BLOB') return 'never';
  return (a.affinity === 'TEXT') === (b.affinity === 'TEXT') ? 'same' : 'mixed';
}
