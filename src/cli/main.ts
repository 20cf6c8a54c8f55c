/** Entry point of the `joinery` command: gives the real terminal and the real engine to the commands. */
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { version } from '../../package.json';
import { CancellationSource } from '../core/shared/cancellation.js';
import { type ServeMcp } from '../engine/agents/mcpFace.js';
import { findPermission } from '../engine/agents/modelPermission.js';
import { defaultModelFolder, defaultStateFolder } from '../engine/models/modelCatalog.js';
import { type CliContext } from './context.js';
import { registerAlike } from './alikeCommand.js';
import { registerCompile } from './compileCommand.js';
import { registerComplete } from './completeCommand.js';
import { registerEval } from './evalCommand.js';
import { registerExport } from './exportCommand.js';
import { permissionsOf, registerMcp } from './mcpCommand.js';
import { terminalLogger } from './terminalLogger.js';
import { exitCodes } from './exitCodes.js';
import { type CliIo } from './io.js';
import { runCli } from './runCli.js';

const here = path.dirname(fileURLToPath(import.meta.url));

function terminal(source: CancellationSource): CliIo {
  return {
    out: (text) => process.stdout.write(`${text}\n`),
    err: (text) => process.stderr.write(`${text}\n`),
    errRaw: (text) => process.stderr.write(text),
    outIsTerminal: process.stdout.isTTY ?? false,
    errIsTerminal: process.stderr.isTTY ?? false,
    width: process.stderr.columns ?? 0,
    environment: process.env,
    folder: process.cwd(),
    token: source.token,
    setExitCode: (code) => {
      process.exitCode = code;
    },
  };
}

/** The first Ctrl-C cancels, so that files and processes are left in order; the second one ends at once. */
function cancelOnInterrupt(source: CancellationSource): void {
  process.on('SIGINT', () => {
    if (source.token.isCancellationRequested) process.exit(exitCodes.cancelled);
    source.cancel();
  });
  // A reader that went away, such as `head`, is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) =>
    process.exit(error.code === 'EPIPE' ? exitCodes.success : exitCodes.internal),
  );
}

function realContext(io: CliIo): CliContext {
  const modelFolder = defaultModelFolder(process.env, homedir(), process.platform);
  const stateFolder = defaultStateFolder(process.env, homedir(), process.platform);
  const inferencePath = path.join(here, 'inference.mjs');
  const adapterFolder = path.join(here, '..', 'models', 'adapters');
  return {
    io,
    modelFolder,
    adapterFolder,
    stateFolder,
    inferencePath,
    version,
    // Loaded when a command needs them: `joinery models list` must not wait for native libraries.
    async createEngine(choice) {
      const { createEngine } = await import('../engine/createEngine.js');
      const entries = permissionsOf(io.environment);
      const permissionOf = (database: string): ReturnType<typeof findPermission> => findPermission(database, entries, [io.folder]);
      return createEngine({ permissionOf, ...choice, stateFolder, modelFolder, adapterFolder, inferencePath, log: terminalLogger(io) });
    },
    async findDatabases(folder) {
      const { findDatabases } = await import('../engine/catalogue/findDatabases.js');
      return findDatabases(folder);
    },
  };
}

/** A bundle of its own beside this one. */
async function loadMcpServer(): Promise<ServeMcp> {
  const loaded = (await import(pathToFileURL(path.join(here, 'mcp.mjs')).href)) as { readonly serveMcp: ServeMcp };
  return loaded.serveMcp;
}

const source = new CancellationSource();
cancelOnInterrupt(source);
const context = realContext(terminal(source));
await runCli(process.argv.slice(2), context, (program) => {
  registerEval(program, context);
  registerExport(program, context);
  registerComplete(program, context, process.stdin);
  registerCompile(program, context, process.stdin);
  registerAlike(program, context);
  registerMcp(program, context, loadMcpServer);
});
