/**
 * The one way in which the tables of a join-free SELECT are joined: the cheapest tree over them, along the keys that the statement names. Where
 * two ways cost the same it chooses none. It reads no text, see `joinFreeSql`.
 */
import { findJoinTrees } from '../graph/findJoinTrees.js';
import { type JoinTree, type Relation } from '../graph/types.js';
import { sameName } from './grammarNames.js';
import { relationCondition } from './schemaText.js';
import { type ColumnRef } from './types.js';

/** Why no join can be told. `ways` are conditions, one text for each tree that would do. */
export type NoTree =
  | { readonly kind: 'ambiguous'; readonly tables: readonly string[]; readonly ways: readonly string[] }
  | { readonly kind: 'unconnected'; readonly tables: readonly string[] }
  | { readonly kind: 'unknownKey'; readonly key: string };

/** Weight of a key that is named: next to nothing, so that the tree goes along it. */
const namedWeight = 1e-8;
/** Costs that differ by less are equal. */
const rounding = 1e-4;

/**
 * @param tables stored names, at least one; the tree starts at the first.
 * @param keys columns of children whose relations the tree must take. Relations over several columns need all of them.
 */
export function joinFreeTree(tables: readonly string[], keys: readonly ColumnRef[], relations: readonly Relation[]): JoinTree | NoTree {
  const named = namedRelations(tables, keys, relations);
  const unknown = keys.find((key) => !named.some((relation) => isChildColumn(relation, key)));
  if (unknown) return { kind: 'unknownKey', key: `${unknown.table}.${unknown.column}` };
  const terminals = distinct([...tables, ...named.flatMap((relation) => [relation.child, relation.parent])]);
  const open = relations.filter((relation) => !named.some((other) => joinsSame(other, relation)));
  const cheap = named.map((relation): Relation => ({ ...relation, origin: 'inferred', confidence: 1 / Math.sqrt(namedWeight) }));
  const [best, second] = findJoinTrees([...open, ...cheap], terminals);
  if (!best) return { kind: 'unconnected', tables: terminals };
  const taken = new Set(best.steps.map((step) => step.relation.id));
  const left = named.find((relation) => !taken.has(relation.id));
  if (left) return { kind: 'unknownKey', key: `${left.child}.${left.childColumns.join(', ')}` };
  if (second && second.cost - best.cost < rounding) return { kind: 'ambiguous', tables: terminals, ways: [best, second].map(wayText) };
  return best;
}

export function isTree(result: JoinTree | NoTree): result is JoinTree {
  return 'steps' in result;
}

/** A key of several columns is meant where all of them are named; where a column leads to several tables, those of the statement. */
function namedRelations(tables: readonly string[], keys: readonly ColumnRef[], relations: readonly Relation[]): readonly Relation[] {
  const whole = relations.filter(
    (relation) =>
      !sameName(relation.child, relation.parent) &&
      relation.childColumns.every((column) => keys.some((key) => sameName(key.table, relation.child) && sameName(key.column, column))),
  );
  const widest = whole.filter(
    (relation) => !whole.some((other) => other.childColumns.length > relation.childColumns.length && covers(other, relation)),
  );
  const isMeant = (relation: Relation): boolean => tables.some((table) => sameName(table, relation.parent));
  return widest.filter((relation) => isMeant(relation) || !widest.some((other) => covers(other, relation) && isMeant(other)));
}

function isChildColumn(relation: Relation, key: ColumnRef): boolean {
  return sameName(relation.child, key.table) && relation.childColumns.some((column) => sameName(column, key.column));
}

/** True when every child column of `relation` is one of `other`. */
function covers(other: Relation, relation: Relation): boolean {
  return (
    sameName(other.child, relation.child) &&
    relation.childColumns.every((column) => other.childColumns.some((candidate) => sameName(candidate, column)))
  );
}

function joinsSame(a: Relation, b: Relation): boolean {
  const pair = (relation: Relation): string => [relation.child.toLowerCase(), relation.parent.toLowerCase()].sort().join('\u0000');
  return pair(a) === pair(b);
}

function wayText(tree: JoinTree): string {
  return tree.steps.map((step) => relationCondition(step.relation)).join(' AND ');
}

function distinct(tables: readonly string[]): readonly string[] {
  return tables.filter((table, at) => tables.findIndex((other) => sameName(other, table)) === at);
}
