/** Starts llama.cpp from the binaries that came with the package. Never builds and never downloads. */
import { cpus } from 'node:os';
import { getLlama, type Llama, LlamaLogLevel } from 'node-llama-cpp';
import { type Logger } from '../core/shared/logger.js';
import { type GpuChoice, type InitializeParams, protocolVersion, type RuntimeFacts } from '../protocol/modelProcess.js';

export interface Runtime {
  readonly llama: Llama;
  readonly facts: RuntimeFacts;
  /** The runtime's last messages: they tell why a load failed. */
  readonly recentLines: string[];
}

const mostLines = 40;

/** Throws what the runtime throws when not even the CPU binary loads. A GPU that fails to start is left out and named in the facts. */
export async function startRuntime(params: InitializeParams, log: Logger): Promise<Runtime> {
  const threads = params.maxThreads > 0 ? params.maxThreads : undefined;
  const recentLines: string[] = [];
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
      // The default takes four threads even on two cores, which is many times slower.
      maxThreads: threads ?? coreCount(),
    });
  try {
    return await describe(await start(params.gpu), recentLines);
  } catch (error) {
    if (params.gpu === 'off') throw error;
    const problem = error instanceof Error ? error.message : String(error);
    log.log('warn', 'runtime', `no ${params.gpu} GPU: ${problem}`);
    return describe(await start('off'), recentLines, problem);
  }
}

function coreCount(): number {
  return Math.max(1, cpus().length);
}

async function describe(llama: Llama, recentLines: string[], gpuProblem?: string): Promise<Runtime> {
  const gpu = llama.gpu === false ? 'none' : llama.gpu;
  const facts: RuntimeFacts = {
    protocolVersion,
    runtimeVersion: process.version,
    llamaRelease: llama.llamaCppRelease.release,
    gpu,
    gpuNames: gpu === 'none' ? [] : await llama.getGpuDeviceNames(),
    vramBytes: gpu === 'none' ? 0 : (await llama.getVramState()).total,
    threads: threadsOf(llama),
    ...(gpuProblem === undefined ? {} : { gpuProblem }),
  };
  return { llama, facts, recentLines };
}

/** Physical cores as llama.cpp counts them, within the bound that was asked for; 0 of the library means no bound. */
export function threadsOf(llama: Llama): number {
  return llama.maxThreads === 0 ? llama.cpuMathCores : Math.min(llama.maxThreads, Math.max(1, llama.cpuMathCores));
}
