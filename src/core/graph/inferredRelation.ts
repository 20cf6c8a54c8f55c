/** Makes the value of one guessed relation; whether to believe it is decided elsewhere. */
import { type Table } from '../schema/types.js';
import { relationId } from './relationId.js';
import { isUnique } from './tableKeys.js';
import { type InferenceReason, type Relation } from './types.js';

/** A relation of origin `inferred`; its cardinality comes from the child's declared keys. */
export function inferredRelation(
  child: Table,
  childColumns: readonly string[],
  parent: Table,
  parentColumns: readonly string[],
  confidence: number,
  rule: InferenceReason['rule'],
): Relation {
  return {
    id: relationId(child.name, childColumns, parent.name, parentColumns),
    child: child.name,
    childColumns,
    parent: parent.name,
    parentColumns,
    origin: 'inferred',
    confidence,
    cardinality: isUnique(child, childColumns) ? '1:1' : 'N:1',
    reason: { rule },
  };
}
