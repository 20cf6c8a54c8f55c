/**
 * Joins that leave a table out: where two columns refer to the same third column, directly or over several keys, people
 * and models equate them without joining what lies between. Only what relations imply is offered, nothing is guessed.
 */
import { type Relation } from '../graph/types.js';
import { type ColumnRef } from './types.js';

/** More would make the grammar of a schema around one hub table slow. */
const mostShortcuts = 40;

/**
 * Pairs of columns that some relations make equal, of tables that none relates directly; chains of keys first, then columns with a common parent.
 * Between tables with a key of their own a shortcut says something else: `reportsTo = salesRep` joins an employee to the customers of the manager.
 */
export function relationShortcuts(relations: readonly Relation[]): readonly (readonly [ColumnRef, ColumnRef])[] {
  const parents = new Map<string, Set<string>>();
  const columns = new Map<string, ColumnRef>();
  const joined = new Set(relations.flatMap(({ child, parent }) => [keyOfTables(child, parent), keyOfTables(parent, child)]));
  for (const relation of relations) {
    relation.childColumns.forEach((column, index) => {
      const child = { table: relation.child, column };
      const parent = { table: relation.parent, column: relation.parentColumns[index] ?? '' };
      for (const ref of [child, parent]) columns.set(keyOf(ref), ref);
      parents.set(keyOf(child), (parents.get(keyOf(child)) ?? new Set()).add(keyOf(parent)));
    });
  }
  const pairs = new Map<string, readonly [ColumnRef, ColumnRef]>();
  const add = (left: string, right: string): void => {
    const [a, b] = [columns.get(left), columns.get(right)];
    if (a === undefined || b === undefined || a.table.toLowerCase() === b.table.toLowerCase()) return;
    if (joined.has(keyOfTables(a.table, b.table))) return;
    if (!pairs.has(`${right} ${left}`)) pairs.set(`${left} ${right}`, [a, b]);
  };
  const ancestors = new Map([...parents.keys()].map((key) => [key, reachable(parents, key)]));
  for (const [key, found] of ancestors) for (const ancestor of found) add(key, ancestor);
  for (const [left, found] of ancestors) {
    for (const [right, others] of ancestors) if ([...found].some((ancestor) => others.has(ancestor))) add(left, right);
    if (pairs.size >= mostShortcuts) break;
  }
  return [...pairs.values()].slice(0, mostShortcuts);
}

/** Everything that a column refers to, over any number of keys. */
function reachable(parents: ReadonlyMap<string, ReadonlySet<string>>, start: string): ReadonlySet<string> {
  const found = new Set(parents.get(start));
  for (const key of found) for (const next of parents.get(key) ?? []) found.add(next);
  return found;
}

function keyOf({ table, column }: ColumnRef): string {
  return `${table}.${column}`.toLowerCase();
}

function keyOfTables(one: string, other: string): string {
  return `${one}\u0000${other}`.toLowerCase();
}

/** The shortcuts as relations, for everything that writes joins along relations. */
export function withShortcuts(relations: readonly Relation[]): readonly Relation[] {
  const shortcuts = relationShortcuts(relations).map(([child, parent]): Relation => {
    return {
      id: `${child.table}(${child.column})->${parent.table}(${parent.column})`,
      child: child.table,
      childColumns: [child.column],
      parent: parent.table,
      parentColumns: [parent.column],
      origin: 'inferred',
      confidence: 0.5,
      cardinality: 'N:1',
    };
  });
  return [...relations, ...shortcuts];
}
