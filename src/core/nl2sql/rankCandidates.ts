/**
 * Step 8 with learnt weights: orders candidates by a ranker that the trainer made, which is data (JSON), in place of the hand-set sum of
 * `voteCandidates`. The same arithmetic stands in the trainer's `select/ranker.py`; a file of golden scores holds both to it. Trains nothing.
 */
import { JoineryError } from '../shared/errors.js';
import { type CandidateFeatures, candidateFeatures, type FeatureName, featureNames } from './candidateFeatures.js';
import { type FeatureContext } from './statementFeatures.js';
import { type CandidateGroup, compareBest, groupByResult, rankOf, type RanCandidate } from './voteCandidates.js';

/** With z = (x − mean) / scale: score = Σ weightᵢ·zᵢ + Σ outⱼ·max(0, biasⱼ + Σ hiddenⱼᵢ·zᵢ). Higher is better; differences count, not levels. */
export interface Ranker {
  readonly format: 1;
  readonly features: readonly FeatureName[];
  readonly mean: readonly number[];
  readonly scale: readonly number[];
  readonly weights: readonly number[];
  /** Rows of the hidden layer; empty for a linear ranker. */
  readonly hidden: readonly (readonly number[])[];
  readonly bias: readonly number[];
  readonly out: readonly number[];
  /** True keeps the rule of the vote: rows before nothing before no rows, whatever the score. */
  readonly rowsFirst: boolean;
  /** Of the data that it was trained on. */
  readonly fingerprint: string;
}

const known: ReadonlySet<string> = new Set(featureNames);

/** Checks what a file holds. Throws `model.badRanker` with what is wrong: another format, a feature that is not known here, numbers that do not fit. */
export function parseRanker(value: unknown): Ranker {
  if (typeof value !== 'object' || value === null) throw bad('not an object');
  const entry = value as Readonly<Record<string, unknown>>;
  if (entry['format'] !== 1) throw bad(`format ${String(entry['format'])}`);
  const features = entry['features'];
  if (!Array.isArray(features) || features.length === 0) throw bad('no features');
  const stranger = features.find((name) => typeof name !== 'string' || !known.has(name)) as unknown;
  if (stranger !== undefined) throw bad(`unknown feature ${String(stranger)}`);
  if (new Set(features).size !== features.length) throw bad('a feature twice');
  const size = features.length;
  const hidden = Array.isArray(entry['hidden']) ? entry['hidden'].map((row) => numbersOf(row, size, 'hidden')) : [];
  const scale = numbersOf(entry['scale'], size, 'scale');
  if (scale.some((number) => number <= 0)) throw bad('scale is not above 0');
  return {
    format: 1,
    features: features as FeatureName[],
    mean: numbersOf(entry['mean'], size, 'mean'),
    scale,
    weights: numbersOf(entry['weights'], size, 'weights'),
    hidden,
    bias: numbersOf(entry['bias'] ?? [], hidden.length, 'bias'),
    out: numbersOf(entry['out'] ?? [], hidden.length, 'out'),
    rowsFirst: entry['rowsFirst'] !== false,
    fingerprint: typeof entry['fingerprint'] === 'string' ? entry['fingerprint'] : '',
  };
}

function numbersOf(value: unknown, size: number, name: string): readonly number[] {
  if (!Array.isArray(value) || value.length !== size || !value.every((number) => Number.isFinite(number)))
    throw bad(`${name} is not ${size} numbers`);
  return value as number[];
}

function bad(detail: string): JoineryError {
  return new JoineryError('model.badRanker', { detail });
}

/** A feature that is not there counts as 0. */
export function scoreFeatures(features: Readonly<Partial<Record<FeatureName, number>>>, ranker: Ranker): number {
  const inputs = ranker.features.map((name, at) => ((features[name] ?? 0) - (ranker.mean[at] ?? 0)) / (ranker.scale[at] ?? 1));
  const dot = (row: readonly number[]): number => inputs.reduce((sum, input, at) => sum + (row[at] ?? 0) * input, 0);
  const bent = ranker.hidden.map((row, at) => (ranker.out[at] ?? 0) * Math.max(0, (ranker.bias[at] ?? 0) + dot(row)));
  return bent.reduce((sum, part) => sum + part, dot(ranker.weights));
}

/** Best group first, as `voteCandidates` gives them; a group is worth what its best member is. The order is total. */
export function rankCandidates<T extends RanCandidate>(
  candidates: readonly T[],
  context: FeatureContext,
  ranker: Ranker,
): CandidateGroup<T>[] {
  const features = candidateFeatures(candidates, context);
  const scores = new Map<RanCandidate, number>(candidates.map((candidate, at) => [candidate, scoreOf(features[at], ranker)]));
  const compare = (a: RanCandidate, b: RanCandidate): number => (scores.get(b) ?? 0) - (scores.get(a) ?? 0) || compareBest(a, b);
  return groupByResult(candidates, compare).sort(
    (a, b) => (ranker.rowsFirst ? rankOf(a.emptiness) - rankOf(b.emptiness) : 0) || compare(a.best, b.best),
  );
}

function scoreOf(features: CandidateFeatures | undefined, ranker: Ranker): number {
  return features === undefined ? 0 : scoreFeatures(features, ranker);
}
