/** Which parts of a schema the model is given to read before a question needs them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CancellationSource } from '../../../../src/core/shared/cancellation.js';
import { isCancelled } from '../../../../src/core/shared/errors.js';
import { silentLogger } from '../../../../src/core/shared/logger.js';
import { type PromptPrefix } from '../../../../src/core/nl2sql/renderPrompt.js';
import { type ModelPermission } from '../../../../src/engine/agents/modelPermission.js';
import { AskService } from '../../../../src/engine/ask/askService.js';
import { defaultSteps } from '../../../../src/engine/ask/askSteps.js';
import { createCatalogue } from '../../../../src/engine/catalogue/createCatalogue.js';
import { type ModelService } from '../../../../src/engine/process/types.js';
import { buildDatabase, makeTestFolder, type TestFolder } from '../../../support/buildFixture.js';

/** Made-up words, so that a question names one table alone. */
const names = [...'bdfgklmnprtv'].flatMap((first) => [...'bdfgklmnpr'].map((second) => `${first}o${second}ik`));
const largeScript = names
  .map((name) => `CREATE TABLE ${name} (${name}_id INTEGER PRIMARY KEY, first_name TEXT, opened_on TEXT, weight_in_grams REAL);`)
  .join('\n');

let folder: TestFolder;
let catalogue: ReturnType<typeof createCatalogue>;
let large = '';
let small = '';
beforeAll(async () => {
  folder = makeTestFolder();
  large = await buildDatabase(folder.file('large.db'), largeScript);
  small = await buildDatabase(folder.file('small.db'), 'CREATE TABLE towns (town_id INTEGER PRIMARY KEY, name TEXT)');
  catalogue = createCatalogue({ stateFolder: folder.file('state') });
});
afterAll(async () => {
  await catalogue.close();
  folder.remove();
});

const facts = { architecture: 'x', parameters: 1, vocabularySize: 1, contextSize: 4096, sequences: 8, chatTemplate: 'chatml', loadMs: 1 } as const; // prettier-ignore
const stats = { prefixTokens: 1, prefixFrom: 'memory', restTokens: 1, promptMs: 1, decodeMs: 1, evaluatedTokens: 1, sampledTokens: 1, forcedTokens: 0, grammarMs: 0, queueMs: 0 } as const; // prettier-ignore

interface Watched {
  readonly service: AskService;
  readonly read: PromptPrefix[];
  readonly asked: string[];
}

function serviceWith(permission: ModelPermission, onRead: () => void = () => undefined): Watched {
  const read: PromptPrefix[] = [];
  const asked: string[] = [];
  const model: ModelService = {
    load: () => Promise.resolve(facts),
    generate: (params) => {
      asked.push(params.prefixKey);
      return Promise.resolve({ candidates: [], stats });
    },
    readAhead: (start) => {
      read.push(start);
      onRead();
      return Promise.resolve();
    },
    facts: () => Promise.reject(new Error('not asked')),
    tokenCount: () => Promise.resolve(1),
    stop: () => Promise.resolve(),
  };
  const service = new AskService(catalogue, model, {
    loadModel: () => Promise.resolve(facts),
    readDemonstrations: () => Promise.resolve({ pairs: [], most: 0 }),
    permissionOf: () => permission,
    log: silentLogger,
    now: () => 0,
  });
  return { service, read, asked };
}

describe('reading ahead', () => {
  it('covers every part that a question may begin with', async () => {
    const { service, read, asked } = serviceWith('schemaAndSamples');
    await service.readAhead(large);
    const text = read.flatMap(({ prefix }) => prefix.map((part) => part.text)).join('');
    for (const name of names) expect(text.split(`${name} (`), name).toHaveLength(2);
    expect(read.length).toBeGreaterThan(1);
    const request = { database: large, candidates: 1, priority: 'interactive', deadlineMs: 0, seed: 1, steps: defaultSteps } as const;
    for (const name of [names[0], names[60], names[119]]) await service.ask({ ...request, question: `How many ${name} are there?` });
    expect(new Set(asked).size).toBeGreaterThan(1);
    for (const key of asked) expect(read.map(({ prefixKey }) => prefixKey)).toContain(key);
  });

  it('leaves a schema in one part to its first question, and reads nothing that the model may not see', async () => {
    const { service, read } = serviceWith('schema');
    await service.readAhead(small);
    const forbidden = serviceWith('nothing');
    await forbidden.service.readAhead(large);
    expect([...read, ...forbidden.read]).toEqual([]);
  });

  it('stops between two parts when a question comes', async () => {
    const source = new CancellationSource();
    const { service, read } = serviceWith('schemaAndSamples', () => source.cancel());
    await expect(service.readAhead(large, source.token)).rejects.toSatisfy(isCancelled);
    expect(read).toHaveLength(1);
  });
});
