/** The parts of fine-tuning that decide without VS Code: what a command may be called with, what is remembered of a run. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AdapterShelf } from '../../../src/engine/training/workspaceAdapters.js';
import { keepRun, type KeptRun, readKeptRun } from '../../../src/host/features/fineTune/keptRun.js';
import { trainingArgument } from '../../../src/host/features/fineTune/trainingArgument.js';
import { AdapterService } from '../../../src/host/services/adapterService.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'joinery-kept-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the argument of the command', () => {
  const whole = { databases: ['/w/shop.db'], base: 'tiny', minutes: 5 };
  const cases: readonly (readonly [string, unknown, unknown])[] = [
    ['whole', { ...whole, useSynthesis: true }, { ...whole, useSynthesis: true, useAccepted: false, useTests: false }],
    ['with a method', { ...whole, method: 'rewards' }, { ...whole, method: 'rewards', useSynthesis: false, useAccepted: false, useTests: false }], // prettier-ignore
    ['a method that there is not', { ...whole, method: 'magic' }, undefined],
    ['nothing', undefined, undefined],
    ['no databases', { ...whole, databases: [] }, undefined],
    ['a relative path', { ...whole, databases: ['shop.db'] }, undefined],
    ['no minutes', { ...whole, minutes: 0 }, undefined],
    ['minutes that are no number', { ...whole, minutes: NaN }, undefined],
    ['no base', { ...whole, base: undefined }, undefined],
    ['a node of a tree', { kind: 'database', database: '/w/shop.db' }, undefined],
  ];
  it.each(cases)('%s', (_, given, wanted) => expect(trainingArgument(given)).toEqual(wanted));
});

describe('what is remembered', () => {
  const program = { command: 'python', args: [], env: {} };
  const choices = { databases: ['/w/shop.db'], useAccepted: true, useTests: true, useSynthesis: true, minutes: 5, base: 'tiny' };
  const record = { id: '1', folder: '/r', choices, program, threads: 1, startedAt: 0, intent: 'run' } as const;
  const kept: KeptRun = { record, accepted: 2, tests: 1, isTold: false, isAccepted: false };

  it('of a run comes back as it was', async () => {
    const file = path.join(folder, 'deep', 'run.json');
    expect(await readKeptRun(file)).toBeUndefined();
    await keepRun(file, kept);
    expect(await readKeptRun(file)).toEqual(kept);
  });
  it.each(['', 'null', '7', '{}', '{"record": {}}', '{"record": {"folder": "/r"}}', '{"record": {"folder": "/r", "choi'])(
    'is no run: %s',
    async (text) => {
      await writeFile(path.join(folder, 'run.json'), text);
      expect(await readKeptRun(path.join(folder, 'run.json'))).toBeUndefined();
    },
  );

  const score = { set: 'held_out', before: 1, after: 2, low: 1, high: 2, n: 9 };
  const adapter = { id: 'a', base: 'tiny', madeAt: 0, minutes: 5, databases: [], accepted: 0, tests: 0, synthesis: true, score };
  const shelfOf = (file: string): AdapterShelf => ({ adapters: [{ ...adapter, path: file }], history: ['', 'a'] });

  it('of adapters is there in the next life of the window', async () => {
    const file = path.join(folder, 'adapters', 'shelf.json');
    const first = new AdapterService(file);
    expect(first.shelf.adapters).toEqual([]);
    let told = 0;
    first.onChanged(() => told++);
    await first.set(shelfOf(import.meta.filename));
    expect([told, new AdapterService(file).shelf]).toEqual([1, first.shelf]);
  });
  it.each([
    ['its base', import.meta.filename, 'tiny', import.meta.filename],
    ['another base', import.meta.filename, 'other', undefined],
    ['a file that is gone', '/gone.gguf', 'tiny', undefined],
  ])('an adapter answers with its base alone: %s', async (_, file, base, wanted) => {
    const service = new AdapterService(undefined);
    await service.set(shelfOf(file));
    expect(service.pathFor(base)).toBe(wanted);
  });
  it('a shelf that cannot be read is empty', async () => {
    const file = path.join(folder, 'shelf.json');
    await writeFile(file, '{"adapters": [');
    expect(new AdapterService(file).shelf.adapters).toEqual([]);
  });
});
