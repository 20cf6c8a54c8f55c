/** Memory and the real 0.5B: under limits that the system does not announce it takes fewer sequences or says so; idle, it gives all back. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isJoineryError } from '../../src/core/shared/errors.js';
import { createModelService } from '../../src/engine/process/createModelService.js';
import { defaultModelFolder, findCatalogModel, modelCatalog } from '../../src/engine/models/modelCatalog.js';

const model = findCatalogModel(modelCatalog, 'qwen2.5-coder-0.5b');
const modelPath = path.join(defaultModelFolder(process.env, homedir(), process.platform), model.file);
const inferencePath = path.resolve(import.meta.dirname, '../../dist/inference.mjs');
const folder = mkdtempSync(path.join(tmpdir(), 'joinery-memory-'));
const settings = { modelPath, modelId: model.id, promptVersion: 'test', contextSize: 4096, sequences: 12 };
const timeout = 240_000;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function canLimit(): boolean {
  try {
    execFileSync('prlimit', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    // Not every system has it.
    return false;
  }
}

/** A program that writes its process id to a file and goes on as Node. */
function namedNode(pidFile: string): string {
  const file = path.join(folder, 'named-node');
  writeFileSync(file, `#!/bin/sh\necho $$ >> '${pidFile}'\nexec '${process.execPath}' "$@"\n`, { mode: 0o755 });
  return file;
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

/** A program that runs Node with so many bytes of private memory. */
function limitedNode(bytes: number): string {
  const file = path.join(folder, `node-${bytes}`);
  writeFileSync(file, `#!/bin/sh\nexec prlimit --data=${bytes} '${process.execPath}' "$@"\n`, { mode: 0o755 });
  return file;
}

const missing = !existsSync(modelPath);
const request = { prefix: [], prefixKey: 'k', rest: [{ text: 'SELECT' }], stop: [], temperature: 0, seed: 1, deadlineMs: 0 };
const short = { ...request, maxTokens: 4, candidates: 1, priority: 'interactive' } as const;

describe.skipIf(missing)(`idle${missing ? ' (skipped: the 0.5B model is not on this machine)' : ''}`, () => {
  it('the process ends, and the next question starts another with the same model', { timeout }, async (context) => {
    context.skip(process.platform === 'win32', 'the program is a shell script');
    const pidFile = path.join(folder, 'pids');
    const service = createModelService({ inferencePath, gpu: 'off', maxThreads: 1, command: namedNode(pidFile), idleMs: 300 });
    const pids = (): number[] => readFileSync(pidFile, 'utf8').trim().split('\n').map(Number);
    try {
      await service.load({ ...settings, sequences: 2 });
      const first = await service.generate(short);
      const [pid = 0] = pids();
      await expect.poll(() => isAlive(pid), { timeout: 30_000 }).toBe(false);
      expect((await service.generate(short)).candidates[0]?.text).toBe(first.candidates[0]?.text);
      expect(new Set(pids()).size).toBe(2);
    } finally {
      await service.stop();
    }
  });
});

const cannotLimit = missing || !canLimit();
const reason = missing ? 'the 0.5B model is not on this machine' : 'prlimit is not on this machine';

describe.skipIf(cannotLimit)(`little memory${cannotLimit ? ` (skipped: ${reason})` : ''}`, () => {
  it.each([700_000_000, 550_000_000, 380_000_000])('%i bytes', { timeout }, async (bytes) => {
    const service = createModelService({ inferencePath, gpu: 'off', maxThreads: 1, command: limitedNode(bytes) });
    try {
      const facts = await service.load(settings);
      expect(facts.sequences).toBeLessThan(settings.sequences);
      expect((await service.generate(short)).candidates).toHaveLength(1);
    } catch (error) {
      if (!isJoineryError(error)) throw error;
      expect(error.code).toBe('process.outOfMemory');
    } finally {
      await service.stop();
    }
  });
});
