/**
 * What is known of each candidate when one has to be chosen, as numbers with names: how the samples voted, what came back, and how the
 * statement sits with the words of the question. It weighs nothing: `rankCandidates` does, with weights that were learnt. Every value is
 * finite, most lie in 0..1; a name keeps its meaning for ever, since ranker files refer to it.
 */
import { countAsked } from './askedThings.js';
import { clamp, type FeatureContext, flag, type Part, statementFeatures, statementNames } from './statementFeatures.js';
import { type CandidateGroup, compareBest, emptinessOf, groupByResult, type RanCandidate, voteScore } from './voteCandidates.js';

const voteNames = [
  'voteScore',
  'voteShare',
  'ownShare',
  'margin',
  'greedy',
  'greedyGroup',
  'logProbability',
  'logProbabilityGap',
  'sharedCells',
] as const;
const resultNames = ['noRows', 'nothing', 'oneRow', 'rows', 'cut', 'nulls', 'repeatedRows', 'fewerColumns', 'moreColumns'] as const;
export const featureNames = [...voteNames, ...resultNames, ...statementNames] as const;
export type FeatureName = (typeof featureNames)[number];
export type CandidateFeatures = Readonly<Record<FeatureName, number>>;

/** One entry for each candidate, in their order. Candidates that failed are not among them. */
export function candidateFeatures(candidates: readonly RanCandidate[], context: FeatureContext): CandidateFeatures[] {
  const groups = groupByResult(candidates, compareBest);
  const cells = candidates.map(cellsOf);
  return candidates.map((candidate, at) => ({
    ...voteFeatures(candidate, candidates, groups),
    sharedCells: sharedCells(candidates, cells, at),
    ...resultFeatures(candidate, context),
    ...statementFeatures(candidate, context),
  }));
}

function voteFeatures(
  candidate: RanCandidate,
  candidates: readonly RanCandidate[],
  groups: readonly CandidateGroup[],
): Omit<Part<typeof voteNames>, 'sharedCells'> {
  const total = Math.max(
    1,
    candidates.reduce((sum, { count }) => sum + count, 0),
  );
  const own = groups.find((group) => group.members.includes(candidate));
  const voteShare = (own?.votes ?? 0) / total;
  const others = groups.flatMap((group) => (group === own ? [] : [group.votes]));
  const willingness = meanOf(candidate);
  return {
    voteScore: own ? voteScore(own, total) / total : 0,
    voteShare,
    ownShare: candidate.count / total,
    margin: voteShare - Math.max(0, ...others) / total,
    greedy: flag(candidate.greedy),
    greedyGroup: flag(own?.members.some((member) => member.greedy)),
    logProbability: willingness,
    logProbabilityGap: willingness - Math.max(willingness, ...candidates.map(meanOf)),
  };
}

/** Mean natural-log probability of a sampled token, -5..0. */
function meanOf(candidate: RanCandidate): number {
  return clamp(candidate.logProbability / Math.max(candidate.tokens, 1), -5, 0);
}

function resultFeatures({ result }: RanCandidate, { linked }: FeatureContext): Part<typeof resultNames> {
  const { rows, columns } = result;
  const emptiness = emptinessOf(result);
  const cells = rows.reduce((sum, row) => sum + row.length, 0);
  const nulls = rows.reduce((sum, row) => sum + row.filter((value) => value === null).length, 0);
  const distinct = new Set(rows.map((row) => row.map((value) => `${typeof value}${String(value)}`).join('\u001f'))).size;
  const difference = columns.length - countAsked(linked.question);
  return {
    noRows: flag(emptiness === 'empty'),
    nothing: flag(emptiness === 'nothing'),
    oneRow: flag(rows.length === 1),
    rows: Math.min(1, Math.log1p(rows.length) / Math.log(1001)),
    cut: flag(result.truncated),
    nulls: cells === 0 ? 0 : nulls / cells,
    repeatedRows: rows.length === 0 ? 0 : 1 - distinct / rows.length,
    fewerColumns: clamp(-difference, 0, 3),
    moreColumns: clamp(difference, 0, 3),
  };
}

/** Values that a result shows; some are enough to tell results apart. */
const comparedRows = 200;

function cellsOf({ result }: RanCandidate): Set<string> {
  return new Set(result.rows.slice(0, comparedRows).flatMap((row) => row.map((value) => `${typeof value}${String(value)}`)));
}

/** How much of what it shows the other samples show as well, and the other way round: near misses vote, too (MBR-Exec, arXiv 2204.11454). */
function sharedCells(candidates: readonly RanCandidate[], cells: readonly ReadonlySet<string>[], at: number): number {
  const own = cells[at] ?? new Set();
  let shared = 0;
  let votes = 0;
  for (const [other, { count }] of candidates.entries()) {
    const theirs = cells[other] ?? new Set();
    const both = [...own].filter((cell) => theirs.has(cell)).length;
    const weight = other === at ? count - 1 : count;
    votes += weight;
    shared += weight * (own.size + theirs.size === 0 ? 1 : both / (own.size + theirs.size - both));
  }
  return votes === 0 ? 1 : shared / votes;
}
