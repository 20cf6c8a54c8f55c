/** The parts of fine-tuning that decide without VS Code: what a command may be called with, what is remembered of a run. */
import { describe, expect, it } from 'vitest';
import { keepRun, type KeptRun, readKeptRun } from '../../../src/host/features/fineTune/keptRun.js';
import { trainingArgument } from '../../../src/host/features/fineTune/trainingArgument.js';
import { AdapterService } from '../../../src/host/services/adapterService.js';
import { type Memory } from '../../../src/host/services/memory.js';

function makeMemory(values: Record<string, unknown> = {}): Memory {
  return {
    get: <T>(key: string, otherwise: T): T => (key in values ? (values[key] as T) : otherwise),
    update: async (key, value) => {
      values[key] = JSON.parse(JSON.stringify(value ?? null)) as unknown;
    },
  };
}

describe('the argument of the command', () => {
  const whole = { databases: ['/w/shop.db'], base: 'tiny', minutes: 5 };
  const cases: readonly (readonly [string, unknown, unknown])[] = [
    ['whole', { ...whole, useSynthesis: true }, { ...whole, useSynthesis: true, useAccepted: false, useTests: false }],
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
    const memory = makeMemory();
    await keepRun(memory, kept);
    expect(readKeptRun(memory)).toEqual(kept);
  });
  it.each([[undefined], [null], [7], [{}], [{ record: {} }], [{ record: { folder: '/r' } }], [{ record: { folder: '/r', choices: {} } }]])('is no run: %j', (value) =>
    expect(readKeptRun(makeMemory({ 'joinery.trainingRun': value }))).toBeUndefined(),
  ); // prettier-ignore

  it('of adapters is nothing at first, and none answers whose file is gone', async () => {
    const service = new AdapterService(makeMemory());
    expect([service.shelf.adapters, service.pathFor('tiny')]).toEqual([[], undefined]);
    const score = { set: 'held_out', before: 1, after: 2, low: 1, high: 2, n: 9 };
    const adapter = { id: 'a', base: 'tiny', madeAt: 0, minutes: 5, databases: [], accepted: 0, tests: 0, synthesis: true, score };
    const told: string[] = [];
    service.onChanged(() => told.push('changed'));
    for (const [path, base, wanted] of [[import.meta.filename, 'tiny', import.meta.filename], [import.meta.filename, 'other', undefined], ['/gone.gguf', 'tiny', undefined]] as const) {
      await service.set({ adapters: [{ ...adapter, path }], history: ['', 'a'] });
      expect(service.pathFor(base)).toBe(wanted);
    } // prettier-ignore
    expect(told).toHaveLength(3);
  });
});
