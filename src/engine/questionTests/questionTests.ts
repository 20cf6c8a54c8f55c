/**
 * Runs questions as tests: asks as a user would, runs the expected statement on the same database, compares. Reads and writes no question
 * file; a fault of one test is its result, only cancellation throws.
 */
import { isAbsolute, resolve } from 'node:path';
import { acceptExpected } from '../../core/questionTests/acceptExpected.js';
import { checkAnswer } from '../../core/questionTests/checkAnswer.js';
import { readQuestionFile } from '../../core/questionTests/readQuestionFile.js';
import { type QuestionFile, type QuestionTest, type Row, type TestedAnswer, type TestFailure } from '../../core/questionTests/types.js';
import { type CancellationToken } from '../../core/shared/cancellation.js';
import { type Clock } from '../../core/shared/clock.js';
import { isCancelled, isJoineryError, JoineryError } from '../../core/shared/errors.js';
import { defaultSteps } from '../ask/askSteps.js';
import { type AskOutcome, type AskRequest } from '../ask/types.js';
import { type Catalogue } from '../catalogue/types.js';

export interface QuestionTestOptions {
  readonly catalogue: Catalogue;
  readonly ask: (request: AskRequest, token: CancellationToken) => Promise<AskOutcome>;
  readonly candidates: number;
  readonly now: Clock;
}

export interface QuestionTestResult {
  readonly outcome: 'passed' | 'failed' | 'error';
  readonly failures: readonly TestFailure[];
  /** Absent when nothing was answered, because of `error`. */
  readonly answer?: TestedAnswer;
  readonly error?: JoineryError;
  readonly ms: number;
}

/** The pipeline itself reads this many rows; an expected statement must not be compared beyond them. */
const comparedRows = 1_000;
const expectedTimeoutMs = 30_000;
const indexWaitMs = 60_000;
const seed = 1;

export function readTests(text: string): QuestionFile {
  return readQuestionFile(text);
}

export function acceptAnswer(text: string, name: string, answer: TestedAnswer): string | undefined {
  return acceptExpected(text, name, answer);
}

/** @param folder of the question file, to which the path of the database is relative; @param fallback database of tests that name none. */
export async function runQuestionTest(
  test: QuestionTest,
  folder: string,
  fallback: string | undefined,
  options: QuestionTestOptions,
  token: CancellationToken,
): Promise<QuestionTestResult> {
  const started = options.now();
  try {
    const database = databaseOf(test, folder, fallback);
    const opened = await options.catalogue.open(database, token);
    await opened.whenIndexed(indexWaitMs, token);
    const request = {
      question: test.question,
      database,
      candidates: options.candidates,
      priority: 'batch',
      deadlineMs: 0,
      seed,
      steps: defaultSteps,
    } as const;
    const answer = testedAnswer(await options.ask(request, token));
    if (answer.kind === 'refusal' && (answer.code === 'ask.notAllowed' || answer.code.startsWith('model.')))
      throw new JoineryError(answer.code, answer.details);
    const expected = await expectedRows(test, options.catalogue, database, token);
    const failures = 'failure' in expected ? [expected.failure] : checkAnswer(test, answer, expected.rows);
    return { outcome: failures.length === 0 ? 'passed' : 'failed', failures, answer, ms: options.now() - started };
  } catch (error) {
    if (isCancelled(error)) throw error;
    const known = isJoineryError(error)
      ? error
      : new JoineryError('internal', { reason: error instanceof Error ? error.message : String(error) }, error);
    return { outcome: 'error', failures: [], error: known, ms: options.now() - started };
  }
}

function databaseOf(test: QuestionTest, folder: string, fallback: string | undefined): string {
  if (test.database !== '') return isAbsolute(test.database) ? test.database : resolve(folder, test.database);
  if (fallback === undefined) throw new JoineryError('ask.noDatabase', { folder });
  return fallback;
}

function testedAnswer(outcome: AskOutcome): TestedAnswer {
  if (outcome.kind === 'refusal') return { kind: 'refusal', code: outcome.code, details: outcome.details };
  const { columns, rows, truncated } = outcome.result;
  return { kind: 'answer', sql: outcome.sql, columns, rows, truncated };
}

type Expected = { readonly rows: readonly Row[] | undefined } | { readonly failure: TestFailure };

async function expectedRows(test: QuestionTest, catalogue: Catalogue, database: string, token: CancellationToken): Promise<Expected> {
  if (test.rows !== undefined || test.sql === undefined) return { rows: test.rows };
  try {
    const opened = await catalogue.open(database, token);
    const result = await opened.database.run(test.sql, { timeoutMs: expectedTimeoutMs, maxRows: comparedRows, token });
    return { rows: result.rows };
  } catch (error) {
    if (isCancelled(error) || !isJoineryError(error) || !error.code.startsWith('sql.')) throw error;
    const message = error.details['message'];
    return { failure: { code: 'expectedFailed', args: { sql: test.sql, message: typeof message === 'string' ? message : error.code } } };
  }
}
