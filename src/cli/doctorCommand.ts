/** `joinery doctor`: the facts that a bug report or a slow answer needs. Contacts nothing outside this machine. */
import { statfs } from 'node:fs/promises';
import { cpus, freemem, release, totalmem } from 'node:os';
import { type Command } from 'commander';
import { isJoineryError } from '../core/shared/errors.js';
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
  /** Why the model process could not answer. */
  readonly runtimeProblem?: string;
}

export function registerDoctor(program: Command, context: CliContext): void {
  const command = program.command('doctor').description('print the facts about this installation').option('--json', 'print JSON');
  addModelOptions(command).action(async (options: { readonly json?: boolean }) => {
    const { io } = context;
    const report = await examine(context, readModelOptions({ ...options }));
    io.out(options.json ? jsonText(report) : renderDoctor(report, styleFor(io.outIsTerminal, io.environment)));
    if (report.runtimeProblem !== undefined) io.setExitCode(exitCodes.model);
  });
}

async function examine(context: CliContext, choice: EngineChoice): Promise<DoctorReport> {
  const facts = await withEngine(context, choice, async (engine) => ({
    models: await engine.models.list(),
    ...(await askRuntime(() => engine.model.facts())),
  }));
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

async function askRuntime(ask: () => Promise<RuntimeFacts>): Promise<{ runtime: RuntimeFacts } | { runtimeProblem: string }> {
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
