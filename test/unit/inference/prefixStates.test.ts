/** Prompt states from disk give the very answers of evaluated ones, also after other prompts with the same beginning. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { silentLogger } from '../../../src/core/shared/logger.js';
import { ModelServer } from '../../../src/inference/modelServer.js';
import { type GenerateResult, protocolVersion } from '../../../src/protocol/modelProcess.js';
import { writeTinyModel } from '../../support/tinyGguf.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'joinery-states-'));
const modelPath = path.join(folder, 'tiny.gguf');
const instruction = 'Answer with one word about the tables. '.repeat(6);
const prefixes = ['singers, concerts', 'farms, cities and competitions', 'mountains with climbers'].map(
  (tables) => instruction + `${tables}. `.repeat(6),
);

beforeAll(() => {
  writeTinyModel(modelPath);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function answers(stateFolder: string | undefined): Promise<GenerateResult[]> {
  const server = new ModelServer(silentLogger, () => performance.now());
  await server.initialize({ protocolVersion, gpu: 'off', maxThreads: 1, ...(stateFolder === undefined ? {} : { stateFolder }) });
  await server.loadModel({ modelPath, modelId: 'tiny', promptVersion: '1', contextSize: 1024, sequences: 6 });
  const results: GenerateResult[] = [];
  try {
    for (const [at, text] of prefixes.entries()) {
      const settings = {
        stop: ['\n'],
        maxTokens: 12,
        candidates: 1,
        temperature: 0,
        seed: 1,
        priority: 'interactive',
        deadlineMs: 0,
      } as const;
      const params = { requestId: `r${at}`, prefix: [{ text }], prefixKey: `k${at}`, rest: [{ text: 'Which?' }], ...settings };
      results.push(await server.generate(params, { onCandidate: () => undefined, onStart: () => undefined }));
    }
  } finally {
    await server.shutdown();
  }
  return results;
}

it('answers alike from memory, from disk and without a state folder', async () => {
  const state = path.join(folder, 'state');
  const bare = await answers(undefined);
  const written = await answers(state);
  const restored = await answers(state);
  expect(restored.map((result) => result.stats.prefixFrom)).toEqual(['disk', 'disk', 'disk']);
  for (const [at, result] of bare.entries()) {
    for (const other of [written[at], restored[at]]) {
      expect(other?.candidates[0]?.text).toBe(result.candidates[0]?.text);
      expect(other?.candidates[0]?.logProbability).toBeCloseTo(result.candidates[0]?.logProbability ?? NaN, 2);
    }
  }
});
