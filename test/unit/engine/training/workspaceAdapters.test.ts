/** Which adapters are accepted and which answers; what a run is given; what it will cost. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JoineryError } from '../../../../src/core/shared/errors.js';
import { acceptAdapter } from '../../../../src/engine/training/acceptAdapter.js';
import { trainingCost, trainingThreads } from '../../../../src/engine/training/trainingCost.js';
import { acceptedTrainingPairs, pairLines, testTrainingPairs } from '../../../../src/engine/training/trainingPairs.js';
import { heldOutPerDatabase, plannedWork, type TrainingChoices, trainingRecipe } from '../../../../src/engine/training/trainingRecipe.js';
import {
  type AdapterShelf,
  canRollBack,
  currentAdapter,
  dropAdapter,
  emptyShelf,
  rollBack,
  useAdapter,
  type WorkspaceAdapter,
} from '../../../../src/engine/training/workspaceAdapters.js';
import { type HeldOutScore } from '../../../../src/protocol/trainingEvents.js';

const score = (low: number): HeldOutScore => ({ set: 'held_out', before: 30, after: 40, low, high: 20, n: 200 });
const facts = { base: 'b', madeAt: 0, minutes: 20, databases: ['/w/shop.db'], accepted: 3, synthesis: true, tests: 0 };
const adapter = (id: string): WorkspaceAdapter => ({ ...facts, id, path: `/s/${id}.gguf`, score: score(1) });

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'joinery-shelf-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('accepting', () => {
  const accept = (shelf: AdapterShelf, low: number | undefined, file = path.join(folder, 'run.gguf')): Promise<AdapterShelf> =>
    acceptAdapter(shelf, path.join(folder, 'kept'), { ...facts, id: 'new', file, score: low === undefined ? undefined : score(low) });

  it('keeps a copy of what is proven better, and puts it to use', async () => {
    await writeFile(path.join(folder, 'run.gguf'), 'weights');
    const shelf = await accept({ adapters: [adapter('old')], history: ['', 'old'] }, 0.1);
    expect(currentAdapter(shelf)).toMatchObject({ id: 'new', accepted: 3, score: { low: 0.1 } });
    expect(await readFile(path.join(folder, 'kept', 'new.gguf'), 'utf8')).toBe('weights');
    expect(currentAdapter(rollBack(shelf))?.id).toBe('old');
  });

  const cases: readonly (readonly [string, number | undefined, boolean, string])[] = [
    ['a gain that may be nothing', 0, true, 'training.notBetter'],
    ['a loss', -3, true, 'training.notBetter'],
    ['no comparison', undefined, true, 'training.notBetter'],
    ['no file', 5, false, 'training.noAdapter'],
  ];
  it.each(cases)('refuses %s', async (_, low, isThere, code) => {
    if (isThere) await writeFile(path.join(folder, 'run.gguf'), 'weights');
    const found = await accept(emptyShelf, low).catch((error: unknown) => error);
    expect(found instanceof JoineryError && found.code).toBe(code);
    expect(existsSync(path.join(folder, 'kept', 'new.gguf'))).toBe(false);
  });
});

describe('the shelf', () => {
  const shelf: AdapterShelf = { adapters: [adapter('a'), adapter('b')], history: ['', 'a', 'b'] };
  const name = (found: AdapterShelf): string => currentAdapter(found)?.id ?? 'plain';

  it('goes back one step at a time, to the model as shipped and no further', () => {
    const back = rollBack(shelf);
    expect([name(shelf), name(back), name(rollBack(back)), name(rollBack(rollBack(back)))]).toEqual(['b', 'a', 'plain', 'plain']);
    expect([canRollBack(shelf), canRollBack(emptyShelf)]).toEqual([true, false]);
  });
  it('uses any, and the plain model', () => {
    expect(name(useAdapter(shelf, 'a'))).toBe('a');
    expect(name(useAdapter(shelf, ''))).toBe('plain');
    expect(useAdapter(shelf, 'b')).toBe(shelf);
    expect(() => useAdapter(shelf, 'c')).toThrow(JoineryError);
  });
  it('lets the one before answer when the one in use goes', () => {
    expect(name(dropAdapter(shelf, 'b'))).toBe('a');
    expect(dropAdapter({ ...shelf, history: ['', 'a', '', 'a'] }, 'a').history).toEqual(['']);
  });
});

describe('pairs', () => {
  const databases = ['/w/shop.db'];
  it('of chosen databases alone', () => {
    const pair = { question: 'q', sql: 'SELECT 1', database: '/w/shop.db' };
    expect(acceptedTrainingPairs([pair, { ...pair, database: '/w/other.db' }], databases)).toEqual([pair]);
  });
  it('of question files, those with a statement', async () => {
    const file = path.join(folder, 'q.joinery.yaml');
    const questions =
      '  - question: one\n    sql: SELECT 1\n  - question: two\n    database: other.db\n    sql: SELECT 2\n  - question: three\n    rows: [[1]]\n';
    await writeFile(file, `questions:\n${questions}`);
    const gone = path.join(folder, 'gone.yaml');
    const own = path.join(folder, 'own.db');
    expect(await testTrainingPairs([file, gone], [own], () => own)).toEqual({
      pairs: [{ question: 'one', sql: 'SELECT 1', database: own }],
      unusable: 1,
    });
  });
  it('are written once per question, the last one counts', () => {
    const pair = (question: string, sql: string) => ({ question, sql, database: '/w/shop.db' }); // prettier-ignore
    const lines = pairLines([pair('How many', 'SELECT 1'), pair('other', 'SELECT 3'), pair('how many ', 'SELECT 2')], 'accepted');
    expect(lines.trim().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual([
      { id: 'accepted-1', question: 'how many ', sql: 'SELECT 2', db: '/w/shop.db', source: 'accepted' },
      { id: 'accepted-2', question: 'other', sql: 'SELECT 3', db: '/w/shop.db', source: 'accepted' },
    ]); // prettier-ignore
  });
});

describe('the recipe', () => {
  const choices: TrainingChoices = { databases: ['/w/"odd"\\name.db'], useAccepted: true, useTests: true, useSynthesis: false, minutes: 20, base: 'tiny' }; // prettier-ignore
  const places = { out: '/r', basePath: '/m.gguf', cache: '/c', joinery: ['/node', '/cli.mjs'], threads: 2, showValues: false };
  it('is TOML with absolute paths, strings escaped', () => {
    const recipe = trainingRecipe(choices, { ...places, start: '/a.gguf', questions: '/r/questions.jsonl' });
    expect(recipe.split('\n').slice(1)).toEqual([
      '[pipeline]',
      'base = "/m.gguf"',
      'model = "tiny"',
      'start = "/a.gguf"',
      'out = "/r"',
      'cache = "/c"',
      'databases = ["/w/\\"odd\\"\\\\name.db"]',
      'accepted = []',
      'questions = ["/r/questions.jsonl"]',
      'pairs = 1',
      'held_out = 200',
      'minutes = 20.0',
      'mdpo_minutes = 0.0',
      'grpo_minutes = 0.0',
      'values = false',
      'threads = 2',
      'joinery = ["/node", "/cli.mjs"]',
      '',
    ]);
  });
  it.each([
    ['rewards', [10, 0, 10]],
    ['all', [8, 4, 8]],
  ] as const)('shares the minutes among the steps: %s', (method, [tune, better, rewards]) => {
    const lines = trainingRecipe({ ...choices, method }, places).split('\n');
    const wanted = [`minutes = ${tune}.0`, `mdpo_minutes = ${better}.0`, `grpo_minutes = ${rewards}.0`];
    expect(lines.filter((line) => line.includes('minutes'))).toEqual(wanted);
  });
  it.each([
    [1, 200],
    [3, 67],
    [5, 40],
    [30, 40],
  ])('%i databases: %i questions of each measure', (databases, each) => expect(heldOutPerDatabase(databases)).toBe(each));
  it('says what a run will ask of the machine', () => {
    const three = { ...choices, databases: ['/a', '/b', '/c'] };
    expect(plannedWork(three, 60)).toEqual({ budgetMinutes: 20, adapters: 1, hasRewards: false, questions: 3 * 67 + 60 });
    expect(plannedWork({ ...choices, method: 'all' }, 0)).toEqual({ budgetMinutes: 20, adapters: 3, hasRewards: true, questions: 200 });
  });
  it('names only settings that the trainer knows', async () => {
    const known = await readFile('trainer/joinery_trainer/stages/pipeline_settings.py', 'utf8');
    const names = [...trainingRecipe(choices, { ...places, start: '/s', accepted: '/a' }).matchAll(/^(\w+) =/gm)].map(
      ([, found = '']) => found,
    );
    expect(names.filter((found) => !new RegExp(`^    ${found}: `, 'm').test(known))).toEqual([]);
  });
});

describe('the cost', () => {
  const half = 491_400_064;
  const work = { budgetMinutes: 20, adapters: 1, hasRewards: false, questions: 200 };
  const run = { ...work, modelBytes: half, hasEnvironment: true, device: 'cpu' } as const;
  it.each([
    [half, false, 5.42e9],
    [half, true, 8.52e9],
    [1_117_320_768, false, 10.98e9],
  ])('says the memory that whole runs took, and no more than half as much again: %i, rewards %s', (modelBytes, hasRewards, taken) => {
    const { memoryBytes } = trainingCost({ ...run, modelBytes, hasRewards });
    expect(memoryBytes).toBeGreaterThan(taken);
    expect(memoryBytes).toBeLessThan(1.5 * taken);
  });
  it('of the smallest model stays within what a laptop has', () => {
    const cost = trainingCost(run);
    expect(cost.memoryBytes).toBeLessThan(8e9);
    expect(cost.downloadBytes).toBe(0);
  });
  it('has the training, and asking before and after it', () => {
    // 20 minutes, loading and writing, twice 200 questions of 2.1 seconds.
    expect(trainingCost(run).minutes).toBe(38);
    expect(trainingCost({ ...run, adapters: 3 }).minutes - trainingCost(run).minutes).toBe(14);
    expect(trainingCost({ ...run, questions: 260 }).minutes - trainingCost(run).minutes).toBe(4);
  });
  it('counts the environment only when it must be made', () => {
    const first = trainingCost({ ...run, hasEnvironment: false });
    expect(first.diskBytes - trainingCost(run).diskBytes).toBe(3e9);
    expect(first.downloadBytes).toBeGreaterThan(0);
  });
  it.each([
    [0, 1, 1],
    [0, 2, 2],
    [0, 8, 7],
    [3, 8, 3],
    [99, 4, 4],
  ])('threads: %i wanted of %i are %i', (wanted, processors, threads) => expect(trainingThreads(wanted, processors)).toBe(threads));
});
