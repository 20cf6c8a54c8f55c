/** Why an answer is what it is, as data: words that met the schema, tables, join paths and candidates with their votes. Makes no words. */
import { type JoinTree } from '../../core/graph/types.js';
import { type QuestionLink } from '../../core/nl2sql/types.js';
import { type CandidateGroup } from '../../core/nl2sql/voteCandidates.js';
import { type PreparedAsk } from './prepareAsk.js';
import { type FailedStatement, type RanStatement } from './verifyCandidate.js';

/** `named` by the question, `bridge` between named ones, `shown` to the model besides. */
export interface ConsideredTable {
  readonly table: string;
  readonly as: 'named' | 'bridge' | 'shown';
}

/** One statement that the model wrote, as it was run. */
export interface TriedCandidate {
  readonly sql: string;
  /** Samples that gave this text. */
  readonly count: number;
  /** `chosen` is the answer, `agreed` returned the same rows, `differs` other rows; `failed` did not run. */
  readonly outcome: 'chosen' | 'agreed' | 'differs' | 'failed';
  /** Rows that it returned; absent when it failed. */
  readonly rows?: number;
  /** SQLite's message, or `unfinished`; only when it failed. */
  readonly error?: string;
  /** Written first, without chance. */
  readonly greedy: boolean;
  /** Share of the linked words that it uses, 0..1; 0 when it failed. */
  readonly coverage: number;
}

export interface AskReasons {
  /** The question cut into words; links point into it. */
  readonly words: readonly string[];
  readonly links: readonly QuestionLink[];
  /** Most relevant first. */
  readonly tables: readonly ConsideredTable[];
  /** Ways to join the named tables, cheapest first; the first was offered to the model. */
  readonly joinTrees: readonly JoinTree[];
  /** Best first, failed ones last. */
  readonly candidates: readonly TriedCandidate[];
}

/** At most so many of each are handed out: a page shows them all. */
const mostTables = 40;
const mostTrees = 4;

/** @param groups best first; the best of the first group is the answer. */
export function readReasons(
  { linked, choice, prompt }: Pick<PreparedAsk, 'linked' | 'choice' | 'prompt'>,
  groups: readonly CandidateGroup<RanStatement>[],
  failed: readonly FailedStatement[],
): AskReasons {
  const roles = new Map<string, ConsideredTable['as']>([
    ...choice.bridges.map((table) => [table, 'bridge'] as const),
    ...choice.terminals.map((table) => [table, 'named'] as const),
  ]);
  const names = [...new Set([...choice.terminals, ...choice.bridges, ...prompt.tables])].slice(0, mostTables);
  return {
    words: linked.words,
    links: linked.links,
    tables: names.map((table) => ({ table, as: roles.get(table) ?? 'shown' })),
    joinTrees: choice.joins.slice(0, mostTrees),
    candidates: [...groups.flatMap(triedOf), ...failed.map(triedFailure)],
  };
}

function triedOf(group: CandidateGroup<RanStatement>, at: number): TriedCandidate[] {
  return group.members.map((member) => ({
    sql: member.sql,
    count: member.count,
    outcome: at > 0 ? 'differs' : member === group.best ? 'chosen' : 'agreed',
    rows: member.result.rows.length,
    greedy: member.greedy,
    coverage: member.coverage,
  }));
}

function triedFailure({ sql, error, count }: FailedStatement): TriedCandidate {
  return { sql, error, count, outcome: 'failed', greedy: false, coverage: 0 };
}
