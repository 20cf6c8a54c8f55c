/** Fetches whose process is killed before each of its file operations: nothing false is left, and the next fetch completes it. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, type Plugin } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type IndexAddress } from '../../../../src/engine/models/pythonIndex.js';
import { ModelStore } from '../../../../src/engine/models/modelStore.js';
import { RuntimePacks } from '../../../../src/engine/models/runtimePacks.js';
import { type CatalogPack } from '../../../../src/engine/models/types.js';
import { content, FakeSources } from './fakeSources.js';
import { tarballOf } from './tarball.js';

const support = path.resolve(import.meta.dirname, '../../../support');
const modules = path.resolve(import.meta.dirname, '../../../../src/engine/models');
const scratch = mkdtempSync(path.join(tmpdir(), 'joinery-killed-'));
const program = path.join(scratch, 'fetch.mjs');
const library = content(50_000);
const archive = tarballOf([
  { name: 'package/dist/index.js', bytes: Buffer.from('export {};') },
  { name: 'package/lib.so', bytes: library },
]);
const pack: CatalogPack = {
  id: 'gpu',
  title: '',
  version: '1.0.0',
  platform: 'any',
  licence: '',
  note: '',
  archives: [
    {
      package: '@team/lib',
      bytes: archive.length,
      unpackedBytes: 60_000,
      integrity: `sha512-${createHash('sha512').update(archive).digest('base64')}`,
    },
  ],
};
let sources: FakeSources;

beforeAll(async () => {
  sources = await FakeSources.start(content(120_000), 60_000);
  sources.others.set('/@team/lib/-/lib-1.0.0.tgz', archive);
  const contents = `
    import { ModelStore } from ${JSON.stringify(path.join(modules, 'modelStore.ts'))};
    import { RuntimePacks } from ${JSON.stringify(path.join(modules, 'runtimePacks.ts'))};
    const { folder, url, catalog, pack, kind } = JSON.parse(process.argv[2]);
    const freeBytes = async () => 1e12;
    const store = new ModelStore({ folder, catalog, hubUrl: url, findIndex: async () => ({ url: url + '/simple', headers: {} }), freeBytes });
    const packs = new RuntimePacks({ modelFolder: folder, findRegistry: async () => url, packs: [pack], platform: 'any', freeBytes });
    await (kind === 'pack' ? packs.fetch('gpu') : store.fetch('tiny'));
  `;
  const counted: Plugin = {
    name: 'counted',
    setup: ({ onResolve }) =>
      onResolve({ filter: /^node:fs\/promises$/ }, ({ importer }) =>
        importer.startsWith(support) ? { path: 'node:fs/promises', external: true } : { path: path.join(support, 'countedFiles.ts') },
      ),
  };
  await build({
    stdin: { contents, resolveDir: modules, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: program,
    logLevel: 'error',
    plugins: [counted],
  });
});
afterAll(async () => {
  await sources.stop();
  rmSync(scratch, { recursive: true });
});

type Kind = 'hub' | 'wheels' | 'pack';

/** Returns how many file operations it took, or undefined when it was killed. */
async function fetchInProcess(kind: Kind, folder: string, killAt: number): Promise<number | undefined> {
  const job = JSON.stringify({ folder, url: sources.url, catalog: sources.catalog(), pack, kind });
  const env = { ...process.env, JOINERY_KILL_AT: String(killAt) };
  const child = spawn(process.execPath, [program, job], { stdio: ['ignore', 'pipe', 'inherit'], env });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await once(child, 'close');
  const steps = /steps (\d+)/.exec(said)?.[1];
  return steps === undefined ? undefined : Number(steps);
}

const freeBytes = (): Promise<number> => Promise.resolve(1e12);

async function fetchHere(kind: Kind, folder: string): Promise<void> {
  const findIndex = (): Promise<IndexAddress> => Promise.resolve({ url: `${sources.url}/simple`, headers: {} });
  const findRegistry = (): Promise<string> => Promise.resolve(sources.url);
  if (kind === 'pack')
    await new RuntimePacks({ modelFolder: folder, findRegistry, packs: [pack], platform: 'any', freeBytes }).fetch('gpu');
  else await new ModelStore({ folder, catalog: sources.catalog(), hubUrl: sources.url, findIndex, freeBytes }).fetch('tiny');
}

/** Whole, or not there under its own name. */
function expectNothingFalse(kind: Kind, folder: string): void {
  const names = readdirSync(folder, { recursive: true }).map(String);
  if (kind !== 'pack') {
    if (names.includes('tiny.gguf')) expect(readFileSync(path.join(folder, 'tiny.gguf')).equals(sources.bytes)).toBe(true);
    return;
  }
  const ready = path.join('packs', 'gpu-1.0.0');
  if (names.includes(ready)) expect(readFileSync(path.join(folder, ready, 'lib', 'lib.so')).equals(library)).toBe(true);
}

const whole: Readonly<Record<Kind, readonly string[]>> = {
  hub: ['tiny.gguf', 'tiny.gguf.verified'],
  wheels: ['tiny.gguf', 'tiny.gguf.verified'],
  pack: ['packs', ...['', '/lib', '/lib/dist', '/lib/dist/index.js', '/lib/lib.so', '/pack.json'].map((end) => `packs/gpu-1.0.0${end}`)],
};

describe('a killed fetch', () => {
  for (const kind of ['hub', 'wheels', 'pack'] as const)
    it(`from ${kind} harms nothing at any step`, { timeout: 300_000 }, async () => {
      sources.hub = kind === 'wheels' ? 'missing' : 'ok';
      const steps = await fetchInProcess(kind, mkdtempSync(path.join(scratch, 'whole-')), 0);
      expect(steps).toBeGreaterThan(10);
      for (let killAt = 1; killAt <= (steps ?? 0); killAt++) {
        const folder = mkdtempSync(path.join(scratch, `${kind}-${killAt}-`));
        expect(await fetchInProcess(kind, folder, killAt)).toBeUndefined();
        expectNothingFalse(kind, folder);
        await fetchHere(kind, folder);
        const left = readdirSync(folder, { recursive: true }).map((name) => String(name).replaceAll(path.sep, '/'));
        expect({ killAt, left: left.sort() }).toEqual({ killAt, left: [...whole[kind]].sort() });
        expectNothingFalse(kind, folder);
      }
    });
});
