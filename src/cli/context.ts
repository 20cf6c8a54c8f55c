/** What every command gets: the terminal, the folders, and a way to the engine that is built only when a command needs it. */
import { type Command } from 'commander';
import { type ModelPermission } from '../engine/agents/modelPermission.js';
import { type Engine } from '../engine/createEngine.js';
import { type GpuChoice } from '../protocol/modelProcess.js';
import { type ServerSettings } from '../engine/remote/serverSettings.js';
import { type CliIo } from './io.js';
import { readServerOptions } from './serverOptions.js';

export interface EngineChoice {
  readonly model?: string;
  readonly adapter?: string;
  /** Path of a ranker that chooses among candidates. */
  readonly ranker?: string;
  readonly gpu?: GpuChoice;
  /** Compute threads of the model process; absent lets the process choose. */
  readonly maxThreads?: number;
  /** Answers instead of a model of this machine. */
  readonly server?: ServerSettings;
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
  if (choice.server) context.io.err(`Questions and schemas are sent to ${choice.server.url}.`);
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
    .option('--adapter <id>', 'LoRA adapter, id or path, or none (default: the one that comes with the model)')
    .option('--gpu <kind>', 'auto, off, cuda, vulkan or metal', 'auto')
    .option('--server <url>', 'OpenAI-compatible server that answers instead; its key comes from JOINERY_SERVER_KEY')
    .option('--server-model <name>', 'model of the server; its first one when absent')
    .option('--server-constraints <kind>', 'gbnf (llama-server), guided (vLLM) or none; the server is asked when absent');
}

export function readModelOptions(options: Readonly<Record<string, unknown>>, environment: NodeJS.ProcessEnv): EngineChoice {
  const text = (name: string): string | undefined => (typeof options[name] === 'string' ? options[name] : undefined);
  const model = text('model');
  const adapter = text('adapter');
  const gpu = text('gpu');
  const server = readServerOptions(options, environment);
  return {
    ...(model === undefined ? {} : { model }),
    ...(adapter === undefined ? {} : { adapter }),
    ...(gpu === undefined ? {} : { gpu: gpu as GpuChoice }),
    ...(server ? { server } : {}),
  };
}
