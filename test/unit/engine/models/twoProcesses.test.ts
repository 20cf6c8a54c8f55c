import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FakeSources, content } from './fakeSources.js';

const modules = path.resolve(import.meta.dirname, '../../../../src/engine/models');
let programFolder: string;
let sources: FakeSources;
let folder: string;
const children: ChildProcess[] = [];

beforeAll(() => {
  programFolder = mkdtempSync(path.join(tmpdir(), 'joinery-program-'));
  const contents = `
    import { ModelStore } from ${JSON.stringify(path.join(modules, 'modelStore.ts'))};
    const { folder, url, catalog } = JSON.parse(process.argv[2]);
    const store = new ModelStore({ folder, catalog, hubUrl: url, findIndex: async () => ({ url: url + '/simple', headers: {} }), freeBytes: async () => 1e12 });
    await store.fetch('tiny', undefined, (step) => process.stdout.write(step.phase + '\\n'));
  `;
  const outfile = path.join(programFolder, 'fetch.mjs');
  buildSync({
    stdin: { contents, resolveDir: modules, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'error',
  });
});

afterAll(() => rmSync(programFolder, { recursive: true }));

beforeEach(async () => {
  sources = await FakeSources.start(content(2_000_000), 400_000);
  folder = mkdtempSync(path.join(tmpdir(), 'joinery-models-'));
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await sources.stop();
  rmSync(folder, { recursive: true });
});

function fetchInProcess(): { child: ChildProcess; ended: Promise<number | null>; phases: () => string } {
  const job = JSON.stringify({ folder, url: sources.url, catalog: sources.catalog() });
  const child = spawn(process.execPath, [path.join(programFolder, 'fetch.mjs'), job], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  let phases = '';
  child.stdout.on('data', (chunk: Buffer) => (phases += chunk.toString()));
  return { child, ended: once(child, 'exit').then(([code]) => code as number | null), phases: () => phases };
}

/** Waits for a request that the test wants to interrupt; the server's own call makes it deterministic. */
function nextRequest(): Promise<void> {
  return new Promise((resolve) => {
    sources.onRequest = () => resolve();
  });
}

describe('two processes', () => {
  it('fetch the same model once between them', async () => {
    const both = [fetchInProcess(), fetchInProcess()];
    expect(await Promise.all(both.map(({ ended }) => ended))).toEqual([0, 0]);
    expect(sources.downloads).toHaveLength(1);
    expect(readFileSync(path.join(folder, 'tiny.gguf')).equals(sources.bytes)).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['tiny.gguf', 'tiny.gguf.verified']);
  });

  it('go on when the first one is killed in the middle', async () => {
    sources.hub = 'trickle';
    const arrived = nextRequest();
    const first = fetchInProcess();
    await arrived;
    await once(first.child.stdout!, 'data');
    const second = fetchInProcess();
    await once(second.child.stdout!, 'data');
    expect(second.phases()).toContain('waiting');
    sources.hub = 'ok';
    first.child.kill('SIGKILL');
    await first.ended;
    expect(await second.ended).toBe(0);
    expect(readFileSync(path.join(folder, 'tiny.gguf')).equals(sources.bytes)).toBe(true);
  });

  it('are not stopped by the lock of a process that is gone', async () => {
    const gone = spawn(process.execPath, ['-e', '']);
    await once(gone, 'exit');
    const { hostname } = await import('node:os');
    writeFileSync(path.join(folder, 'tiny.gguf.lock'), JSON.stringify({ pid: gone.pid, host: hostname(), id: 'old' }));
    expect(await fetchInProcess().ended).toBe(0);
    expect(existsSync(path.join(folder, 'tiny.gguf.lock'))).toBe(false);
  });
});
