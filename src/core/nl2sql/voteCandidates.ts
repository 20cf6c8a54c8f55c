/**
 * Step 8: groups candidates by what they return and orders the groups. Candidates that failed are not here; groups without rows and
 * groups that say only NULL or zero never come before groups with rows (FINER-SQL's filter, nl2sql notes on voting).
 */
import { type SqlValue } from '../schema/types.js';
import { type QueryResult } from '../sql/types.js';

export interface RanCandidate {
  readonly sql: string;
  readonly result: QueryResult;
  /** Samples that gave exactly this text. */
  readonly count: number;
  readonly greedy: boolean;
  /** Sum of natural-log probabilities. */
  readonly logProbability: number;
  readonly tokens: number;
  /** Share of the question's links that the statement uses, 0..1. */
  readonly coverage: number;
  /** How far it has the pieces that the question's words call for, 0..1. */
  readonly cues: number;
  /** Literals that neither the question nor the data gave. */
  readonly invented: number;
}

export interface CandidateGroup<T extends RanCandidate = RanCandidate> {
  readonly members: readonly T[];
  readonly best: T;
  readonly votes: number;
  readonly emptiness: Emptiness;
}

export type Emptiness = 'rows' | 'nothing' | 'empty';

export interface VoteWeights {
  /** What full coverage of the question's links is worth, as a share of all votes; so for the next two. */
  readonly coverage: number;
  readonly cues: number;
  /** Taken off once when a literal is invented. */
  readonly invented: number;
  /** Votes that the greedy answer is worth on top of its own. */
  readonly greedy: number;
}

export const defaultWeights: VoteWeights = { coverage: 0.4, cues: 0.4, invented: 0.3, greedy: 0.5 };

/** Best group first. The order is total: equal input in any order gives equal output. */
export function voteCandidates<T extends RanCandidate>(
  candidates: readonly T[],
  weights: VoteWeights = defaultWeights,
): CandidateGroup<T>[] {
  const total = candidates.reduce((sum, candidate) => sum + candidate.count, 0);
  return groupByResult(candidates, compareBest).sort(
    (a, b) =>
      rankOf(a.emptiness) - rankOf(b.emptiness) ||
      voteScore(b, total, weights) - voteScore(a, total, weights) ||
      compareBest(a.best, b.best),
  );
}

/** Candidates that return the same rows together, the best member of each group first; the groups in no order. */
export function groupByResult<T extends RanCandidate>(candidates: readonly T[], compare: (a: T, b: T) => number): CandidateGroup<T>[] {
  const byKey = new Map<string, T[]>();
  for (const candidate of candidates) {
    const key = resultKey(candidate.result);
    const list = byKey.get(key);
    if (list) list.push(candidate);
    else byKey.set(key, [candidate]);
  }
  return [...byKey.values()].map((members) => toGroup(members, compare));
}

function toGroup<T extends RanCandidate>(members: readonly T[], compare: (a: T, b: T) => number): CandidateGroup<T> {
  const sorted = [...members].sort(compare);
  const best = sorted[0];
  if (!best) throw new Error('a group has at least one member');
  return { members: sorted, best, votes: members.reduce((sum, member) => sum + member.count, 0), emptiness: emptinessOf(best.result) };
}

/** What a group is worth by the hand-set weights, in votes; `total` is the number of all votes. */
export function voteScore(group: CandidateGroup, total: number, weights: VoteWeights = defaultWeights): number {
  const signs = Math.max(
    ...group.members.map(
      (member) => weights.coverage * member.coverage + weights.cues * member.cues - (member.invented > 0 ? weights.invented : 0),
    ),
  );
  return group.votes + total * signs + (group.members.some((member) => member.greedy) ? weights.greedy : 0);
}

/** Inside a group: the greedy text, then the more frequent, the more probable and the shorter one. */
export function compareBest(a: RanCandidate, b: RanCandidate): number {
  return (
    Number(b.greedy) - Number(a.greedy) ||
    b.count - a.count ||
    b.logProbability / Math.max(b.tokens, 1) - a.logProbability / Math.max(a.tokens, 1) ||
    a.sql.length - b.sql.length ||
    (a.sql < b.sql ? -1 : a.sql > b.sql ? 1 : 0)
  );
}

/** Rows before nothing before no rows. */
export function rankOf(emptiness: Emptiness): number {
  return emptiness === 'rows' ? 0 : emptiness === 'nothing' ? 1 : 2;
}

/** 'nothing' is one row of NULLs and zeros: an aggregate that met no rows. */
export function emptinessOf(result: QueryResult): Emptiness {
  if (result.rows.length === 0) return 'empty';
  const first = result.rows[0] ?? [];
  const isNothing = result.rows.length === 1 && first.every((value) => value === null || value === 0);
  return isNothing ? 'nothing' : 'rows';
}

/**
 * Equal for equal bags of rows whatever the order of rows and columns: who asks for names and ages is answered by ages and names, too
 * (Spider's comparison, nl2sql notes on metrics). Column names do not count. Two orders of columns that hold equal values are kept apart at worst.
 */
export function resultKey(result: QueryResult): string {
  const cells = result.rows.map((row) => row.map(valueKey));
  const inOrder = cells[0]?.map((_, at) => ({ at, values: columnKey(cells, at) })) ?? [];
  inOrder.sort((a, b) => (a.values < b.values ? -1 : a.values > b.values ? 1 : 0));
  const rows = cells.map((row) => inOrder.map(({ at }) => row[at]).join('\u001f')).sort();
  return `${result.columns.length}|${result.truncated ? '…' : ''}${rows.join('\u001e')}`;
}

/** The bag of a column's values. */
function columnKey(cells: readonly (readonly string[])[], at: number): string {
  return cells
    .map((row) => row[at] ?? '')
    .sort()
    .join('\u001e');
}

function valueKey(value: SqlValue): string {
  if (value === null) return 'n';
  if (value instanceof Uint8Array) return `b${value.join(',')}`;
  if (typeof value === 'string') return `s${value}`;
  // 1 and 1.0 are one value; floats are compared to twelve digits because sums depend on the order of rows.
  return typeof value === 'bigint' ? `i${value}` : `i${Number.isInteger(value) ? value : value.toPrecision(12)}`;
}

/** True when the leading group cannot be overtaken by `open` samples that are still to come. */
export function isDecided(groups: readonly CandidateGroup[], open: number): boolean {
  const [first] = groups;
  const most = Math.max(0, ...groups.slice(1).map((group) => (group.emptiness === 'rows' ? group.votes : 0)));
  return first?.emptiness === 'rows' && first.votes > most + open;
}
