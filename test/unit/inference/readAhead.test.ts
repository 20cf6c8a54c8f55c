/** Prompts that the model process reads before a question needs them, with a minute random model. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/core/shared/logger.js';
import { ModelServer } from '../../../src/inference/modelServer.js';
import { type GenerateParams, type GenerateResult, protocolVersion } from '../../../src/protocol/modelProcess.js';
import { writeTinyModel } from '../../support/tinyGguf.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'joinery-ahead-'));
const modelPath = path.join(folder, 'tiny.gguf');
const stateFolder = path.join(folder, 'states');
const servers: ModelServer[] = [];

beforeAll(() => writeTinyModel(modelPath));
afterEach(async () => {
  for (const server of servers.splice(0)) await server.shutdown();
  rmSync(stateFolder, { recursive: true, force: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function start(): Promise<ModelServer> {
  const server = new ModelServer(silentLogger, () => performance.now());
  servers.push(server);
  await server.initialize({ protocolVersion, gpu: 'off', maxThreads: 1, stateFolder });
  await server.loadModel({ modelPath, modelId: 'tiny', promptVersion: '1', contextSize: 1024, sequences: 4 });
  return server;
}

const ahead: GenerateParams = {
  requestId: 'ahead',
  prefix: [{ text: 'A schema with singers and concerts. '.repeat(8) }],
  prefixKey: 'k',
  rest: [],
  stop: [],
  maxTokens: 0,
  candidates: 0,
  temperature: 0,
  seed: 0,
  priority: 'batch',
  deadlineMs: 0,
};
const question: GenerateParams = {
  ...ahead,
  requestId: 'q',
  rest: [{ text: 'Which?\n' }],
  maxTokens: 8,
  candidates: 1,
  priority: 'typing',
};

function run(server: ModelServer, params: GenerateParams): Promise<GenerateResult> {
  return server.generate(params, { onStart: () => undefined, onCandidate: () => undefined });
}

describe('a prefix read ahead', () => {
  it('serves the next question from memory, the same question as without', async () => {
    const server = await start();
    const read = await run(server, ahead);
    expect(read.candidates).toEqual([]);
    expect(read.stats.prefixFrom).toBe('evaluated');
    const answered = await run(server, question);
    expect(answered.stats.prefixFrom).toBe('memory');
    rmSync(stateFolder, { recursive: true, force: true });
    const cold = await run(await start(), question);
    expect(cold.stats.prefixFrom).toBe('evaluated');
    expect(answered.candidates.map(({ text }) => text)).toEqual(cold.candidates.map(({ text }) => text));
  });

  it('lies on disk for the next process, which does not read it again', async () => {
    await run(await start(), ahead);
    expect(readdirSync(stateFolder)).toHaveLength(1);
    const next = await start();
    expect((await run(next, ahead)).stats.prefixFrom).toBe('disk');
    expect((await run(next, question)).stats.prefixFrom).toBe('disk');
    expect((await run(next, ahead)).stats.prefixFrom).toBe('memory');
  });

  it('takes no sequence away for good', async () => {
    const server = await start();
    for (let at = 0; at < 6; at++) await run(server, { ...ahead, prefix: [{ text: `Schema ${at}: ${'a table of singers. '.repeat(8)}` }] });
    expect((await run(server, question)).candidates).toHaveLength(1);
  });
});
