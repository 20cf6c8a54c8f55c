/** `kill -9` of the real model process in the middle of an answer: that answer is lost and nothing else. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createModelService } from '../../src/engine/process/createModelService.js';
import { defaultModelFolder, findCatalogModel, modelCatalog } from '../../src/engine/models/modelCatalog.js';
import { type GenerateParams } from '../../src/protocol/modelProcess.js';
import { prepareQuestion, shopKnowledge, shopQuestions } from '../../scripts/bench/inferenceQuestions.js';

const model = findCatalogModel(modelCatalog, 'qwen2.5-coder-0.5b');
const modelPath = path.join(defaultModelFolder(process.env, homedir(), process.platform), model.file);
const missing = !existsSync(modelPath);
const inferencePath = path.resolve(import.meta.dirname, '../../dist/inference.mjs');
const stateFolder = mkdtempSync(path.join(tmpdir(), 'joinery-killed-'));

function request(question: string, candidates: number): Omit<GenerateParams, 'requestId'> {
  const rest = { stop: ['```', ';', '\n\n'], maxTokens: 100, temperature: 0.8, seed: 1, priority: 'interactive' as const, deadlineMs: 0 };
  return { ...prepareQuestion(shopKnowledge, question), ...rest, candidates };
}

/** The process that this one started. */
function modelProcess(): number {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  const own = lines.map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line)).find((fields) => Number(fields?.[2]) === process.pid && fields?.[3]?.includes('inference.mjs')); // prettier-ignore
  if (!own) throw new Error('there is no model process');
  return Number(own[1]);
}

describe.skipIf(missing)(`a killed model process${missing ? ' (skipped: the 0.5B model is not on this machine)' : ''}`, () => {
  const service = createModelService({ inferencePath, stateFolder, gpu: 'off', maxThreads: 1 });
  afterAll(async () => {
    await service.stop();
    rmSync(stateFolder, { recursive: true, force: true });
  });

  it('loses its answer; the next ones come from the same model, schema state and all', async () => {
    await service.load({ modelPath, modelId: model.id, promptVersion: 'test', contextSize: 2048, sequences: 9 });
    const [first = '', second = ''] = shopQuestions;
    const before = await service.generate(request(first, 1));
    const killed = modelProcess();
    const lost = service.generate(request(second, 8), {
      onCandidate: () => {
        process.kill(killed, 'SIGKILL');
        return 'more';
      },
    });
    await expect(lost).rejects.toMatchObject({ code: 'process.died' });
    const after = await service.generate(request(first, 1));
    expect(after.candidates.map(({ text }) => text)).toEqual(before.candidates.map(({ text }) => text));
    expect(modelProcess()).not.toBe(killed);
    expect(after.stats.prefixFrom).toBe('disk');
    // What was being written when the process died must not lie about as a state.
    expect(readdirSync(stateFolder, { recursive: true }).map(String).filter((name) => name.endsWith('.part'))).toEqual([]); // prettier-ignore
    expect((await service.generate(request(second, 1))).candidates[0]?.text).toMatch(/^SELECT /);
  }, 240_000);
});
