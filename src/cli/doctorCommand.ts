/** `joinery doctor`: the facts that a bug report or a slow answer needs. Contacts nothing outside this machine. */
import { statfs } from 'node:fs/promises';
import { cpus, freemem, release, totalmem } from 'node:os';
import { type Command } from 'commander';
import { isJoineryError } from '../core/shared/errors.js';
import { cudaFacts, type CudaFacts } from '../engine/models/cudaFacts.js';
import { type ModelListing } from '../engine/models/types.js';
import { describeError } from '../engine/words/errorSentences.js';
import { type RuntimeFacts } from '../protocol/modelProcess.js';
import { addModelOptions, readModelOptions, withEngine, type CliContext, type EngineChoice } from './context.js';
import { exitCodes } from './exitCodes.js';
import { formatBytes } from './formatBytes.js';
import { styleFor, type Style } from './io.js';
import { jsonText } from './jsonText.js';

export interface DoctorReport {
  readonly joinery: string;
  readonly node: string;
  readonly system: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly freeMemoryBytes: number;
  readonly modelFolder: string;
  readonly stateFolder: string;
  /** Free bytes of the disk with the model folder; absent when the folder is not there yet. */
  readonly freeDiskBytes?: number;
  readonly models: readonly ModelListing[];
  readonly runtime?: RuntimeFacts;
  readonly cuda: CudaFacts;
  /** Why the model process could not answer. */
  readonly runtimeProblem?: string;
}

export function registerDoctor(program: Command, context: CliContext): void {
  const command = program.command('doctor').description('print the facts about this installation').option('--json', 'print JSON');
  addModelOptions(command).action(async (options: { readonly json?: boolean }) => {
    const { io } = context;
    const report = await examine(context, readModelOptions({ ...options }, io.environment));
    io.out(options.json ? jsonText(report) : renderDoctor(report, styleFor(io.outIsTerminal, io.environment)));
    if (report.runtimeProblem !== undefined) io.setExitCode(exitCodes.model);
  });
}

async function examine(context: CliContext, choice: EngineChoice): Promise<DoctorReport> {
  const facts = await withEngine(context, choice, async (engine) => {
    const answer = await askRuntime(() => engine.model.facts());
    return { models: await engine.models.list(), cuda: await cudaFacts(engine.packs, answer.runtime), ...answer };
  });
  const disk = await statfs(context.modelFolder).catch(() => undefined);
  return {
    joinery: context.version,
    node: process.version,
    system: `${process.platform} ${process.arch} ${release()}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    freeMemoryBytes: freemem(),
    modelFolder: context.modelFolder,
    stateFolder: context.stateFolder,
    ...(disk ? { freeDiskBytes: disk.bavail * disk.bsize } : {}),
    ...facts,
  };
}

async function askRuntime(ask: () => Promise<RuntimeFacts>): Promise<Pick<DoctorReport, 'runtime' | 'runtimeProblem'>> {
  try {
    return { runtime: await ask() };
  } catch (error) {
    return { runtimeProblem: isJoineryError(error) ? describeError(error.code, error.details).sentence : String(error) };
  }
}

export function renderDoctor(report: DoctorReport, style: Style): string {
  const lines: [string, string][] = [
    ['Joinery', report.joinery],
    ['Node', report.node],
    ['System', report.system],
    ['Processor', `${report.processor}, ${report.cores} cores`],
    ['Memory', `${formatBytes(report.freeMemoryBytes)} free of ${formatBytes(report.memoryBytes)}`],
    ['Models in', report.modelFolder + (report.freeDiskBytes === undefined ? '' : ` (${formatBytes(report.freeDiskBytes)} free)`)],
    ['State in', report.stateFolder],
    ...runtimeLines(report),
    ['NVIDIA', cudaWords(report.cuda)],
    ...report.models.map((model): [string, string] => ['Model', `${model.id}: ${model.state}`]),
  ];
  return lines.map(([name, text]) => `${style.bold(name.padEnd(12))}${text}`).join('\n');
}

function runtimeLines({ runtime, runtimeProblem }: DoctorReport): [string, string][] {
  if (!runtime) return [['Runtime', `not running: ${runtimeProblem ?? 'unknown'}`]];
  const graphics =
    runtime.gpu === 'none'
      ? 'none; computing on the processor'
      : `${runtime.gpu}: ${runtime.gpuNames.join(', ')}, ${formatBytes(runtime.vramBytes)}`;
  const problem: [string, string][] = runtime.gpuProblem === undefined ? [] : [['GPU problem', runtime.gpuProblem]];
  return [
    ['Runtime', `llama.cpp ${runtime.llamaRelease} in Node ${runtime.runtimeVersion}, ${runtime.threads} threads`],
    ['GPU', graphics],
    ...problem,
  ];
}

function cudaWords({ gpus, pack, advice }: CudaFacts): string {
  const seen = gpus.join(', ');
  switch (advice) {
    case 'noGpu':
      return 'no GPU visible; the CUDA pack would not be used';
    case 'used':
      return `${seen || 'GPU'}; used through CUDA`;
    case 'fetchPack':
      return `${seen}; \`joinery models fetch cuda\` fetches the CUDA libraries (${formatBytes(pack?.bytes ?? 0)})`;
    case 'noRuntime':
      return `${seen}; the CUDA pack is there, but not the CUDA runtime with cuBLAS (version 12 or 13): install it from NVIDIA`;
    case 'unavailable':
      return `${seen}; there is no CUDA pack for this platform, Vulkan is used where it works`;
    case 'failed':
      return `${seen}; CUDA did not start, see the GPU problem`;
    case 'unused':
      return `${seen}; the CUDA pack is there, --gpu cuda uses it`;
  }
}
