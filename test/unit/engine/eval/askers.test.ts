import { describe, expect, it } from 'vitest';
import { type EvalItem } from '../../../../src/core/eval/types.js';
import { neverCancelled } from '../../../../src/core/shared/cancellation.js';
import { JoineryError, type ErrorCode } from '../../../../src/core/shared/errors.js';
import { defaultSteps } from '../../../../src/engine/ask/askSteps.js';
import { type Engine } from '../../../../src/engine/createEngine.js';
import { pipelineAsker, plainAsker } from '../../../../src/engine/eval/askers.js';
import { type GenerateParams } from '../../../../src/protocol/modelProcess.js';
import { shopKnowledge } from '../../../support/shopSchema.js';

const item: EvalItem = { id: 'i', db: 'shop', database: '/shop.db', question: 'How many customers?', gold: 'SELECT 1' };
const options = { candidates: 1, seed: 3, temperature: 0.8, steps: defaultSteps, now: () => 0 };

function engineWith(
  generate: (params: Omit<GenerateParams, 'requestId'>) => Promise<unknown>,
  ask: () => Promise<unknown> = () => Promise.reject(new Error()),
): Engine {
  const run = (sql: string): Promise<unknown> =>
    sql.startsWith('SELECT')
      ? Promise.resolve({ columns: ['n'], rows: [[7]], truncated: false, elapsedMs: 1 })
      : Promise.reject(new JoineryError('sql.syntax'));
  const opened = { knowledge: shopKnowledge, database: { run }, whenIndexed: () => Promise.resolve() };
  return {
    catalogue: { open: () => Promise.resolve(opened) },
    loadModel: () => Promise.resolve({ chatTemplate: 'chatml' }),
    model: { generate },
    ask: { ask },
  } as unknown as Engine;
}

const result = (text: string): unknown => ({
  candidates: [{ text }],
  stats: { prefixTokens: 100, restTokens: 20, sampledTokens: 9, forcedTokens: 0 },
});

describe('the plain baseline', () => {
  it('decodes greedily without a grammar', async () => {
    let seen: Omit<GenerateParams, 'requestId'> | undefined;
    const engine = engineWith((params) => {
      seen = params;
      return Promise.resolve(result('SELECT count(*) FROM customers\n'));
    });
    const row = await plainAsker(engine, options)(item, neverCancelled);
    expect(seen).toMatchObject({ candidates: 1, temperature: 0, stop: [';', '\n\n', '```'], priority: 'batch' });
    expect(seen?.grammar).toBeUndefined();
    expect(row).toMatchObject({
      sql: 'SELECT count(*) FROM customers',
      promptTokens: 120,
      sampledTokens: 9,
      candidates: [{ ran: true, rows: 1 }],
    });
  });

  it.each([
    ['a statement that does not run', 'I do not know', 'I do not know', [{ ran: false, rows: -1, resultHash: '' }]],
    ['nothing', '  \n', '', []],
  ])('keeps %s', async (_, text, sql, candidates) => {
    const row = await plainAsker(
      engineWith(() => Promise.resolve(result(text))),
      options,
    )(item, neverCancelled);
    expect(row).toMatchObject({ sql, candidates });
    expect(row.refusal).toBeUndefined();
  });
});

describe('faults', () => {
  const codes: readonly [ErrorCode, boolean][] = [
    ['process.died', true],
    ['process.outOfMemory', true],
    ['sql.failed', true],
    ['model.missing', false],
    ['cancelled', false],
    ['file.vanished', false],
  ];
  it.each(codes)('%s is a row: %s', async (code, survives) => {
    const fail = (): Promise<never> => Promise.reject(new JoineryError(code));
    for (const asker of [plainAsker(engineWith(fail), options), pipelineAsker(engineWith(fail, fail), options)]) {
      if (survives) expect(await asker(item, neverCancelled)).toMatchObject({ sql: '', refusal: code });
      else await expect(asker(item, neverCancelled)).rejects.toMatchObject({ code });
    }
  });
});
