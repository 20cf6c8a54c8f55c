/**
 * Relations that a schema does not declare, guessed from names, types and uniqueness. The result holds candidates: several
 * may stand for one column until `checkInclusion` has looked at data and kept the best. Declared keys are never repeated.
 */
import { type DatabaseSchema } from '../schema/types.js';
import { compositeCandidates } from './compositeCandidates.js';
import { declaredRelations } from './declaredRelations.js';
import { inferredRelation } from './inferredRelation.js';
import { buildKeyIndex } from './keyIndex.js';
import { guessByName } from './nameRules.js';
import { sharedParentCandidates } from './sharedParentCandidates.js';
import { foldName } from './tableKeys.js';
import { type Relation } from './types.js';

export interface InferOptions {
  /** Relations that are known already; default: those that the schema declares. */
  readonly known?: readonly Relation[];
}

/** In schema order. Confidence lies in (0, 0.75]; it rests on names and types alone. */
export function inferRelations(schema: DatabaseSchema, options: InferOptions = {}): readonly Relation[] {
  const known = options.known ?? declaredRelations(schema);
  const keys = buildKeyIndex(schema);
  const taken = new Set(known.flatMap((relation) => relation.childColumns.map((column) => columnKey(relation.child, column))));
  const found: Relation[] = [];
  schema.tables.forEach((table, order) => {
    if (table.kind !== 'table') return;
    for (const column of table.columns) {
      if (taken.has(columnKey(table.name, column.name))) continue;
      for (const guess of guessByName(table, order, column, keys)) {
        found.push(inferredRelation(table, [column.name], guess.owner.table, [guess.owner.column.name], guess.confidence, guess.rule));
      }
    }
  });
  const single = [...known, ...found];
  found.push(...compositeCandidates(schema, known), ...sharedParentCandidates(schema, single));
  return [...new Map(found.map((relation) => [relation.id, relation])).values()];
}

function columnKey(table: string, column: string): string {
  return `${foldName(table)}\u0000${foldName(column)}`;
}
