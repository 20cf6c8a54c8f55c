/** The real 0.5B under limits of memory that the system does not announce: fewer sequences, or a sentence; never a riddle. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

/** A program that runs Node with so many bytes of private memory. */
function limitedNode(bytes: number): string {
  const file = path.join(folder, `node-${bytes}`);
  writeFileSync(file, `#!/bin/sh\nexec prlimit --data=${bytes} '${process.execPath}' "$@"\n`, { mode: 0o755 });
  return file;
}

const reason = existsSync(modelPath) ? 'prlimit is not on this machine' : 'the 0.5B model is not on this machine';
const skip = !existsSync(modelPath) || !canLimit();

describe.skipIf(skip)(`little memory${skip ? ` (skipped: ${reason})` : ''}`, () => {
  it.each([700_000_000, 550_000_000, 380_000_000])('%i bytes', { timeout }, async (bytes) => {
    const service = createModelService({ inferencePath, gpu: 'off', maxThreads: 1, command: limitedNode(bytes) });
    try {
      const facts = await service.load(settings);
      expect(facts.sequences).toBeLessThan(settings.sequences);
      const request = { prefix: [], prefixKey: 'k', rest: [{ text: 'SELECT' }], stop: [], temperature: 0, seed: 1, deadlineMs: 0 };
      const answer = await service.generate({ ...request, maxTokens: 4, candidates: 1, priority: 'interactive' });
      expect(answer.candidates).toHaveLength(1);
    } catch (error) {
      if (!isJoineryError(error)) throw error;
      expect(error.code).toBe('process.outOfMemory');
    } finally {
      await service.stop();
    }
  });
});
