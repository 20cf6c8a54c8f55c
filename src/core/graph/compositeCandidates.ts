/** Guesses that a table refers to another one's composite key: it has every column of that key under the same name and type. */
import { type Column, type DatabaseSchema, type Table } from '../schema/types.js';
import { inferredRelation } from './inferredRelation.js';
import { compareTypes } from './keyIndex.js';
import { isGenericName, nameKey, nameWords } from './nameWords.js';
import { findColumn, foldName, tableKeys } from './tableKeys.js';
import { type Relation } from './types.js';

const confidence = 0.6;

/** Composite primary keys only; a pair of tables that is already related by several columns is left alone. */
export function compositeCandidates(schema: DatabaseSchema, known: readonly Relation[]): readonly Relation[] {
  const byColumn = columnsByName(schema);
  const related = new Set(
    known.filter((relation) => relation.childColumns.length > 1).map((relation) => pairKey(relation.child, relation.parent)),
  );
  return schema.tables.flatMap((parent, order) => {
    const key = tableKeys(parent).find((candidate) => candidate.primary && candidate.columns.length > 1);
    // Years and cities meet by accident; it takes two columns that mean something of their own.
    if (parent.kind !== 'table' || !key || key.columns.filter((name) => !isGenericName(nameWords(name))).length < 2) return [];
    const columns = key.columns.flatMap((name) => findColumn(parent, name) ?? []);
    const [first, ...rest] = columns.map((column) => byColumn.get(nameKey(column.name)) ?? new Map<number, Column>());
    return [...(first?.keys() ?? [])].flatMap((childOrder): Relation[] => {
      const child = schema.tables[childOrder];
      if (!child || child === parent || rest.some((owners) => !owners.has(childOrder)) || related.has(pairKey(child.name, parent.name)))
        return [];
      const found = [first, ...rest].flatMap((owners) => owners?.get(childOrder) ?? []);
      if (!columns.every((column, at) => found[at] && compareTypes(column, found[at]) === 'same')) return [];
      const twin = tableKeys(child).some((other) => other.primary && sameNames(other.columns, key.columns));
      if (twin && childOrder < order) return [];
      return [
        inferredRelation(
          child,
          found.map((column) => column.name),
          parent,
          key.columns,
          confidence,
          'compositeKey',
        ),
      ];
    });
  });
}

/** Column name → tables (by position) that have it. */
function columnsByName(schema: DatabaseSchema): Map<string, Map<number, Column>> {
  const found = new Map<string, Map<number, Column>>();
  schema.tables.forEach((table: Table, order) => {
    if (table.kind !== 'table') return;
    for (const column of table.columns) {
      const owners = found.get(nameKey(column.name)) ?? new Map<number, Column>();
      if (!owners.has(order)) owners.set(order, column);
      found.set(nameKey(column.name), owners);
    }
  });
  return found;
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  const names = new Set(a.map(nameKey));
  return a.length === b.length && b.every((name) => names.has(nameKey(name)));
}

function pairKey(child: string, parent: string): string {
  return `${foldName(child)}\u0000${foldName(parent)}`;
}
