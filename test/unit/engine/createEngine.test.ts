/** The engine put together, with a model process that has no model: faults that must be found before and around it. */
import { existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { totalmem, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isJoineryError } from '../../../src/core/shared/errors.js';
import { createEngine, type Engine, type EngineOptions } from '../../../src/engine/createEngine.js';
import { describeError } from '../../../src/engine/words/errorSentences.js';
import { modelBytes } from './models/ggufFile.js';

const fake = path.resolve(import.meta.dirname, '../../support/fakeModelProcess.mjs');
let folder: string;
let engine: Engine | undefined;

beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'joinery-engine-'))));
afterEach(async () => {
  await engine?.dispose();
  engine = undefined;
  rmSync(folder, { recursive: true });
});

function open(options: Partial<EngineOptions>): Engine {
  engine = createEngine({
    stateFolder: path.join(folder, 'state'),
    modelFolder: path.join(folder, 'models'),
    inferencePath: fake,
    gpu: 'off',
    env: { FAKE_MODEL: 'good', FAKE_MODEL_PIDS: path.join(folder, 'pids') },
    ...options,
  });
  return engine;
}

async function sentenceOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'no error';
  } catch (error) {
    if (!isJoineryError(error)) throw error;
    const { sentence, next } = describeError(error.code, error.details);
    return `${sentence} ${next}`;
  }
}

describe('a model that is too big', () => {
  it('is refused with the figures before a process is started, and another one still loads', async () => {
    const big = path.join(folder, 'big.gguf');
    const small = path.join(folder, 'small.gguf');
    for (const file of [big, small]) writeFileSync(file, modelBytes());
    // A hole takes no space on the disk.
    const needed = totalmem() + 4096;
    truncateSync(big, needed);
    const said = await sentenceOf(open({ model: big }).loadModel());
    expect(said).toBe(
      `The model big does not fit into memory: ${needed} bytes needed, ${totalmem()} there. Use a smaller model; see \`joinery models list\`.`,
    );
    expect(existsSync(path.join(folder, 'pids'))).toBe(false);
    expect((await open({ model: small }).loadModel()).architecture).toBe('fake');
  });
});

describe('the engine', () => {
  it('says which model is missing', async () => {
    expect(await sentenceOf(open({}).loadModel())).toMatch(/^The model qwen[\w.-]+ is not on this machine\. Fetch it with /);
  });

  it('knows the packs of the runtime and contacts nothing for them', async () => {
    expect((await open({}).packs.list()).map(({ id, state }) => [id, state === 'ready'])).toEqual([['cuda', false]]);
  });
});
