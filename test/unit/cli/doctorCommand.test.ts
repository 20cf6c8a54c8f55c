import { describe, expect, it } from 'vitest';
import { type DoctorReport, renderDoctor } from '../../../src/cli/doctorCommand.js';
import { styleFor } from '../../../src/cli/io.js';
import { type CudaAdvice } from '../../../src/engine/models/cudaFacts.js';

const report: DoctorReport = {
  joinery: '1.2.3',
  node: 'v22.1.0',
  system: 'linux x64 6.1',
  processor: 'Some CPU',
  cores: 8,
  memoryBytes: 16e9,
  freeMemoryBytes: 4e9,
  modelFolder: '/models',
  stateFolder: '/state',
  freeDiskBytes: 5e9,
  models: [],
  runtime: {
    protocolVersion: 1,
    runtimeVersion: 'v22.1.0',
    llamaRelease: 'b1',
    gpu: 'none',
    gpuNames: [],
    vramBytes: 0,
    threads: 7,
    cudaReady: false,
    cudaLibraries: 'none',
    gpuProblem: 'the CUDA libraries are not on this machine',
  },
  cuda: { gpus: [], advice: 'noGpu' },
};

function linesOf(change: Partial<DoctorReport>): string {
  return renderDoctor({ ...report, ...change }, styleFor(false, {}));
}

describe('renderDoctor', () => {
  it('is what people read', async () => {
    await expect(linesOf({})).toMatchFileSnapshot('doctor.golden.txt');
  });

  const pack = { id: 'cuda', title: '', folder: '', bytes: 320e6, unpackedBytes: 560e6, licence: '', note: '', state: 'missing' } as const;
  const cases: readonly { advice: CudaAdvice; words: RegExp }[] = [
    { advice: 'used', words: /NVIDIA T4; used through CUDA/ },
    { advice: 'fetchPack', words: /NVIDIA T4; `joinery models fetch cuda` fetches the CUDA libraries \(320 MB\)/ },
    { advice: 'noRuntime', words: /not the CUDA runtime with cuBLAS \(version 12 or 13\): install it from NVIDIA/ },
    { advice: 'unavailable', words: /no CUDA pack for this platform/ },
    { advice: 'failed', words: /see the GPU problem/ },
    { advice: 'unused', words: /--gpu cuda uses it/ },
  ];
  for (const { advice, words } of cases)
    it(`says what to do: ${advice}`, () => expect(linesOf({ cuda: { gpus: ['NVIDIA T4'], pack, advice } })).toMatch(words));

  it('says why nothing runs', () => {
    const { runtime: _, ...rest } = report;
    expect(renderDoctor({ ...rest, runtimeProblem: 'The model process could not be started.' }, styleFor(false, {}))).toContain(
      'not running: The model process could not be started.',
    );
  });
});
