/** Prompt states from disk give the very answers of evaluated ones, also after other prompts with the same beginning. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Logger, silentLogger } from '../../../src/core/shared/logger.js';
import { type KvSlot } from '../../../src/inference/kvSlots.js';
import { ModelServer } from '../../../src/inference/modelServer.js';
import { PrefixStates } from '../../../src/inference/prefixStates.js';
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

async function answers(stateFolder: string | undefined, log: Logger = silentLogger): Promise<GenerateResult[]> {
  const server = new ModelServer(log, () => performance.now());
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

/** A log that keeps its warnings. */
function warnings(): { readonly log: Logger; readonly said: string[] } {
  const said: string[] = [];
  return { said, log: { log: (level, tag, message) => void (level === 'warn' && tag === 'inference' && said.push(message)) } };
}

function mountSmall(target: string): boolean {
  mkdirSync(target);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', target], { stdio: 'ignore' });
    return true;
  } catch {
    // Only the administrator may, and not everywhere.
    return false;
  }
}

it('a full disk costs the saved state, not the answer', async (context) => {
  const small = path.join(folder, 'small');
  context.skip(!mountSmall(small), 'a small file system cannot be mounted here');
  try {
    const { log, said } = warnings();
    const bare = await answers(undefined);
    const full = await answers(small, log);
    expect(full.map(({ candidates }) => candidates[0]?.text)).toEqual(bare.map(({ candidates }) => candidates[0]?.text));
    expect(said).toEqual(prefixes.map(() => 'the prompt state was not saved'));
    expect(readdirSync(small)).toEqual([]);
  } finally {
    execFileSync('umount', [small]);
  }
});

it('a write that fails half way leaves nothing', async () => {
  const states = path.join(folder, 'half');
  const { log, said } = warnings();
  const params = { modelPath, modelId: 'tiny', promptVersion: '1', contextSize: 1024, sequences: 2 };
  const tokens = Array.from({ length: 100 }, (_, index) => index as KvSlot['tokens'][number]);
  const save = (file: string): Promise<void> => {
    writeFileSync(file, 'half');
    return Promise.reject(Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }));
  };
  await new PrefixStates(states, params, 'stamp', log).save({ tokens, save } as unknown as KvSlot, tokens);
  expect([readdirSync(states), said]).toEqual([[], ['the prompt state was not saved']]);
});
