/** Runs of a fake trainer: started, followed, paused, killed, found again, gone on with, ended for lack of room. */
import { existsSync } from 'node:fs';
import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../../src/core/shared/logger.js';
import { EventFile } from '../../../../src/engine/training/eventFile.js';
import { createTrainerProcess } from '../../../../src/engine/training/trainerProcess.js';
import { type TrainingChoices, trainingRecipe } from '../../../../src/engine/training/trainingRecipe.js';
import { graceMs, type RunPorts, type RunRecord, TrainingRun } from '../../../../src/engine/training/trainingRun.js';
import { type RunStatus } from '../../../../src/protocol/trainingPage.js';

const fakeTrainer = path.resolve(import.meta.dirname, '../../../support/fakeTrainer.mjs');
const choices: TrainingChoices = {
  databases: ['/w/shop.db'],
  useAccepted: true,
  useTests: false,
  useSynthesis: true,
  minutes: 1,
  base: 'tiny',
};
const deadlineMs = 20_000;

let folder = '';
let saved: RunRecord | undefined;
let room = { disk: 1e12, memory: 1e12 };
let clock = 0;
const runs: TrainingRun[] = [];

const process_ = createTrainerProcess(silentLogger);
const ports: RunPorts = {
  process: process_,
  save: async (record) => {
    saved = record;
  },
  freeDiskBytes: async () => room.disk,
  freeMemoryBytes: () => room.memory,
  now: () => clock,
  log: silentLogger,
};

function open(record?: RunRecord, more: Partial<RunPorts> = {}): TrainingRun {
  const program = { command: process.execPath, args: [fakeTrainer, '-m', 'joinery_trainer.cli'], env: {} };
  const fresh: RunRecord = { id: '1', folder, choices, program, threads: 1, startedAt: 0, intent: 'run' };
  const run = new TrainingRun(record ?? fresh, { ...ports, ...more });
  runs.push(run);
  return run;
}

async function start(mode: string, more: Partial<RunPorts> = {}): Promise<TrainingRun> {
  await writeFile(path.join(folder, 'mode'), mode);
  const run = open(undefined, more);
  await run.start(
    trainingRecipe(choices, { out: folder, basePath: '/m.gguf', cache: '/c', joinery: ['joinery'], threads: 1, showValues: true }),
  );
  return run;
}

/** Looks until the condition holds. */
async function until(run: TrainingRun, what: (run: TrainingRun) => boolean): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (!what(run)) {
    if (Date.now() > end) throw new Error(`waited in vain, the run is ${run.status}: ${JSON.stringify(run.progress.stages)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await run.look();
  }
}

const is = (status: RunStatus) => (run: TrainingRun): boolean => run.status === status; // prettier-ignore
const step = (run: TrainingRun): number => run.progress.stages.find(({ name }) => name === 'sft')?.step ?? 0;
const atStep = (wanted: number) => (run: TrainingRun): boolean => step(run) >= wanted; // prettier-ignore

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'joinery-run-'));
  [saved, room, clock] = [undefined, { disk: 1e12, memory: 1e12 }, 0];
});

afterEach(async () => {
  for (const run of runs.splice(0)) {
    const { process: mark } = run.record;
    if (mark && (await process_.isAlive(mark))) process_.kill(mark);
    run.dispose();
  }
  await rm(folder, { recursive: true, force: true });
});

describe('a run', () => {
  it('goes to its end, and its lines are heard', async () => {
    const run = await start('good');
    await until(run, is('finished'));
    expect(run.progress.end).toEqual({ kind: 'done', accepted: true, adapter: path.join(folder, 'adapter.gguf') });
    expect(run.progress.scores).toEqual([{ set: 'held_out', before: 30, after: 45, low: 8.5, high: 21.5, n: 200 }]);
    expect(run.progress.samples).toHaveLength(1);
    expect(await readFile(run.logFile, 'utf8')).toContain('"threads":"1"');
  });

  it('reads past lines that are no events', async () => {
    const run = await start('malformed');
    await until(run, is('finished'));
    expect(step(run)).toBe(8);
  });

  it('says why it failed', async () => {
    const run = await start('noData');
    await until(run, is('failed'));
    expect(run.progress.end).toEqual({ kind: 'failed', code: 4, text: 'shop has no tables with rows' });
  });

  it('a mistake of the trainer is said in its last words', async () => {
    const run = await start('crashes');
    await until(run, is('failed'));
    expect(run.progress.end).toEqual({ kind: 'failed', code: 1, text: 'ValueError: a mistake' });
  });

  it('a program that is not there is an error at once', async () => {
    const run = open({ ...open().record, program: { command: path.join(folder, 'no-python'), args: [], env: {} } });
    await expect(run.start('')).rejects.toMatchObject({ code: 'training.environmentFailed' });
  });
});

describe('killed', () => {
  it('goes on from its checkpoint', async () => {
    const run = await start('dies');
    await until(run, is('interrupted'));
    expect(step(run)).toBe(3);
    await run.resume();
    await until(run, is('finished'));
    const steps = (await readFile(path.join(folder, 'events.jsonl'), 'utf8')).match(/"kind":"step","step":\d+/g);
    expect(steps?.map((text) => Number(text.split(':').at(-1)))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

describe('paused', () => {
  it('stands still, is found again by another window, and goes on', async () => {
    const first = await start('slow');
    await until(first, atStep(4));
    await first.pause();
    expect([first.status, saved?.intent]).toEqual(['paused', 'pause']);
    first.dispose();
    await writeFile(path.join(folder, 'go'), '');
    const second = open(saved);
    await second.look();
    expect([second.status, step(second)]).toEqual(['paused', 4]);
    await second.resume();
    await until(second, is('finished'));
  });

  it('where processes cannot be suspended it is ended, and goes on from its checkpoint', async () => {
    const suspended: number[] = [];
    const plain = { ...process_, canSuspend: false, suspend: () => void suspended.push(1) };
    const run = await start('slow', { process: plain });
    await until(run, atStep(4));
    await run.pause();
    await until(run, is('paused'));
    await writeFile(path.join(folder, 'go'), '');
    await run.resume();
    await until(run, is('finished'));
    expect(suspended).toEqual([]);
  });
});

describe('a window that reloads', () => {
  it('finds the run where it is', async () => {
    const first = await start('slow');
    await until(first, atStep(2));
    first.dispose();
    const second = open(saved);
    expect(second.status).toBeUndefined();
    await until(second, atStep(4));
    expect(second.status).toBe('running');
    await writeFile(path.join(folder, 'go'), '');
    await until(second, is('finished'));
  });

  it('takes no other process for the trainer', async () => {
    const run = open({ ...open().record, process: { pid: process.pid, started: 'another time' } });
    await run.look();
    expect(run.status).toBe('interrupted');
  });
});

describe('ended', () => {
  it('by the user', async () => {
    const run = await start('slow');
    await until(run, atStep(2));
    await run.cancel();
    await until(run, is('cancelled'));
    await run.resume();
    expect(run.status).toBe('cancelled');
  });

  it('by the user while it was paused', async () => {
    const run = await start('slow');
    await until(run, atStep(2));
    await run.pause();
    await run.cancel();
    await until(run, is('cancelled'));
  });

  it('by force when it does not obey in time', async () => {
    const run = await start('stubborn');
    await until(run, atStep(2));
    await run.cancel();
    await run.look();
    expect(run.status).toBe('stopping');
    clock = graceMs;
    await until(run, is('cancelled'));
  });

  it.each(['disk', 'memory'] as const)('for lack of %s, with its checkpoint, and goes on when there is room', async (what) => {
    const run = await start('slow');
    await until(run, atStep(2));
    room = { ...room, [what]: 1e6 };
    await until(run, is('stopped'));
    expect([saved?.intent, saved?.reason]).toEqual(['stop', what]);
    room = { disk: 1e12, memory: 1e12 };
    await writeFile(path.join(folder, 'go'), '');
    await run.resume();
    await until(run, is('finished'));
    expect(saved?.reason).toBeUndefined();
  });
});

it('a moment of little memory stops nothing', async () => {
  const run = await start('slow');
  await until(run, atStep(2));
  room = { ...room, memory: 1e6 };
  await run.look();
  room = { ...room, memory: 1e12 };
  await run.look();
  expect(run.status).toBe('running');
});

describe('the file of events', () => {
  const line = (step: number): string => `${JSON.stringify({ at: 1, stage: 'sft', kind: 'step', step })}\n`;
  const steps = async (file: EventFile): Promise<unknown[]> => (await file.read()).map((event) => (event.kind === 'step' ? event.step : 0));

  it('is read from any offset, half lines wait, a new file is read from its start', async () => {
    const name = path.join(folder, 'events.jsonl');
    const file = new EventFile(name);
    expect(await steps(file)).toEqual([]);
    await writeFile(name, line(1) + line(2).slice(0, 9));
    expect(await steps(file)).toEqual([1]);
    await appendFile(name, `${line(2).slice(9)}broken\n`);
    expect(await steps(file)).toEqual([2]);
    expect(file.malformed).toBe(1);
    expect(await steps(new EventFile(name, line(1).length))).toEqual([2]);
    await truncate(name, 0);
    await writeFile(name, line(7));
    expect(await steps(file)).toEqual([7]);
  });

  it('is read in blocks, whatever its length', async () => {
    const name = path.join(folder, 'events.jsonl');
    await writeFile(name, Array.from({ length: 20_000 }, (_, at) => line(at)).join(''));
    const found = await steps(new EventFile(name));
    expect([found.length, found.at(-1)]).toEqual([20_000, 19_999]);
  });

  it('a line without an end does not stop the reading', async () => {
    const name = path.join(folder, 'events.jsonl');
    await writeFile(name, `${'x'.repeat(600_000)}\n${line(1)}`);
    expect(await steps(new EventFile(name))).toEqual([1]);
    expect(existsSync(name)).toBe(true);
  });
});
