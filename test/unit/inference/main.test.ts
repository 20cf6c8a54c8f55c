/** The model process as a process, with a minute model: it speaks the protocol, cancels, and ends with its parent. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CancellationSource } from '../../../src/core/shared/cancellation.js';
import { isCancelled } from '../../../src/core/shared/errors.js';
import { createModelService } from '../../../src/engine/process/createModelService.js';
import { type GenerateParams } from '../../../src/protocol/modelProcess.js';
import { writeTinyModel } from '../../support/tinyGguf.mjs';

const root = path.resolve(import.meta.dirname, '../../..');
// Inside the project, so that the bundle finds its native library.
const folder = path.join(root, '.work', `inference-${process.pid}`);
const bundle = path.join(folder, 'inference.mjs');
const modelPath = path.join(folder, 'tiny.gguf');

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  writeTinyModel(modelPath);
  await build({
    entryPoints: [path.join(root, 'src/inference/main.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['node-llama-cpp'],
    logLevel: 'error',
    tsconfigRaw: { compilerOptions: { target: 'ES2022' } },
    banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const request: Omit<GenerateParams, 'requestId'> = {
  prefix: [{ text: 'A prefix. ' }],
  prefixKey: 'k',
  rest: [{ text: 'A question?' }],
  stop: [],
  maxTokens: 8,
  candidates: 1,
  temperature: 1,
  seed: 1,
  priority: 'interactive',
  deadlineMs: 0,
};

it('answers, cancels and goes on', async () => {
  const service = createModelService({ inferencePath: bundle, gpu: 'off', maxThreads: 1 });
  const facts = await service.load({ modelPath, modelId: 'tiny', promptVersion: '1', contextSize: 1024, sequences: 9 });
  expect([facts.architecture, facts.chatTemplate, facts.sequences]).toEqual(['llama', 'chatml', 9]);
  const first = await service.generate(request);
  const source = new CancellationSource();
  const cancelled = service
    .generate({ ...request, candidates: 8, maxTokens: 900, temperature: 3 }, { onCandidate: () => (source.cancel(), 'more') }, source.token)
    .catch((error: unknown) => isCancelled(error));
  const again = service.generate({ ...request, priority: 'typing' });
  expect((await again).candidates.map(({ text }) => text)).toEqual(first.candidates.map(({ text }) => text));
  source.cancel();
  expect(await cancelled).toBe(true);
  await service.stop();
});

it('ends when nobody listens any more', async () => {
  const child = spawn(process.execPath, [bundle], { stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.end();
  const [code] = (await once(child, 'exit')) as [number | null];
  expect(code).toBe(0);
});
