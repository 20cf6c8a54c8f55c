/** Asking a model process in benches: one service, requests as the product makes them, and what each took. */
import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { defaultModelFolder } from '../../src/engine/models/modelCatalog.js';
import { createModelService } from '../../src/engine/process/createModelService.js';
import { type ModelService } from '../../src/engine/process/types.js';
import { type Candidate, type GenerateParams, type GenerateResult } from '../../src/protocol/modelProcess.js';
import { type Prepared } from './inferenceQuestions.js';

export const stop = ['```', ';', '\n\n'];
export const maxTokens = 120;

export interface Timed {
  readonly ms: number;
  readonly result: GenerateResult;
}

export interface BenchService {
  readonly service: ModelService;
  close(): Promise<void>;
}

/** A model process without a GPU and with a state folder of its own; `JOINERY_BENCH_THREADS` bounds its threads. */
export function benchService(): BenchService {
  const folder = mkdtempSync(path.join(tmpdir(), 'joinery-bench-'));
  const maxThreads = Number(process.env['JOINERY_BENCH_THREADS'] ?? 0);
  const service = createModelService({ inferencePath: path.resolve('dist', 'inference.mjs'), gpu: 'off', maxThreads, stateFolder: folder });
  return {
    service,
    close: async () => {
      await service.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function defaultModelPath(): string {
  const folder = defaultModelFolder(process.env, homedir(), process.platform);
  return process.env['JOINERY_BENCH_MODEL'] ?? path.join(folder, 'qwen2.5-coder-0.5b-instruct-q4_k_m.gguf');
}

export async function ask(
  service: ModelService,
  prepared: Prepared,
  change: Partial<GenerateParams>,
  onCandidate?: (candidate: Candidate) => 'more' | 'enough',
): Promise<Timed> {
  const start = performance.now();
  const result = await service.generate(
    {
      ...tagged(prepared),
      stop,
      maxTokens,
      candidates: 1,
      temperature: 0,
      seed: 1,
      priority: 'interactive',
      deadlineMs: 0,
      ...change,
    },
    onCandidate ? { onCandidate } : {},
  );
  return { ms: performance.now() - start, result };
}

let asked = 0;

/** No two requests begin alike behind the prefix, so that each pays for its own question. */
export function tagged(prepared: Prepared): Prepared {
  const [first, ...others] = prepared.rest;
  return first ? { ...prepared, rest: [{ ...first, text: `\n[${++asked}]${first.text}` }, ...others] } : prepared;
}
