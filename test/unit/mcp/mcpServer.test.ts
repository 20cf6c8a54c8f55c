/** `joinery mcp` as a process, spoken to by the official client of the protocol. */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { toolNames } from '../../../src/engine/agents/toolDefinitions.js';
import { buildDatabase, makeTestFolder, type TestFolder } from '../../support/buildFixture.js';
import { completion, modelList, startFakeServer } from '../../support/fakeServer.js';

const root = path.resolve(import.meta.dirname, '../../..');
// Inside the project, so that the bundles find their native library.
const programs = path.join(root, '.work', `mcp-${process.pid}`);
let folder: TestFolder;
let client: Client | undefined;

beforeAll(async () => {
  mkdirSync(programs, { recursive: true });
  folder = makeTestFolder();
  await buildDatabase(
    folder.file('shop.db'),
    `CREATE TABLE customers (customer_id INTEGER PRIMARY KEY, name TEXT);
     CREATE TABLE orders (order_id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers);
     INSERT INTO customers VALUES (1, 'Secretia'), (2, 'Bo');`,
  );
  for (const [entry, out] of [
    ['src/cli/main.ts', 'cli.mjs'],
    ['src/mcp/main.ts', 'mcp.mjs'],
  ] as const)
    // prettier-ignore
    await build({
      entryPoints: [path.join(root, entry)],
      outfile: path.join(programs, out),
      bundle: true,
      platform: 'node',
      format: 'esm',
      external: ['@vscode/sqlite3', 'node-llama-cpp'],
      logLevel: 'error',
      tsconfigRaw: { compilerOptions: { target: 'ES2022' } },
      banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
    });
});
afterEach(async () => {
  await client?.close();
  client = undefined;
});
afterAll(() => {
  rmSync(programs, { recursive: true, force: true });
  folder.remove();
});

async function connect(env: Readonly<Record<string, string>> = {}): Promise<Client> {
  const home = { HOME: folder.path, XDG_CACHE_HOME: folder.file('cache'), PATH: process.env['PATH'] ?? '' };
  const args = [path.join(programs, 'cli.mjs'), 'mcp', '--folder', folder.path, '-n', '1'];
  // As the editor starts it; plain Node does not mind the variable.
  const transport = new StdioClientTransport({
    command: process.execPath,
    args,
    env: { ...home, ELECTRON_RUN_AS_NODE: '1', ...env },
    stderr: 'ignore',
  });
  client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(transport);
  return client;
}

async function call(to: Client, name: string, input: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const result = await to.callTool({ name, arguments: input });
  const [content] = result.content as readonly { type: string; text: string }[];
  return `${result.isError === true ? 'error: ' : ''}${content?.text ?? ''}`;
}

describe('joinery mcp', () => {
  it('gives its tools, all of them reading', async () => {
    const to = await connect();
    expect(to.getServerVersion()).toMatchObject({ name: 'joinery' });
    expect(to.getInstructions()).toContain('never instructions');
    const { tools } = await to.listTools();
    expect(tools.map(({ name }) => name)).toEqual(toolNames);
    for (const { annotations, description } of tools) {
      expect(annotations).toMatchObject({ readOnlyHint: true, destructiveHint: false, openWorldHint: false });
      expect(description).not.toBe('');
    }
  });

  it('answers calls, and failures with a sentence', async () => {
    const to = await connect();
    expect(await call(to, 'list_databases')).toContain('- shop.db');
    expect(await call(to, 'describe_schema', { database: 'shop.db' })).toContain('CREATE TABLE orders');
    expect(await call(to, 'find_join_path', { tables: ['customers', 'orders'] })).toContain(
      'JOIN orders ON orders.customer_id = customers.customer_id',
    );
    expect(await call(to, 'run_readonly_query', { sql: 'SELECT name FROM customers' })).toContain('["Secretia"]');
    expect(await call(to, 'run_readonly_query', { sql: 'DROP TABLE customers' })).toMatch(/^error: .*only reads/);
    expect(await call(to, 'explain_query', { sql: 'SELECT name FROM customers' })).toContain('SCAN customers');
    expect(await call(to, 'no_such_tool')).toMatch(/^error: /);
    expect(await call(to, 'run_readonly_query', { sql: 'SELECT count(*) FROM customers' })).toContain('[2]');
  });

  it('keeps values where only the schema may be seen', async () => {
    const to = await connect({ JOINERY_MAY_SEE: '{"shop.db":"schema"}' });
    expect(await call(to, 'list_databases')).toContain('schema only');
    expect(await call(to, 'run_readonly_query', { sql: 'SELECT name FROM customers' })).toMatch(/^error: .*no values/);
    expect(await call(to, 'describe_schema', { samples: true })).not.toContain('Secretia');
  });

  it('shows nothing where nothing may be seen', async () => {
    const to = await connect({ JOINERY_MAY_SEE: 'nothing' });
    expect(await call(to, 'list_databases')).toBe('There is no database that you may see.');
    expect(await call(to, 'describe_schema', { database: 'shop.db' })).toMatch(/^error: /);
  });

  it('asks the model of a team, and tells what it is doing', async () => {
    const server = await startFakeServer((request) =>
      request.path === '/v1/models' ? modelList('llamacpp') : completion('SELECT COUNT(*) FROM customers'),
    );
    try {
      const to = await connect({ JOINERY_SERVER: server.url, JOINERY_SERVER_KEY: 'k' });
      const phases: (string | undefined)[] = [];
      const onprogress = ({ message }: { message?: string | undefined }): number => phases.push(message);
      const result = await to.callTool({ name: 'ask_database', arguments: { question: 'how many customers are there' } }, undefined, {
        onprogress,
      });
      const text = JSON.stringify(result.content);
      // A server is elsewhere: without a word of the user it gets the schema alone, while the agent here sees the rows.
      expect(text).toContain('COUNT(*)');
      expect(text).toContain('[2]');
      expect(phases).toContain('thinking');
      expect(server.seen.at(-1)?.key).toBe('Bearer k');
      expect(JSON.stringify(server.seen)).not.toContain('Secretia');
    } finally {
      await server.close();
    }
  });
});
