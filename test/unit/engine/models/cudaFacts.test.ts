import { describe, expect, it } from 'vitest';
import { type CudaAdvice, cudaFacts } from '../../../../src/engine/models/cudaFacts.js';
import { nvidiaGpus } from '../../../../src/engine/models/nvidiaGpus.js';
import { type PackState, type RuntimePacks } from '../../../../src/engine/models/runtimePacks.js';
import { type RuntimeFacts } from '../../../../src/protocol/modelProcess.js';

const facts: RuntimeFacts = {
  protocolVersion: 1,
  runtimeVersion: 'v20',
  llamaRelease: 'b1',
  gpu: 'none',
  gpuNames: [],
  vramBytes: 0,
  threads: 2,
  cudaReady: false,
  cudaLibraries: 'none',
};

function packsIn(state: PackState | undefined): RuntimePacks {
  const listing = { id: 'cuda', title: '', folder: '', bytes: 1, unpackedBytes: 1, licence: '', note: '', state };
  return { list: () => Promise.resolve(state === undefined ? [] : [listing]) } as unknown as RuntimePacks;
}

describe('cudaFacts', () => {
  const one = ['NVIDIA T4'];
  const cases: readonly { gpus: string[]; pack?: PackState; runtime?: Partial<RuntimeFacts>; advice: CudaAdvice }[] = [
    { gpus: [], pack: 'missing', runtime: {}, advice: 'noGpu' },
    { gpus: [], pack: 'ready', runtime: { cudaLibraries: 'pack' }, advice: 'noGpu' },
    { gpus: one, pack: 'missing', runtime: {}, advice: 'fetchPack' },
    { gpus: one, pack: 'damaged', runtime: {}, advice: 'fetchPack' },
    { gpus: one, pack: 'missing', advice: 'fetchPack' },
    { gpus: one, pack: 'unavailable', runtime: {}, advice: 'unavailable' },
    { gpus: one, runtime: {}, advice: 'unavailable' },
    { gpus: one, pack: 'ready', runtime: { cudaLibraries: 'pack' }, advice: 'noRuntime' },
    { gpus: one, pack: 'missing', runtime: { cudaLibraries: 'installed' }, advice: 'noRuntime' },
    { gpus: one, pack: 'ready', runtime: { cudaLibraries: 'pack', cudaReady: true, gpuProblem: 'x' }, advice: 'failed' },
    { gpus: one, pack: 'ready', runtime: { cudaLibraries: 'pack', cudaReady: true }, advice: 'unused' },
    { gpus: one, pack: 'ready', runtime: { cudaLibraries: 'pack', cudaReady: true, gpu: 'cuda' }, advice: 'used' },
    { gpus: one, pack: 'missing', runtime: { cudaLibraries: 'installed', cudaReady: true, gpu: 'cuda' }, advice: 'used' },
  ];
  for (const { gpus, pack, runtime, advice } of cases)
    it(`says ${advice} for ${JSON.stringify({ gpus, pack, runtime })}`, async () => {
      const found = await cudaFacts(packsIn(pack), runtime && { ...facts, ...runtime }, Promise.resolve(gpus));
      expect(found).toMatchObject({ advice, gpus });
    });
});

describe('nvidiaGpus', () => {
  const cases: readonly { name: string; answers: Readonly<Record<string, string>>; gpus: string[] }[] = [
    { name: 'no driver', answers: {}, gpus: [] },
    { name: 'two GPUs', answers: { 'nvidia-smi': 'NVIDIA A\nNVIDIA B\n' }, gpus: ['NVIDIA A', 'NVIDIA B'] },
    { name: 'a driver without GPUs', answers: { 'nvidia-smi': '\n' }, gpus: [] },
    { name: 'WSL', answers: { '/usr/lib/wsl/lib/nvidia-smi': 'NVIDIA C' }, gpus: ['NVIDIA C'] },
  ];
  for (const { name, answers, gpus } of cases)
    it(`reads ${name}`, async () => expect(await nvidiaGpus((program) => Promise.resolve(answers[program]))).toEqual(gpus));
});
