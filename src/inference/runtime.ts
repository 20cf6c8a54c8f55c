/** Starts llama.cpp from the binaries that came with the package or lie in a fetched pack. Never builds and never downloads. */
import { availableParallelism } from 'node:os';
import { getLlama, getLlamaGpuTypes, type Llama, LlamaLogLevel, NoBinaryFoundError } from 'node-llama-cpp';
import { type Logger } from '../core/shared/logger.js';
import { type GpuChoice, type InitializeParams, protocolVersion, type RuntimeFacts } from '../protocol/modelProcess.js';
import { threadCount } from './threadCount.js';
import { cudaLibraries, usePacks } from './usePacks.js';

export interface Runtime {
  readonly llama: Llama;
  readonly facts: RuntimeFacts;
  /** The runtime's last messages: they tell why a load failed. */
  readonly recentLines: string[];
}

const mostLines = 40;

/** Throws what the runtime throws when not even the CPU binary loads. A GPU that fails to start is left out and named in the facts. */
export async function startRuntime(params: InitializeParams, log: Logger): Promise<Runtime> {
  const recentLines: string[] = [];
  const packs = await usePacks(params.packFolder);
  const hear = (level: LlamaLogLevel, message: string): void => {
    recentLines.push(message);
    if (recentLines.length > mostLines) recentLines.shift();
    log.log(level === LlamaLogLevel.error || level === LlamaLogLevel.fatal ? 'warn' : 'debug', 'llama', message.trim());
  };
  const start = (gpu: GpuChoice): Promise<Llama> =>
    getLlama({
      gpu: gpu === 'off' ? false : gpu,
      build: 'never',
      skipDownload: true,
      progressLogs: false,
      logLevel: LlamaLogLevel.warn,
      logger: hear,
      // A bound for the library, whose default is four threads even on two cores; contexts are given their own number.
      maxThreads: availableParallelism(),
    });
  const describeWith = (llama: Llama, gpuProblem?: string): Promise<Runtime> =>
    describe({ llama, recentLines, packs, wantedThreads: params.maxThreads }, gpuProblem);
  try {
    return await describeWith(await start(params.gpu));
  } catch (error) {
    if (params.gpu === 'off') throw error;
    const problem = await problemOf(error, params.gpu, packs);
    log.log('warn', 'runtime', `no ${params.gpu} GPU: ${problem}`);
    return describeWith(await start('off'), problem);
  }
}

interface Started {
  readonly llama: Llama;
  readonly recentLines: string[];
  readonly packs: readonly string[];
  readonly wantedThreads: number;
}

/** The runtime says no more than that it found nothing that works; what is missing can be said more plainly. */
async function problemOf(error: unknown, wanted: GpuChoice, packs: readonly string[]): Promise<string> {
  if (!(error instanceof NoBinaryFoundError)) return error instanceof Error ? error.message : String(error);
  if (wanted !== 'cuda') return `the libraries for ${wanted} are not there or do not work on this machine`;
  if (cudaLibraries(packs) === 'none') return 'the CUDA libraries are not on this machine';
  if (!(await getLlamaGpuTypes('supported')).includes('cuda')) return "NVIDIA's driver or the CUDA runtime with cuBLAS was not found";
  return 'the CUDA libraries do not work with the driver of this machine';
}

async function describe({ llama, recentLines, packs, wantedThreads }: Started, gpuProblem?: string): Promise<Runtime> {
  const gpu = llama.gpu === false ? 'none' : llama.gpu;
  const facts: RuntimeFacts = {
    protocolVersion,
    runtimeVersion: process.version,
    llamaRelease: llama.llamaCppRelease.release,
    gpu,
    gpuNames: gpu === 'none' ? [] : await llama.getGpuDeviceNames(),
    vramBytes: gpu === 'none' ? 0 : (await llama.getVramState()).total,
    threads: threadCount({ wanted: wantedThreads, mathCores: llama.cpuMathCores, processors: availableParallelism() }),
    cudaReady: (await getLlamaGpuTypes('supported')).includes('cuda'),
    cudaLibraries: cudaLibraries(packs),
    ...(gpuProblem === undefined ? {} : { gpuProblem }),
  };
  return { llama, facts, recentLines };
}
