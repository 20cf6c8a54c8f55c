/** The parts of an explanation as English templates; filled like the error sentences. */
import { type Explanation, type ExplanationCode } from '../../core/nl2sql/explainSql.js';
import { fillSentence } from './errorSentences.js';

export const explanationSentences: Readonly<Record<ExplanationCode, string>> = {
  from: 'Reads {table}.',
  join: 'Joins {table}[ on {condition}].',
  where: 'Keeps rows where {condition}.',
  group: 'Groups by {columns}.',
  having: 'Keeps groups where {condition}.',
  aggregate: 'Computes {functions}.',
  distinct: 'Drops repeated rows.',
  columns: 'Shows {columns}.',
  order: 'Sorts by {columns}.',
  limit: 'Stops after {count} rows.',
  limitOne: 'Stops after 1 row.',
  set: 'Combines two results with {operator}.',
  subquery: 'Uses a query inside the query.',
};

export function explainPart(part: Explanation): string {
  return fillSentence(explanationSentences[part.code], part.args);
}
