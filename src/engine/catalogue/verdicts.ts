/** What people have decided about relations, and its effect: confirmed ones are certain, rejected ones are gone. */
import { relationId } from '../../core/graph/relationId.js';
import { findColumn, foldName, isUnique } from '../../core/graph/tableKeys.js';
import { type Relation } from '../../core/graph/types.js';
import { type DatabaseSchema } from '../../core/schema/types.js';

export interface Verdict {
  readonly verdict: 'confirmed' | 'rejected';
  readonly child: string;
  readonly childColumns: readonly string[];
  readonly parent: string;
  readonly parentColumns: readonly string[];
}

/** By relation id. */
export type Verdicts = ReadonlyMap<string, Verdict>;

export function verdictOf(relation: Relation, verdict: Verdict['verdict']): Verdict {
  const { child, childColumns, parent, parentColumns } = relation;
  return { verdict, child, childColumns, parent, parentColumns };
}

/** Confirmed relations are added even when nothing infers them any more, as long as their tables and columns exist. */
export function applyVerdicts(schema: DatabaseSchema, relations: readonly Relation[], verdicts: Verdicts): readonly Relation[] {
  const kept = relations.flatMap((relation): Relation[] => {
    const verdict = verdicts.get(relation.id)?.verdict;
    if (verdict === 'rejected') return [];
    return verdict === 'confirmed' && relation.origin === 'inferred' ? [{ ...relation, origin: 'confirmed', confidence: 1 }] : [relation];
  });
  const known = new Set(relations.map((relation) => relation.id));
  const added = [...verdicts].flatMap(([id, verdict]) =>
    verdict.verdict === 'rejected' || known.has(id) ? [] : (confirmedRelation(schema, verdict) ?? []),
  );
  return [...kept, ...added];
}

function confirmedRelation(schema: DatabaseSchema, verdict: Verdict): Relation | undefined {
  const child = schema.tables.find((table) => foldName(table.name) === foldName(verdict.child));
  const parent = schema.tables.find((table) => foldName(table.name) === foldName(verdict.parent));
  if (!child || !parent) return undefined;
  const childColumns = verdict.childColumns.flatMap((name) => findColumn(child, name)?.name ?? []);
  const parentColumns = verdict.parentColumns.flatMap((name) => findColumn(parent, name)?.name ?? []);
  if (childColumns.length !== verdict.childColumns.length || parentColumns.length !== verdict.parentColumns.length) return undefined;
  return {
    id: relationId(child.name, childColumns, parent.name, parentColumns),
    child: child.name,
    childColumns,
    parent: parent.name,
    parentColumns,
    origin: 'confirmed',
    confidence: 1,
    cardinality: isUnique(child, childColumns) ? '1:1' : 'N:1',
  };
}
