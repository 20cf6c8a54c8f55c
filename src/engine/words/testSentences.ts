/** Failures of question tests as English templates; filled like the error sentences. */
import { type FailureCode, type TestFailure } from '../../core/questionTests/types.js';
import { fillSentence } from './errorSentences.js';

export const testSentences: Readonly<Record<FailureCode, string>> = {
  rows: 'The rows differ: {expected} expected, {actual} found, or other values in them.',
  rowCount: 'Rows expected: {wanted}, found: {count}.',
  columns: 'The columns differ.',
  contains: 'No row is {row}.',
  notNull: 'The column {column} has NULL.',
  unique: 'The column {column} has equal values.',
  uses: 'The SQL does not use {tables}.',
  avoids: 'The SQL uses {tables}.',
  matches: 'The SQL does not match {pattern}.',
  notRefused: 'A refusal was expected, but there is an answer.',
  otherRefusal: 'The question was refused for another reason: {code}, not {wanted}.',
  refused: 'The question was refused: {code}.',
  expectedFailed: 'The expected SQL does not run: {message}',
};

export function describeFailure({ code, args }: TestFailure): string {
  return fillSentence(testSentences[code], args);
}
