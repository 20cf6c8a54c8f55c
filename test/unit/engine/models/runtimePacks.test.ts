import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CancellationSource } from '../../../../src/core/shared/cancellation.js';
import { modelCatalog } from '../../../../src/engine/models/modelCatalog.js';
import { archiveAddress, findRegistry } from '../../../../src/engine/models/npmRegistry.js';
import { RuntimePacks, type RuntimePacksOptions } from '../../../../src/engine/models/runtimePacks.js';
import { type CatalogPack, type FetchProgress } from '../../../../src/engine/models/types.js';
import { tarballOf } from './tarball.js';

const root = path.resolve(import.meta.dirname, '../../../..');
/** Digests do not compress, so the archive is long enough to be cut. */
const library = Buffer.concat(Array.from({ length: 12_000 }, (_, index) => createHash('sha256').update(String(index)).digest()));
const archives: Readonly<Record<string, Buffer>> = {
  'linux-x64-cuda': tarballOf([
    { name: 'package/package.json', bytes: Buffer.from('{"version":"9.0.0"}') },
    { name: 'package/dist/index.js', bytes: Buffer.from('export const hello = 1;') },
    { name: 'package/bins/lib.so', bytes: library },
  ]),
  'linux-x64-cuda-ext': tarballOf([{ name: 'package/dist/index.js', bytes: Buffer.from('export const more = 1;') }]),
};

function packOf(change: Partial<CatalogPack> = {}): CatalogPack {
  return {
    id: 'cuda',
    title: 'CUDA',
    version: '9.0.0',
    platform: 'linux-x64',
    licence: 'MIT',
    note: '',
    archives: Object.entries(archives).map(([name, bytes]) => ({
      package: `@team/${name}`,
      bytes: bytes.length,
      unpackedBytes: 500_000,
      integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
    })),
    ...change,
  };
}

let folder: string;
let server: Server;
let seen: { path: string; range: string | undefined }[];
let answer: 'ok' | 'missing' | 'wrong' | 'cut';

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'joinery-packs-'));
  seen = [];
  answer = 'ok';
  server = createServer((request, response) => {
    seen.push({ path: request.url ?? '', range: request.headers.range });
    const name = /^\/@team\/([\w-]+)\/-\/\1-9\.0\.0\.tgz$/.exec(request.url ?? '')?.[1] ?? '';
    const bytes = archives[name];
    if (!bytes || answer === 'missing') return void response.writeHead(404).end();
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const sent = answer === 'wrong' ? Buffer.alloc(bytes.length, 1) : bytes;
    const headers = from > 0 ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {};
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': String(bytes.length - from), ...headers });
    if (answer === 'cut') return void response.write(sent.subarray(0, bytes.length / 2), () => response.destroy());
    response.end(sent.subarray(from));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

function packs(change: Partial<RuntimePacksOptions> = {}): RuntimePacks {
  return new RuntimePacks({
    modelFolder: folder,
    findRegistry: () => Promise.resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    packs: [packOf()],
    platform: 'linux-x64',
    times: { connectTimeoutMs: 1_000, stallTimeoutMs: 1_000, retries: 0 },
    freeBytes: () => Promise.resolve(1e12),
    ...change,
  });
}

const inside = (...names: string[]): string => path.join(folder, 'packs', ...names);
const state = async (): Promise<string | undefined> => (await packs().list())[0]?.state;

describe('a pack', () => {
  it('is fetched, unpacked and left alone the next time', async () => {
    const steps: FetchProgress[] = [];
    expect(await state()).toBe('missing');
    expect(seen).toEqual([]);
    expect(await packs().fetch('cuda', undefined, (step) => steps.push(step))).toBe(inside('cuda-9.0.0'));
    expect(readFileSync(inside('cuda-9.0.0', 'linux-x64-cuda', 'bins', 'lib.so')).equals(library)).toBe(true);
    expect(readdirSync(inside())).toEqual(['cuda-9.0.0']);
    expect(await state()).toBe('ready');
    expect(new Set(steps.map(({ phase }) => phase))).toEqual(new Set(['connecting', 'downloading', 'checking']));
    const total = packOf().archives.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(steps.filter(({ phase }) => phase === 'downloading').at(-1)).toMatchObject({ receivedBytes: total, totalBytes: total });
    await packs().fetch('cuda');
    expect(seen).toHaveLength(2);
  });

  it('continues where a broken transfer stopped', async () => {
    answer = 'cut';
    await expect(packs().fetch('cuda')).rejects.toMatchObject({ code: 'pack.fetchFailed', details: { id: 'cuda' } });
    expect(readdirSync(inside())).toEqual(['linux-x64-cuda-9.0.0.tgz.part']);
    answer = 'ok';
    await packs().fetch('cuda');
    expect(seen[1]?.range).toMatch(/^bytes=\d+-$/);
    expect(await state()).toBe('ready');
  });

  it('replaces one that lost a file, and one whose files were cut', async () => {
    await packs().fetch('cuda');
    truncateSync(inside('cuda-9.0.0', 'linux-x64-cuda', 'bins', 'lib.so'), 10);
    expect(await state()).toBe('damaged');
    await packs().fetch('cuda');
    rmSync(inside('cuda-9.0.0', 'pack.json'));
    expect(await state()).toBe('damaged');
    await packs().fetch('cuda');
    expect(await state()).toBe('ready');
  });

  it('takes the place of those for other versions of the runtime, and of an unfinished one', async () => {
    mkdirSync(inside('cuda-8.0.0'), { recursive: true });
    mkdirSync(inside('cuda-9.0.0.new', 'linux-x64-cuda'), { recursive: true });
    writeFileSync(inside('cuda-9.0.0.new', 'linux-x64-cuda', 'half.so'), 'x');
    await packs().fetch('cuda');
    expect(readdirSync(inside())).toEqual(['cuda-9.0.0']);
    expect(existsSync(inside('cuda-9.0.0', 'linux-x64-cuda', 'half.so'))).toBe(false);
  });

  it('is removed with what an unfinished fetch left', async () => {
    await packs().fetch('cuda');
    writeFileSync(inside('linux-x64-cuda-9.0.0.tgz.part'), 'x');
    await packs().remove('cuda');
    expect(readdirSync(inside())).toEqual([]);
  });
});

describe('what can go wrong', () => {
  const cases: readonly { name: string; set?: () => void; options?: Partial<RuntimePacksOptions>; error: object }[] = [
    { name: 'the registry lacks it', set: () => (answer = 'missing'), error: { code: 'pack.fetchFailed' } },
    { name: 'other bytes arrive', set: () => (answer = 'wrong'), error: { code: 'pack.fetchFailed' } },
    { name: 'nobody answers', options: { findRegistry: () => Promise.resolve('http://127.0.0.1:9') }, error: { code: 'pack.fetchFailed' } },
    { name: 'the disk is small', options: { freeBytes: () => Promise.resolve(1e6) }, error: { code: 'model.diskFull', details: { id: 'cuda' } } },
    { name: 'another platform', options: { platform: 'darwin-arm64' }, error: { code: 'pack.unavailable', details: { platform: 'darwin-arm64' } } },
  ]; // prettier-ignore
  for (const { name, set, options, error } of cases) {
    it(`is said: ${name}`, async () => {
      set?.();
      await expect(packs(options).fetch('cuda')).rejects.toMatchObject(error);
      expect(await state()).toBe('missing');
      expect(existsSync(inside('cuda-9.0.0.lock'))).toBe(false);
    });
  }

  it('throws wrong bytes away, so that the next fetch starts anew', async () => {
    answer = 'wrong';
    await expect(packs().fetch('cuda')).rejects.toMatchObject({ code: 'pack.fetchFailed' });
    answer = 'ok';
    await packs()
      .fetch('cuda')
      .catch(() => packs().fetch('cuda'));
    expect(await state()).toBe('ready');
  });

  it('is said when the disk fills up on the way', async (context) => {
    context.skip(!existsSync('/dev/full'), 'this system has no /dev/full');
    mkdirSync(inside());
    symlinkSync('/dev/full', inside('linux-x64-cuda-9.0.0.tgz.part'));
    await expect(packs().fetch('cuda')).rejects.toMatchObject({ code: 'model.diskFull', details: { id: 'cuda' } });
  });

  it('stops when cancelled and contacts nothing', async () => {
    const source = new CancellationSource();
    source.cancel();
    await expect(packs().fetch('cuda', source.token)).rejects.toMatchObject({ code: 'cancelled' });
    expect(seen).toEqual([]);
  });

  it('is listed for machines without one', async () => {
    expect(await packs({ platform: 'darwin-arm64' }).list()).toMatchObject([{ id: 'cuda', state: 'unavailable', bytes: 0 }]);
    expect(packs({ platform: 'darwin-arm64' }).knows('cuda')).toBe(true);
    expect(packs().knows('qwen')).toBe(false);
  });
});

describe('the committed packs', () => {
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, { version: string; integrity?: string }>>;
  };
  for (const pack of modelCatalog.packs)
    for (const archive of pack.archives)
      it(`are those of the lockfile: ${archive.package}`, () => {
        const locked = lock.packages[`node_modules/${archive.package}`];
        expect(locked).toMatchObject({ version: pack.version, integrity: archive.integrity });
        expect(lock.packages['node_modules/node-llama-cpp']?.version).toBe(pack.version);
      });
});

describe('findRegistry', () => {
  const cases: readonly { name: string; environment?: NodeJS.ProcessEnv; file?: string; found: string }[] = [
    { name: 'nothing set', found: 'https://registry.npmjs.org' },
    { name: 'the environment', environment: { npm_config_registry: 'https://mirror.test/npm/' }, found: 'https://mirror.test/npm' },
    { name: 'the user file', file: '# x\nregistry = https://file.test/\n', found: 'https://file.test' },
    { name: 'both', environment: { npm_config_registry: 'http://one.test' }, file: 'registry=http://two.test', found: 'http://one.test' },
    { name: 'another scope only', file: '@team:registry=https://team.test\n', found: 'https://registry.npmjs.org' },
    { name: 'no address', environment: { npm_config_registry: 'file:///tmp' }, found: 'https://registry.npmjs.org' },
  ];
  for (const { name, environment = {}, file, found } of cases)
    it(`reads ${name}`, async () => {
      if (file !== undefined) writeFileSync(path.join(folder, '.npmrc'), file);
      expect(await findRegistry(environment, folder)).toBe(found);
    });

  it('leads to the archive of a scoped package', () => {
    expect(archiveAddress('https://r.test', '@a/b', '1.2.3')).toBe('https://r.test/@a/b/-/b-1.2.3.tgz');
  });
});
