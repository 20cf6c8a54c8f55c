/** Questions as tests on a real database, with answers given instead of a model's. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { neverCancelled } from '../../../../src/core/shared/cancellation.js';
import { JoineryError } from '../../../../src/core/shared/errors.js';
import { type AskOutcome } from '../../../../src/engine/ask/types.js';
import { createCatalogue } from '../../../../src/engine/catalogue/createCatalogue.js';
import { readTests, runQuestionTest } from '../../../../src/engine/questionTests/questionTests.js';
import { buildDatabase, makeTestFolder, type TestFolder } from '../../../support/buildFixture.js';

let folder: TestFolder;
let catalogue: ReturnType<typeof createCatalogue>;
beforeAll(async () => {
  folder = makeTestFolder();
  await buildDatabase(folder.file('t.db'), 'CREATE TABLE t (a); INSERT INTO t VALUES (1), (2);');
  catalogue = createCatalogue({ stateFolder: folder.file('state') });
});
afterAll(async () => {
  await catalogue.close();
  folder.remove();
});

const answer = { kind: 'answer', sql: 'SELECT a FROM t', result: { columns: ['a'], rows: [[2], [1]], truncated: false, elapsedMs: 1 } } as unknown as AskOutcome; // prettier-ignore
const refusal = (code: string): AskOutcome => ({ kind: 'refusal', code, details: {} }) as unknown as AskOutcome;

const cases: readonly (readonly [string, AskOutcome | Error, string])[] = [
  ['sql: SELECT a FROM t', answer, 'passed '],
  ['sql: SELECT a FROM t ORDER BY a', answer, 'failed rows'],
  ['sql: SELECT a FROM t ORDER BY a DESC', answer, 'passed '],
  ['sql: SELECT b FROM t', answer, 'failed expectedFailed'],
  ['sql: DELETE FROM t', answer, 'failed expectedFailed'],
  ['rows: [[1], [2]]', answer, 'passed '],
  ['refused: true', refusal('ask.unanswerable'), 'passed '],
  ['refused: true', refusal('ask.notAllowed'), 'error ask.notAllowed'],
  ['rows: [[1]]', refusal('ask.unanswerable'), 'failed refused'],
  ['rows: [[1]]', new JoineryError('model.missing'), 'error model.missing'],
  ['rows: [[1]]', new Error('a bug'), 'error internal'],
  ['database: nope.db', answer, 'error file.missing'],
];
it.each(cases)('%s', async (line, outcome, wanted) => {
  const [test] = readTests(`questions:\n  - question: all of t\n    ${line}\n`).tests;
  if (!test) throw new Error('no test');
  const ask = (): Promise<AskOutcome> => (outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome));
  const options = { catalogue, ask, candidates: 1, now: () => 0 };
  const result = await runQuestionTest(test, folder.path, folder.file('t.db'), options, neverCancelled);
  expect(`${result.outcome} ${result.error?.code ?? result.failures.map(({ code }) => code).join(' ')}`).toBe(wanted);
});

it('needs a database', async () => {
  const [test] = readTests('questions:\n  - question: all of t\n').tests;
  if (!test) throw new Error('no test');
  const options = { catalogue, ask: () => Promise.resolve(answer), candidates: 1, now: () => 0 };
  expect(await runQuestionTest(test, folder.path, undefined, options, neverCancelled)).toMatchObject({
    outcome: 'error',
    error: { code: 'ask.noDatabase' },
  });
});
