/**
 * Judges guessed relations by data: a reference's values must exist in the key that it refers to. The shares are counted by the
 * caller, who has the database. Each set of child columns keeps at most one guess.
 */
import { foldName } from './tableKeys.js';
import { type Relation } from './types.js';

/** Counted over the child's distinct values that are neither NULL nor empty; an empty parent says nothing and is not counted. */
export interface Inclusion {
  /** Share of them that exist in the parent, 0..1. */
  readonly share: number;
  /** How many were looked at; 0 says that the child holds no values and the share nothing. */
  readonly distinct: number;
  readonly sampled: boolean;
}

/** No guess is believed more than this, whatever its data say. */
export const maxConfidence = 0.8;

/** What full inclusion adds to the confidence that a name gives. */
const support = 0.15;
/** Below this share a guess is dropped: keys with many orphans exist, but names deceive more often. */
const leastShare = 0.5;
const nearlyAll = 0.98;
/** Small sets of values are included by accident. */
const fewValues = 3;
/** Rules whose guesses names alone do not support. */
const needData: ReadonlySet<string> = new Set(['valueOverlap', 'sharedParent', 'sameColumn']);

/** Guesses that survive, in their order. Those missing from `inclusions` keep the confidence of their names; value overlap, shared parents and equal columns need data. */
export function checkInclusion(candidates: readonly Relation[], inclusions: ReadonlyMap<string, Inclusion>): readonly Relation[] {
  const judged = candidates.flatMap((candidate) => judge(candidate, inclusions.get(candidate.id)) ?? []);
  const best = new Map<string, Relation>();
  for (const relation of judged) {
    const key = `${relation.reason?.rule === 'sharedParent' ? relation.id : ''}${foldName(relation.child)}(${relation.childColumns.map(foldName).join()})`;
    const known = best.get(key);
    if (!known || relation.confidence > known.confidence) best.set(key, relation);
  }
  const kept = new Set(best.values());
  return judged.filter((relation) => kept.has(relation));
}

function judge(candidate: Relation, inclusion: Inclusion | undefined): Relation | undefined {
  const { reason } = candidate;
  if (!reason) return candidate;
  const needsData = needData.has(reason.rule);
  if (!inclusion || inclusion.distinct === 0) return needsData ? undefined : candidate;
  if (inclusion.share < leastShare) return undefined;
  const strict = needsData || reason.rule === 'compositeKey';
  if (strict && inclusion.share < nearlyAll) return undefined;
  const supported = candidate.confidence + (inclusion.distinct >= fewValues ? support : 0);
  const confidence = inclusion.share >= nearlyAll ? supported : candidate.confidence * inclusion.share;
  return {
    ...candidate,
    confidence: Math.min(maxConfidence, Math.round(confidence * 100) / 100),
    reason: { ...reason, inclusion: inclusion.share, sampled: inclusion.sampled },
  };
}
