import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CancellationSource } from '../../../../src/core/shared/cancellation.js';
import { isJoineryError } from '../../../../src/core/shared/errors.js';
import { createModelService, type ModelServiceOptions } from '../../../../src/engine/process/createModelService.js';
import { type ModelService, type ModelSettings } from '../../../../src/engine/process/types.js';
import { type GenerateParams } from '../../../../src/protocol/modelProcess.js';

const fake = path.resolve(import.meta.dirname, '../../../support/fakeModelProcess.mjs');
const settings: ModelSettings = { modelPath: '/nowhere.gguf', modelId: 'fake', promptVersion: '1', contextSize: 512, sequences: 2 };
let folder: string;
let pidFile: string;
let service: ModelService | undefined;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'joinery-process-'));
  pidFile = path.join(folder, 'pids');
});
afterEach(async () => {
  await service?.stop();
  service = undefined;
  for (const pid of pids()) await gone(pid);
  rmSync(folder, { recursive: true, force: true });
});

function start(mode: string, options: Partial<ModelServiceOptions> = {}): ModelService {
  service = createModelService({ inferencePath: fake, gpu: 'off', env: { FAKE_MODEL: mode, FAKE_MODEL_PIDS: pidFile }, ...options });
  return service;
}

function lines(): string[] {
  try {
    return readFileSync(pidFile, 'utf8').trim().split('\n');
  } catch {
    // Nothing was started.
    return [];
  }
}

function pids(): number[] {
  return lines()
    .map(Number)
    .filter((pid) => pid > 0);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // The signal finds nobody.
    return false;
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 1_000) throw new Error('the condition did not come true');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const gone = (pid: number): Promise<void> => until(() => !isAlive(pid));

function question(text: string, change: Partial<GenerateParams> = {}): Omit<GenerateParams, 'requestId'> {
  return {
    prefix: [],
    prefixKey: 'k',
    rest: [{ text }],
    stop: [],
    maxTokens: 10,
    candidates: 1,
    temperature: 0,
    seed: 1,
    priority: 'interactive',
    deadlineMs: 0,
    ...change,
  };
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'no error';
  } catch (error) {
    return isJoineryError(error) ? error.code : String(error);
  }
}

describe('a good process', () => {
  it('is started once, loads and answers', async () => {
    const model = start('good');
    expect((await model.load(settings)).contextSize).toBe(512);
    const results = await Promise.all([model.generate(question('a')), model.generate(question('b')), model.tokenCount('four')]);
    expect(results.slice(0, 2).map((result) => (typeof result === 'object' ? result.candidates[0]?.text : result))).toEqual([
      'answer to a',
      'answer to b',
    ]);
    expect(results[2]).toBe(4);
    expect(pids()).toHaveLength(1);
  });

  it('hears that enough is known', async () => {
    const model = start('good');
    await model.load(settings);
    const seen: string[] = [];
    const result = await model.generate(question('enough'), { onCandidate: ({ text }) => (seen.push(text), 'enough') });
    expect([seen, result.candidates.length]).toEqual([['first'], 1]);
  });

  it('passes errors of the family on', async () => {
    const model = start('good');
    expect(await codeOf(model.load({ ...settings, modelId: 'broken' }))).toBe('model.truncated');
  });

  it('ends on stop and starts again on the next call, with its model', async () => {
    const model = start('good');
    await model.load(settings);
    await model.stop();
    expect(pids().map(isAlive)).toEqual([false]);
    expect((await model.generate(question('again'))).candidates[0]?.text).toBe('answer to again');
    expect(pids()).toHaveLength(2);
  });

  it('ends when idle', async () => {
    const model = start('good', { idleMs: 1 });
    await model.load(settings);
    const [pid = 0] = pids();
    await gone(pid);
    expect(isAlive(pid)).toBe(false);
  });

  it('needs a model before questions', async () => {
    expect(await codeOf(start('good').generate(question('a')))).toBe('model.missing');
  });
});

describe('cancelling', () => {
  it('frees the caller and tells the process', async () => {
    const model = start('good');
    await model.load(settings);
    const source = new CancellationSource();
    const running = codeOf(model.generate(question('wait'), { onCandidate: () => (source.cancel(), 'more') }, source.token));
    expect(await running).toBe('cancelled');
    await until(() => lines().includes('cancelled'));
    expect((await model.generate(question('next'))).candidates[0]?.text).toBe('answer to next');
  });

  it('does not start what is cancelled already', async () => {
    const model = start('good');
    await model.load(settings);
    const source = new CancellationSource();
    source.cancel();
    expect(await codeOf(model.generate(question('a'), {}, source.token))).toBe('cancelled');
  });
});

describe('a process that fails', () => {
  it.each([
    ['exitsEarly', 'process.startFailed'],
    ['wrongVersion', 'process.wrongVersion'],
    ['garbage', 'process.startFailed'],
    ['oddFacts', 'process.wrongVersion'],
  ])('%s: %s', async (mode, code) => {
    expect(await codeOf(start(mode).load(settings))).toBe(code);
  });

  it('a silent one is ended at the startup deadline', async () => {
    expect(await codeOf(start('silent', { startupMs: 400 }).load(settings))).toBe('process.startFailed');
    for (const pid of pids()) await gone(pid);
  });

  it('a program that is not there', async () => {
    expect(await codeOf(start('good', { command: '/nowhere/node' }).load(settings))).toBe('process.startFailed');
  });

  it('one killed during an answer loses that answer only', async () => {
    const model = start('good');
    await model.load(settings);
    const waiting = ['hang on', 'other'].map((text) => model.generate(question(text)));
    const lost = codeOf(model.generate(question('die', { priority: 'typing' })));
    const kept = await Promise.all(waiting);
    expect([await lost, ...kept.map(({ candidates }) => candidates[0]?.text)]).toEqual([
      'process.died',
      'answer to hang on',
      'answer to other',
    ]);
    expect((await model.generate(question('after'))).candidates[0]?.text).toBe('answer to after');
    expect(pids()).toHaveLength(2);
  });

  it('one that dies over every question is not asked the same for ever', async () => {
    const model = start('good');
    await model.load(settings);
    const codes = await Promise.all(['die', 'die', 'die', 'die'].map((text) => codeOf(model.generate(question(text)))));
    expect(codes).toEqual(['process.died', 'process.died', 'process.died', 'process.died']);
    expect(pids().length).toBeLessThanOrEqual(4);
  });

  it('what had given something already is not asked again', async () => {
    const model = start('good');
    await model.load(settings);
    const seen: string[] = [];
    let hear: () => void = () => undefined;
    const heard = new Promise<void>((resolve) => (hear = resolve));
    const begun = codeOf(
      model.generate(question('wait', { priority: 'batch' }), { onCandidate: ({ text }) => (seen.push(text), hear(), 'more') }),
    );
    await heard;
    expect([await codeOf(model.generate(question('die'))), await begun, seen]).toEqual(['process.died', 'process.died', ['waiting']]);
  });

  it('is not started for ever', async () => {
    const model = start('good');
    await model.load(settings);
    const codes: string[] = [];
    for (let turn = 0; turn < 6; turn++) codes.push(await codeOf(model.generate(question('die'))));
    expect(codes).toEqual([...Array.from({ length: 4 }, () => 'process.died'), 'process.startFailed', 'process.startFailed']);
  });

  it('a hung one is ended when the request is far beyond its deadline', async () => {
    const model = start('good', { graceMs: 50 });
    await model.load(settings);
    expect(await codeOf(model.generate(question('hang', { deadlineMs: 10 })))).toBe('process.deadline');
    for (const pid of pids()) await gone(pid);
    expect((await model.generate(question('after'))).candidates[0]?.text).toBe('answer to after');
  });

  it.each([
    [10_000, 'no error', 4, 2048],
    [3_000, 'no error', 1, 2048],
    [100, 'process.outOfMemory', 0, 0],
  ])('with memory for %i tokens: %s', async (tokens, code, sequences, contextSize) => {
    const env = { FAKE_MODEL: 'littleMemory', FAKE_MODEL_PIDS: pidFile, FAKE_MODEL_TOKENS: String(tokens) };
    const model = start('', { env });
    const wanted = { ...settings, sequences: 12, contextSize: 2048 };
    expect(await codeOf(model.load(wanted))).toBe(code);
    if (code === 'no error') {
      expect(await model.load(wanted)).toMatchObject({ sequences, contextSize });
      expect((await model.generate(question('a'))).candidates[0]?.text).toBe('answer to a');
    } else expect((await model.facts()).gpu).toBe('none');
  });

  it('one that complained about memory and went on is not blamed for it later', async () => {
    const model = start('complains');
    await model.load(settings);
    expect(await codeOf(model.generate(question('die')))).toBe('process.died');
  });

  it('one that ignores shutdown is ended', async () => {
    const model = start('stubborn');
    await model.load(settings);
    await model.stop();
    expect(pids().map(isAlive)).toEqual([false]);
  });

  it.each(['gpuDies', 'gpuLoadDies'])('%s: goes on on the CPU and says why', async (mode) => {
    const model = start(mode, { gpu: 'auto' });
    await model.load(settings);
    const facts = await model.facts();
    expect([facts.gpu, facts.gpuProblem]).toEqual(['none', 'SIGABRT']);
  });
});

it('the process ends with its parent', async () => {
  const { spawn } = await import('node:child_process');
  const parent = spawn(
    process.execPath,
    [
      '-e',
      `const { spawn } = require('node:child_process'); spawn(process.execPath, [${JSON.stringify(fake)}], { stdio: ['pipe', 'pipe', 'inherit'] }); setInterval(() => undefined, 1000);`,
    ],
    {
      env: { ...process.env, FAKE_MODEL: 'good', FAKE_MODEL_PIDS: pidFile },
      stdio: 'ignore',
    },
  );
  await until(() => pids().length > 0);
  const [pid = 0] = pids();
  parent.kill('SIGKILL');
  await gone(pid);
  expect(isAlive(pid)).toBe(false);
});
