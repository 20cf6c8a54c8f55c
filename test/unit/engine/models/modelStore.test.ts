import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ModelStore, type ModelStoreOptions } from '../../../../src/engine/models/modelStore.js';
import { type ModelCatalog } from '../../../../src/engine/models/types.js';
import { sha256 } from './fakeSources.js';
import { adapterBytes, ggufBytes, modelBytes, stringValue, type AdapterChange } from './ggufFile.js';

let folder: string;
let elsewhere: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'joinery-store-'));
  elsewhere = mkdtempSync(path.join(tmpdir(), 'joinery-own-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(elsewhere, { recursive: true, force: true });
});

const base = modelBytes();
const catalog: ModelCatalog = {
  default: 'small',
  models: [
    {
      id: 'small',
      title: 'Small',
      file: 'small.gguf',
      bytes: base.length,
      sha256: sha256(base),
      licence: 'MIT',
      promptVersion: '3',
      note: '',
      sources: [],
    },
    {
      id: 'other',
      title: 'Other',
      file: 'other.gguf',
      bytes: 10,
      sha256: sha256(Buffer.alloc(10)),
      licence: 'MIT',
      promptVersion: '3',
      note: '',
      sources: [],
    },
  ],
  adapters: [
    {
      id: 'tuned',
      title: 'Tuned',
      file: 'tuned.gguf',
      sha256: sha256(adapterBytes()),
      base: 'small',
      promptVersion: '3',
      isDefault: false,
    },
  ],
  packs: [],
};

function store(options: Partial<ModelStoreOptions> = {}): ModelStore {
  return new ModelStore({ folder, adapterFolder: elsewhere, catalog, ...options });
}

function write(name: string, bytes: Buffer, where = folder): string {
  const file = path.join(where, name);
  writeFileSync(file, bytes);
  return file;
}

describe('resolve', () => {
  it('gives the default model when it is whole', async () => {
    const file = write('small.gguf', base);
    expect(await store().resolve()).toEqual({ id: 'small', path: file, promptVersion: '3' });
  });

  const refusals: readonly { name: string; bytes?: Buffer; id?: string; options?: Partial<ModelStoreOptions>; code: string }[] = [
    { name: 'missing', code: 'model.missing' },
    { name: 'truncated', bytes: base.subarray(0, base.length - 20), code: 'model.truncated' },
    { name: 'right size, wrong bytes', bytes: Buffer.concat([base.subarray(0, base.length - 1), Buffer.of(9)]), code: 'model.wrongSum' },
    { name: 'not GGUF', bytes: Buffer.alloc(base.length), code: 'model.notGguf' },
    { name: 'bigger than the memory', bytes: base, options: { memoryBytes: 10 }, code: 'model.tooBig' },
    { name: 'unknown id', id: 'gpt', code: 'model.unknown' },
    { name: 'unknown path', id: '/nowhere/x.gguf', code: 'model.missing' },
  ];
  for (const { name, bytes, id, options, code } of refusals) {
    it(`refuses: ${name}`, async () => {
      if (bytes) write('small.gguf', bytes);
      await expect(store(options).resolve(id)).rejects.toMatchObject({ code });
    });
  }

  it('notices a file that changed after it was checked', async () => {
    const file = write('small.gguf', base);
    await store().resolve();
    writeFileSync(file, Buffer.concat([base.subarray(0, base.length - 1), Buffer.of(9)]));
    utimesSync(file, new Date(0), new Date(0));
    await expect(store().resolve()).rejects.toMatchObject({ code: 'model.wrongSum' });
  });

  it('takes a path of the user’s own file', async () => {
    const file = write('mine.gguf', modelBytes('llama'), elsewhere);
    expect(await store().resolve(file)).toMatchObject({ id: 'mine', path: file });
  });

  for (const architecture of ['bert', 'clip']) {
    it(`refuses a model that cannot write: ${architecture}`, async () => {
      const file = write('mine.gguf', modelBytes(architecture), elsewhere);
      await expect(store().resolve(file)).rejects.toMatchObject({ code: 'model.badArchitecture', details: { architecture } });
    });
  }
});

describe('adapters', () => {
  const misfits: readonly { name: string; change: AdapterChange; reason: string }[] = [
    { name: 'another architecture', change: { architecture: 'llama' }, reason: 'architecture' },
    { name: 'another width', change: { width: 16 }, reason: 'shape' },
    { name: 'a tensor that the base lacks', change: { tensor: 'blk.9.ffn_up.weight' }, reason: 'tensors' },
    { name: 'the sum of another base', change: { base: 'f'.repeat(64) }, reason: 'base' },
  ];
  for (const { name, change, reason } of misfits) {
    it(`are refused: ${name}`, async () => {
      write('small.gguf', base);
      const file = write('mine.gguf', adapterBytes(change), elsewhere);
      await expect(store().resolve('small', file)).rejects.toMatchObject({
        code: 'model.adapterMismatch',
        details: { base: 'small', reason },
      });
    });
  }

  it('are refused when they are models', async () => {
    write('small.gguf', base);
    const file = write('mine.gguf', modelBytes(), elsewhere);
    await expect(store().resolve('small', file)).rejects.toMatchObject({
      code: 'model.adapterMismatch',
      details: { reason: 'notAnAdapter' },
    });
  });

  it('are given to the model that they fit', async () => {
    write('small.gguf', base);
    const file = write('tuned.gguf', adapterBytes({ base: sha256(base) }), elsewhere);
    expect(await store().resolve('small', 'tuned')).toMatchObject({ id: 'small', adapter: { id: 'tuned', path: file } });
  });

  it('say which prompts they were trained on', async () => {
    write('small.gguf', base);
    write('tuned.gguf', adapterBytes({ promptVersion: 'joinery-1-bare' }), elsewhere);
    expect((await store().resolve('small', 'tuned')).adapter).toMatchObject({ promptVersion: 'joinery-1-bare' });
  });

  it('that come with a model are used unless another, or none, is named', async () => {
    const [shipped] = catalog.adapters;
    const own = store({ catalog: { ...catalog, adapters: [{ ...shipped!, isDefault: true }] } });
    write('small.gguf', base);
    expect((await own.resolve('small')).adapter).toBeUndefined();
    write('tuned.gguf', adapterBytes({ base: sha256(base) }), elsewhere);
    expect((await own.resolve('small')).adapter).toMatchObject({ id: 'tuned' });
    expect((await own.resolve('small', 'none')).adapter).toBeUndefined();
    const mine = write('mine.gguf', adapterBytes(), elsewhere);
    expect((await own.resolve('small', mine)).adapter).toMatchObject({ path: mine });
    const twin = write('twin.gguf', modelBytes(), elsewhere);
    expect((await own.resolve(twin)).adapter).toBeUndefined();
    expect((await store().resolve('small')).adapter).toBeUndefined();
  });

  it('of the catalogue are refused on another base of the same shape', async () => {
    write('small.gguf', base);
    write('tuned.gguf', adapterBytes(), elsewhere);
    const twin = write('twin.gguf', modelBytes(), elsewhere);
    await expect(store().resolve(twin, 'tuned')).rejects.toMatchObject({ code: 'model.adapterMismatch', details: { reason: 'base' } });
  });

  it('are listed with the models that they fit', async () => {
    write('small.gguf', base);
    write('tuned.gguf', adapterBytes(), elsewhere);
    await store().add(write('wide.gguf', adapterBytes({ width: 16 }), elsewhere));
    const listed = (await store().list()).filter(({ kind }) => kind === 'adapter');
    expect(listed.map(({ id, fits, own }) => ({ id, fits, own }))).toEqual([
      { id: 'tuned', fits: ['small'], own: false },
      { id: 'wide', fits: [], own: true },
    ]);
  });
});

describe('list', () => {
  it('tells what is ready, partial, damaged and missing', async () => {
    const states = async (): Promise<string[]> =>
      (await store().list()).filter(({ kind }) => kind === 'model').map(({ id, state }) => `${id} ${state}`);
    expect(await states()).toEqual(['small missing', 'other missing']);
    write('small.gguf', base);
    write('other.gguf.part', Buffer.alloc(4));
    expect(await states()).toEqual(['small ready', 'other partial']);
    write('other.gguf', Buffer.alloc(5));
    expect(await states()).toEqual(['small ready', 'other damaged']);
  });
});

describe('add and remove', () => {
  it('keeps the user’s file where it is', async () => {
    const file = write('Mine.gguf', modelBytes(), elsewhere);
    expect(await store().add(file)).toEqual({ kind: 'model', id: 'mine', path: file });
    expect(await store().resolve('mine')).toMatchObject({ id: 'mine', path: file });
    await store().remove('mine');
    expect(existsSync(file)).toBe(true);
    await expect(store().resolve('mine')).rejects.toMatchObject({ code: 'model.unknown' });
  });

  const refusals: readonly { name: string; bytes: Buffer; id?: string; code: string }[] = [
    { name: 'something else', bytes: Buffer.from('hello'), code: 'model.notGguf' },
    { name: 'a header that breaks off', bytes: modelBytes().subarray(0, 60), code: 'model.truncated' },
    { name: 'a model that cannot write', bytes: modelBytes('bert'), code: 'model.badArchitecture' },
    { name: 'a file without an architecture', bytes: ggufBytes({ metadata: { a: stringValue('b') } }), code: 'model.badArchitecture' },
    { name: 'an id of the catalogue', bytes: modelBytes(), id: 'small', code: 'config.invalid' },
  ];
  for (const { name, bytes, id, code } of refusals) {
    it(`refuses ${name}`, async () => {
      await expect(store().add(write('x.gguf', bytes, elsewhere), id)).rejects.toMatchObject({ code });
      expect((await store().list()).some(({ own }) => own)).toBe(false);
    });
  }

  it('deletes a fetched model with everything beside it', async () => {
    write('small.gguf', base);
    write('small.gguf.part', base);
    await store().resolve('small');
    await store().remove('small');
    expect(['small.gguf', 'small.gguf.part', 'small.gguf.verified'].filter((name) => existsSync(path.join(folder, name)))).toEqual([]);
  });

  it('does not overwrite a list that it cannot read', async () => {
    write('own.json', Buffer.from('{ broken'));
    await expect(store().add(write('x.gguf', modelBytes(), elsewhere))).rejects.toMatchObject({ code: 'config.invalid' });
  });
});

describe('verify', () => {
  it('returns the sum, and refuses a damaged file', async () => {
    write('small.gguf', base);
    expect(await store().verify('small')).toMatchObject({ sha256: sha256(base) });
    write('other.gguf', Buffer.alloc(10, 1));
    await expect(store().verify('other')).rejects.toMatchObject({ code: 'model.wrongSum' });
  });
});
