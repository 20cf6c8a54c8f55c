/** Files that cannot be loaded, each with its own error. One runtime only: the words that llama.cpp says go to the last one started. */
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isJoineryError } from '../../../src/core/shared/errors.js';
import { silentLogger } from '../../../src/core/shared/logger.js';
import { saidFault } from '../../../src/inference/loadFault.js';
import { ModelServer } from '../../../src/inference/modelServer.js';
import { type GenerateParams, type LoadModelParams, protocolVersion } from '../../../src/protocol/modelProcess.js';
import { writeTinyAdapter, writeTinyModel } from '../../support/tinyGguf.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'joinery-faults-'));
const modelPath = path.join(folder, 'tiny.gguf');
const adapterPath = path.join(folder, 'adapter.gguf');
const server = new ModelServer(silentLogger, () => performance.now());

beforeAll(async () => {
  writeTinyModel(modelPath);
  writeTinyAdapter(adapterPath);
  await server.initialize({ protocolVersion, gpu: 'off', maxThreads: 1 });
});
afterAll(async () => {
  await server.shutdown();
  rmSync(folder, { recursive: true, force: true });
});

function params(change: Partial<LoadModelParams> = {}): LoadModelParams {
  return { modelPath, modelId: 'tiny', promptVersion: '1', contextSize: 256, sequences: 2, ...change };
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'no error';
  } catch (error) {
    return isJoineryError(error) ? error.code : String(error);
  }
}

async function answerText(more: Partial<GenerateParams> = {}): Promise<string> {
  const request: GenerateParams = {
    requestId: 'r',
    prefix: [],
    prefixKey: 'k',
    rest: [{ text: 'Which one?' }],
    stop: [],
    maxTokens: 12,
    candidates: 1,
    temperature: 0,
    seed: 1,
    priority: 'interactive',
    deadlineMs: 0,
    ...more,
  };
  const result = await server.generate(request, { onCandidate: () => undefined, onStart: () => undefined });
  return result.candidates[0]?.text ?? '';
}

describe('a file that is no usable model', () => {
  const whole = (): Buffer => readFileSync(modelPath);
  it.each<[string, () => Buffer | string | undefined, string]>([
    ['missing', () => undefined, 'model.missing'],
    ['not a GGUF', () => 'hello, I am no model', 'model.notGguf'],
    ['empty', () => '', 'model.notGguf'],
    ['magic only', () => 'GGUF', 'model.truncated'],
    ['header cut', () => whole().subarray(0, 300), 'model.truncated'],
    ['weights cut', () => whole().subarray(0, whole().length - 50_000), 'model.truncated'],
    ['an adapter', () => readFileSync(adapterPath), 'model.badArchitecture'],
  ])('%s', async (name, bytes, code) => {
    const file = path.join(folder, `${name}.gguf`);
    const content = bytes();
    if (content !== undefined) writeFileSync(file, content);
    expect(await codeOf(server.loadModel(params({ modelPath: file, modelId: name })))).toBe(code);
  });

  it('a folder', async () => {
    expect(await codeOf(server.loadModel(params({ modelPath: folder })))).toBe('model.notGguf');
  });

  it('another architecture is named', async () => {
    const file = path.join(folder, 'other.gguf');
    writeTinyModel(file, { architecture: 'abacus' });
    const failed = server.loadModel(params({ modelPath: file, modelId: 'other' }));
    await expect(failed).rejects.toMatchObject({ code: 'model.badArchitecture', details: { architecture: 'abacus' } });
  });

  it('one larger than the free memory', async () => {
    const file = path.join(folder, 'big.gguf');
    writeFileSync(file, whole());
    // A hole takes no space on the disk.
    truncateSync(file, totalmem() + 4096);
    const failed = server.loadModel(params({ modelPath: file, modelId: 'big' }));
    await expect(failed).rejects.toMatchObject({ code: 'model.tooBig', details: { id: 'big', needBytes: totalmem() + 4096 } });
  });

  it('a context beyond all bounds is cut to what the model knows', async () => {
    const facts = await server.loadModel(params({ contextSize: 2_000_000_000, sequences: 3 }));
    expect(facts.contextSize).toBeLessThan(100_000);
  });

  it('a good one loads after all of them', async () => {
    expect((await server.loadModel(params())).architecture).toBe('llama');
  });
});

describe('an adapter', () => {
  it('of another base is refused', async () => {
    const wrong = path.join(folder, 'wrong.gguf');
    writeTinyAdapter(wrong, { base: 32 });
    expect(await codeOf(server.loadModel(params({ adapterPath: wrong, adapterId: 'wrong' })))).toBe('model.adapterMismatch');
  });

  it('that is a whole model is refused', async () => {
    expect(await codeOf(server.loadModel(params({ adapterPath: modelPath, adapterId: 'no adapter' })))).toBe('model.adapterMismatch');
  });

  it('that fits changes the answer', async () => {
    await server.loadModel(params());
    const plain = await answerText();
    await server.loadModel(params({ adapterPath, adapterId: 'fits' }));
    const adapted = await answerText();
    expect(adapted).not.toBe(plain);
    // A second opinion comes from the same weights without it, and leaves the adapter where it is.
    for (const _ of [1, 2]) expect(await answerText({ withoutAdapter: true })).toBe(plain);
    expect(await answerText()).toBe(adapted);
    await server.loadModel(params());
    expect(await answerText({ withoutAdapter: true })).toBe(plain);
  });
});

it('questions without a model are refused', async () => {
  await server.unloadModel();
  expect(await codeOf(answerText())).toBe('model.missing');
});

it.each([
  ['ggml_backend_cpu_buffer_type_alloc_buffer: failed to allocate buffer of size 123', 'process.outOfMemory'],
  ["llama_model_load: error loading model: unknown model architecture: 'x'", 'model.badArchitecture'],
  ["tensor 'output.weight' data is not within the file bounds, model is corrupted or incomplete", 'model.truncated'],
  ['everything is fine', undefined],
])('words of the runtime: %s', (said, code) => {
  expect(saidFault(said, { modelId: 'm' })?.code).toBe(code);
});
