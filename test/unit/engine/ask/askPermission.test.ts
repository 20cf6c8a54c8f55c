/** What reaches the model under each permission: the whole request to it is searched for stored values. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../../src/core/shared/logger.js';
import { type ModelPermission } from '../../../../src/engine/agents/modelPermission.js';
import { defaultSteps } from '../../../../src/engine/ask/askSteps.js';
import { AskService } from '../../../../src/engine/ask/askService.js';
import { type AskRequest } from '../../../../src/engine/ask/types.js';
import { createCatalogue } from '../../../../src/engine/catalogue/createCatalogue.js';
import { type ModelService } from '../../../../src/engine/process/types.js';
import { type Candidate, type GenerateResult } from '../../../../src/protocol/modelProcess.js';
import { buildDatabase, makeTestFolder, type TestFolder } from '../../../support/buildFixture.js';
import { facts, stats } from '../../../support/scriptedAsk.js';

const script = `
  CREATE TABLE towns (town_id INTEGER PRIMARY KEY, name TEXT, kind TEXT);
  INSERT INTO towns VALUES (1, 'Secretville', 'hidden'), (2, 'Quietham', 'covert'), (3, 'Secretville', 'hidden');`;

let folder: TestFolder;
let catalogue: ReturnType<typeof createCatalogue>;
let database = '';
beforeAll(async () => {
  folder = makeTestFolder();
  database = await buildDatabase(folder.file('towns.db'), script);
  catalogue = createCatalogue({ stateFolder: folder.file('state') });
  await (await catalogue.open(database)).whenIndexed(20_000);
});
afterAll(async () => {
  await catalogue.close();
  folder.remove();
});

/** The first answer finds nothing, so that it is grounded in the data and repaired. */
async function requestsOf(permission: ModelPermission, more: Partial<AskRequest>): Promise<{ sent: string; kind: string }> {
  const sent: unknown[] = [];
  const model: ModelService = {
    load: () => Promise.resolve(facts),
    generate: (params, listener): Promise<GenerateResult> => {
      sent.push(params);
      const text = "SELECT name FROM towns WHERE name = 'Secretvile' AND kind = 'none'";
      const candidate: Candidate = { text, count: 1, greedy: true, logProbability: -1, sampledTokens: 1, forcedTokens: 0, finish: 'stop' };
      listener?.onCandidate?.(candidate);
      return Promise.resolve({ candidates: [candidate], stats });
    },
    facts: () => Promise.reject(new Error('not asked')),
    tokenCount: () => Promise.resolve(1),
    stop: () => Promise.resolve(),
  };
  const service = new AskService(catalogue, model, {
    loadModel: () => Promise.resolve(facts),
    readDemonstrations: () =>
      Promise.resolve({ pairs: [{ question: 'names of all hush towns', sql: "SELECT name FROM towns WHERE kind = 'covert'" }], most: 3 }),
    permissionOf: () => permission,
    log: silentLogger,
    now: () => 0,
  });
  const request = { question: 'names of secretvile towns', database, candidates: 1, priority: 'interactive', deadlineMs: 0, seed: 1, steps: defaultSteps, ...more } as const; // prettier-ignore
  const outcome = await service.ask(request);
  return { sent: JSON.stringify(sent), kind: outcome.kind === 'refusal' ? outcome.code : outcome.kind };
}

const stored = /Secretville|Quietham|'covert'|"covert|hidden/;
const questions: readonly (readonly [string, Partial<AskRequest>])[] = [
  ['a mention of a value', {}],
  ['a list of choices', { question: 'names of secluded towns' }],
  ['an earlier answer', { previous: { question: 'quiet towns', sql: "SELECT name FROM towns WHERE name = 'Quietham'" } }],
  ['a statement that failed', { failed: { sql: "SELECT nam FROM towns WHERE name = 'Quietham'", error: 'no such column: nam' } }],
  ['a begun statement', { begun: 'SELECT name FROM towns WHERE ' }],
];

describe('the model sees', () => {
  it.each(questions)('values where it may: %s', async (_, more) => {
    expect((await requestsOf('schemaAndSamples', more)).sent).toMatch(stored);
  });

  it.each(questions)('no value where it may see the schema only: %s', async (_, more) => {
    const { sent } = await requestsOf('schema', more);
    expect(sent).toContain('towns');
    expect(sent).not.toMatch(stored);
  });

  it.each(questions)('nothing at all where it may see nothing: %s', async (_, more) => {
    expect(await requestsOf('nothing', more)).toEqual({ sent: '[]', kind: 'ask.notAllowed' });
  });
});
