/** `joinery mcp`: the databases as tools for agents, over standard input and output. Standard output carries the protocol and nothing else. */
import { resolve } from 'node:path';
import { type Command } from 'commander';
import { AgentTools } from '../engine/agents/agentTools.js';
import { type ServeMcp } from '../engine/agents/mcpFace.js';
import { findPermission, parsePermissions, type PermissionEntries } from '../engine/agents/modelPermission.js';
import { addModelOptions, type CliContext, readModelOptions, withEngine } from './context.js';
import { readCount } from './readCount.js';

/** Name of the variable that says what models may see; every command honours it. */
export const permissionVariable = 'JOINERY_MAY_SEE';

interface McpOptions {
  readonly folder: readonly string[];
  readonly maySee?: string;
  readonly candidates: number;
  readonly threads: number;
}

/** Looking for databases walks the folders: not again for every call of a busy agent. */
const foundForMs = 10_000;

export function registerMcp(program: Command, context: CliContext, loadServer: () => Promise<ServeMcp>): void {
  const command = program
    .command('mcp')
    .description('give the databases to agents as tools that only read (MCP over stdin and stdout)')
    .argument('[databases...]', 'SQLite files; by default all below the folders')
    .option('--folder <folder...>', 'folders to look for databases in', [])
    .option('--may-see <permission>', `nothing, schema, schemaAndSamples, or JSON by path; default from ${permissionVariable}`)
    .option('-n, --candidates <count>', 'candidates to vote over in ask_database; 0 is what suits the model', readCount, 0)
    .option('--threads <count>', 'compute threads of the model; 0 takes the physical cores', readCount, 0);
  addModelOptions(command).action(async (databases: readonly string[], options: McpOptions) => {
    const { io } = context;
    const folders = (options.folder.length === 0 ? [io.folder] : options.folder).map((folder) => resolve(io.folder, folder));
    const permissions = parsePermissions(options.maySee ?? io.environment[permissionVariable] ?? '', '--may-see');
    const permissionOf = (database: string): ReturnType<typeof findPermission> => findPermission(database, permissions, folders);
    const serve = await loadServer();
    await withEngine(
      context,
      { ...readModelOptions({ ...options }, io.environment), maxThreads: options.threads, permissionOf },
      async (engine) => {
        const tools = new AgentTools({
          catalogue: () => Promise.resolve(engine.catalogue),
          ask: (request, token, listener) => engine.ask.ask(request, listener, token),
          databases:
            databases.length > 0 ? () => Promise.resolve(databases.map((path) => resolve(io.folder, path))) : finder(context, folders),
          folders: () => folders,
          permissionOf,
          candidates: () => options.candidates,
        });
        await serve({ tools, version: context.version, token: io.token });
      },
    );
  });
}

/** The entries of the environment variable. Throws `config.invalid`. */
export function permissionsOf(environment: NodeJS.ProcessEnv): PermissionEntries {
  return parsePermissions(environment[permissionVariable] ?? '', permissionVariable);
}

function finder(context: CliContext, folders: readonly string[]): () => Promise<readonly string[]> {
  let found: Promise<readonly string[]> | undefined;
  let since = -Infinity;
  return () => {
    if (!found || performance.now() - since > foundForMs) {
      since = performance.now();
      found = Promise.all(folders.map((folder) => context.findDatabases(folder))).then((lists) => [...new Set(lists.flat())].sort());
    }
    return found;
  };
}
