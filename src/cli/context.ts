/** What every command gets: the terminal, the folders, and a way to the engine that is built only when a command needs it. */
import { type Command } from 'commander';
import { type ModelPermission } from '../engine/agents/modelPermission.js';
import { type Engine } from '../engine/createEngine.js';
import { type GpuChoice } from '../protocol/modelProcess.js';
import { type CliIo } from './io.js';

export interface EngineChoice {
  readonly model?: string;
  readonly adapter?: string;
  readonly gpu?: GpuChoice;
  /** Compute threads of the model process; absent lets the process choose. */
  readonly maxThreads?: number;
  /** What the model may see of a database; absent follows the environment. */
  readonly permissionOf?: (database: string) => ModelPermission | undefined;
}

export interface CliContext {
  readonly io: CliIo;
  readonly modelFolder: string;
  readonly adapterFolder: string;
  readonly stateFolder: string;
  /** Bundled model process. */
  readonly inferencePath: string;
  readonly version: string;
  createEngine(choice: EngineChoice): Promise<Engine>;
  /** SQLite files below the folder, absolute paths. */
  findDatabases(folder: string): Promise<readonly string[]>;
}

/** Runs with an engine and disposes it whatever happens. */
export async function withEngine<T>(context: CliContext, choice: EngineChoice, run: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = await context.createEngine(choice);
  try {
    return await run(engine);
  } finally {
    await engine.dispose();
  }
}

/** `--model`, `--adapter`, `--gpu`: the same on every command that loads a model. */
export function addModelOptions(command: Command): Command {
  return command
    .option('-m, --model <id>', 'catalogue id or path of a .gguf file')
    .option('--adapter <id>', 'LoRA adapter, id or path')
    .option('--gpu <kind>', 'auto, off, cuda, vulkan or metal', 'auto');
}

export function readModelOptions(options: Readonly<Record<string, unknown>>): EngineChoice {
  const text = (name: string): string | undefined => (typeof options[name] === 'string' ? options[name] : undefined);
  const model = text('model');
  const adapter = text('adapter');
  const gpu = text('gpu');
  return {
    ...(model === undefined ? {} : { model }),
    ...(adapter === undefined ? {} : { adapter }),
    ...(gpu === undefined ? {} : { gpu: gpu as GpuChoice }),
  };
}
