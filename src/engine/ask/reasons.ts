/** Reads off a finished question why its answer is what it is: words that met the schema, tables, join paths, candidates. Makes no words. */
import { type CandidateGroup } from '../../core/nl2sql/voteCandidates.js';
import { type AskReasons, type ConsideredTable, type TriedCandidate } from './askReasons.js';
import { type PreparedAsk } from './prepareAsk.js';
import { type FailedStatement, type RanStatement } from './verifyCandidate.js';

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
