/** An answer of the ask pipeline as text for a model. Without permission for values, texts that the question does not have are masked too. */
import { explainSql } from '../../core/nl2sql/explainSql.js';
import { maskValues } from '../../core/nl2sql/maskValues.js';
import { joinCondition } from '../../core/presentation/joinSql.js';
import { type AskAnswer, type AskOutcome, type Evidence } from '../ask/types.js';
import { describeError } from '../words/errorSentences.js';
import { explainPart } from '../words/explanationSentences.js';
import { quotedRows, usualCaps } from './quotedRows.js';

const shownRows = 20;

export function describeAnswer(outcome: AskOutcome, question: string, showValues: boolean): string {
  if (outcome.kind === 'refusal') {
    const { sentence, next } = describeError(outcome.code, outcome.details);
    return `No answer. ${sentence} ${next}`;
  }
  const sql = showValues ? outcome.sql : maskValues(outcome.sql, question);
  return [
    'SQL that was run and verified on the database:',
    sql,
    '',
    ...evidenceLines(outcome.evidence, showValues),
    ...(sql === outcome.sql ? [] : ["'…' stands for stored values that you may not see; the user can run the statement."]),
    `What it does: ${explainSql(sql).map(explainPart).join(' ')}`,
    ...(showValues
      ? ['', quotedRows(outcome.result, { ...usualCaps, rows: shownRows })]
      : ['You may see no values of this database, so its rows are left out.']),
    ...alternatives(outcome),
  ].join('\n');
}

function evidenceLines(evidence: Evidence, showValues: boolean): string[] {
  const { rows, rowsTruncated, votes, candidates, joins, substitutions, fanOut } = evidence;
  const agreed = candidates > 1 ? `, ${votes} of ${candidates} candidates agree` : '';
  return [
    `${rows}${rowsTruncated ? ' or more' : ''} ${rows === 1 ? 'row' : 'rows'}${agreed}.`,
    ...joins.map(({ relation, to }) => `Joined along ${joinCondition(relation, to)} (${relation.origin}).`),
    ...(showValues
      ? substitutions.map(
          ({ mention, match, operator = '=' }) =>
            `${JSON.stringify(mention)} is ${match.table}.${match.column} ${operator} ${JSON.stringify(match.value)}.`,
        )
      : []),
    ...fanOut.map((table) => `Careful: rows of ${table} are counted several times by a one-to-many join.`),
  ];
}

function alternatives(answer: AskAnswer): string[] {
  const count = answer.alternatives.length;
  if (count === 0) return [];
  return [
    `${count} other ${count === 1 ? 'reading of the question gives' : 'readings of the question give'} another result; a more exact question decides.`,
  ];
}
