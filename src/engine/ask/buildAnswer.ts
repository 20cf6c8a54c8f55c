/** Step 10: turns the groups of a vote into the answer that faces show: formatted SQL, evidence, explanation, alternatives. */
import { explainSql } from '../../core/nl2sql/explainSql.js';
import { readJoins } from '../../core/nl2sql/readJoins.js';
import { type CandidateGroup } from '../../core/nl2sql/voteCandidates.js';
import { formatSql } from '../../core/presentation/formatSql.js';
import { type OpenedDatabase } from '../catalogue/types.js';
import { type AskReasons } from './askReasons.js';
import { type AskAnswer, type AskTimings, type VerifiedSql } from './types.js';
import { type RanStatement } from './verifyCandidate.js';

export interface AnswerFacts {
  readonly opened: OpenedDatabase;
  readonly repaired: boolean;
  readonly timings: AskTimings;
  /** Absent while the vote goes on. */
  readonly reasons?: AskReasons;
}

const maxAlternatives = 4;

/** @param groups best first, at least one. */
export function buildAnswer(groups: readonly CandidateGroup<RanStatement>[], facts: AnswerFacts): AskAnswer {
  const ran = groups.reduce((sum, group) => sum + group.votes, 0);
  const [first, ...others] = groups.map((group) => verifiedSql(group, ran, facts));
  if (!first) throw new Error('an answer needs at least one group');
  const reasons = facts.reasons === undefined ? {} : { reasons: facts.reasons };
  return { ...first, kind: 'answer', alternatives: others.slice(0, maxAlternatives), ...reasons, timings: facts.timings };
}

function verifiedSql(group: CandidateGroup<RanStatement>, ran: number, facts: AnswerFacts): VerifiedSql {
  const { best } = group;
  const { schema, relations } = facts.opened.knowledge;
  const { joins, fanOut } = readJoins(best.sql, schema, relations);
  return {
    sql: formatSql(best.sql),
    result: best.result,
    evidence: {
      rows: best.result.rows.length,
      rowsTruncated: best.result.truncated,
      runMs: best.result.elapsedMs,
      votes: group.votes,
      candidates: ran,
      joins,
      substitutions: best.substitutions,
      fanOut,
      repaired: facts.repaired,
    },
    explanation: explainSql(best.sql),
  };
}
