/**
 * Training data for a ranker: every candidate of every question with its features and whether it is right, as JSON lines. Right is what the
 * comparator says after running gold and candidate; it asks no model.
 */
import { type ComparatorName, type EvalItem, type PredictionHeader, type PredictionRow } from '../../core/eval/types.js';
import { featureNames } from '../../core/nl2sql/candidateFeatures.js';
import { throwIfCancelled } from '../../core/shared/cancellation.js';
import { isRight, type ScoreOptions } from './scorePredictions.js';

export interface CandidateHeaderLine {
  readonly kind: 'header';
  readonly format: 1;
  /** Names of the numbers in the lines, in their order. */
  readonly features: readonly string[];
  /** What `right` means. */
  readonly comparator: ComparatorName;
  /** Of the run that gave the candidates. */
  readonly run: PredictionHeader;
}

export interface CandidateLine {
  readonly kind: 'candidate';
  readonly id: string;
  readonly db: string;
  /** 0 is the candidate that the run preferred. */
  readonly candidate: number;
  readonly sql: string;
  readonly features: readonly number[];
  readonly right: boolean;
}

/** One question after the other in the order of the set. Questions without gold, answer or features give no line. */
export async function* candidateLines(
  header: PredictionHeader,
  items: readonly EvalItem[],
  rows: readonly PredictionRow[],
  options: ScoreOptions,
): AsyncGenerator<CandidateHeaderLine | CandidateLine> {
  const comparator = options.comparators[0] ?? 'spider_ex';
  yield { kind: 'header', format: 1, features: featureNames, comparator, run: header };
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const item of items) {
    throwIfCancelled(options.token);
    for (const [candidate, note] of (byId.get(item.id)?.candidates ?? []).entries()) {
      const { sql, features } = note;
      if (features === undefined || item.gold === undefined) continue;
      yield {
        kind: 'candidate',
        id: item.id,
        db: item.db,
        candidate,
        sql,
        features: featureNames.map((name) => features[name] ?? 0),
        right: await isRight(comparator, item, item.gold, sql, options),
      };
    }
  }
}
