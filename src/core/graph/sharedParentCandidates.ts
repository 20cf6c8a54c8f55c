/**
 * Co-reference: two tables whose columns refer to the same key can be joined directly when one of them holds each value once.
 * Such a join skips the parent; between two tables that both repeat values it would multiply rows and is not offered.
 */
import { type DatabaseSchema } from '../schema/types.js';
import { inferredRelation } from './inferredRelation.js';
import { foldName, isUnique } from './tableKeys.js';
import { type Relation } from './types.js';

const confidence = 0.5;
/** A parent with more children than this is a hub: direct joins between them say little and are many. */
const maxChildren = 24;

/** One-column relations among `relations` decide; nothing is offered where the two tables are related already. */
export function sharedParentCandidates(schema: DatabaseSchema, relations: readonly Relation[]): readonly Relation[] {
  const tables = new Map(schema.tables.map((table) => [foldName(table.name), table]));
  const related = new Set(
    relations.flatMap((relation) => [pairKey(relation.child, relation.parent), pairKey(relation.parent, relation.child)]),
  );
  const groups = new Map<string, Relation[]>();
  for (const relation of relations) {
    if (relation.childColumns.length !== 1 || relation.child === relation.parent) continue;
    const key = `${foldName(relation.parent)}\u0000${foldName(relation.parentColumns[0] ?? '')}`;
    const group = groups.get(key);
    if (group) group.push(relation);
    else groups.set(key, [relation]);
  }
  return [...groups.values()].flatMap((group) => {
    if (group.length > maxChildren) return [];
    return group.flatMap((target) => {
      const parent = tables.get(foldName(target.child));
      if (!parent || !isUnique(parent, target.childColumns)) return [];
      return group.flatMap((source) => {
        const child = tables.get(foldName(source.child));
        if (!child || child === parent || related.has(pairKey(child.name, parent.name)) || isUnique(child, source.childColumns)) return [];
        return [inferredRelation(child, source.childColumns, parent, target.childColumns, confidence, 'sharedParent')];
      });
    });
  });
}

function pairKey(a: string, b: string): string {
  return `${foldName(a)}\u0000${foldName(b)}`;
}
