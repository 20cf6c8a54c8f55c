import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type EvalItem, type PredictionHeader, type PredictionRow } from '../../../../src/core/eval/types.js';
import { CancellationSource } from '../../../../src/core/shared/cancellation.js';
import { planEval } from '../../../../src/engine/eval/evalPlan.js';
import { PredictionFile } from '../../../../src/engine/eval/predictionFile.js';
import { readJsonl, readSpider } from '../../../../src/engine/eval/readSets.js';
import { runEval } from '../../../../src/engine/eval/runEval.js';
import { makeFolder } from './makeDatabase.js';

const folder = makeFolder();
afterAll(() => folder.remove());
const write = (name: string, text: string): string => {
  const file = path.join(folder.path, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
};

const spider = path.join(folder.path, 'spider');
write('spider/dev.json', JSON.stringify(['a', 'a', 'b', 'b'].map((db_id, at) => ({ db_id, question: `q${at}`, query: `SELECT ${at}` }))));
write('spider/dev_hardness.json', JSON.stringify(['easy', 'hard', 'medium', 'extra']));
write('spider/train_spider.json', JSON.stringify([{ db_id: 'c', question: 'q', query: 'SELECT 1' }]));

describe("Spider's layout", () => {
  it('gives questions with database, gold and hardness', async () => {
    const items = await readSpider(spider, 'dev');
    expect(items[3]).toEqual({
      id: 'dev-0003',
      db: 'b',
      database: path.join(spider, 'database', 'b', 'b.sqlite'),
      question: 'q3',
      gold: 'SELECT 3',
      hardness: 'extra',
    });
  });

  it('does without hardness', async () => {
    expect((await readSpider(spider, 'train'))[0]?.hardness).toBeUndefined();
  });

  it.each([
    ['a missing split', 'train_others', undefined, 'file.missing'],
    ['a file that is not JSON', 'train_others', '{', 'config.invalid'],
    ['a file that is no list', 'train_others', '{}', 'config.invalid'],
    ['an entry without a query', 'train_others', '[{"db_id":"a","question":"q"}]', 'config.invalid'],
  ] as const)('refuses %s', async (_, split, text, code) => {
    if (text !== undefined) write(`spider/${split}.json`, text);
    await expect(readSpider(spider, split)).rejects.toMatchObject({ code });
  });
});

describe('JSONL sets', () => {
  it('give questions with and without an answer', async () => {
    const file = write(
      'set.jsonl',
      '{"id":"1","question":"q","sql":"SELECT 1","level":"easy"}\n\n{"id":"2","question":"r","sql":null,"reason":"opinion","db":"other.db"}\n',
    );
    expect(await readJsonl(file, '/data/shop.db')).toEqual([
      { id: '1', db: 'shop', database: '/data/shop.db', question: 'q', gold: 'SELECT 1', hardness: 'easy' },
      { id: '2', db: 'other', database: path.join(folder.path, 'other.db'), question: 'r', reason: 'opinion' },
    ]);
  });

  it('may bring the examples that are shown with a question', async () => {
    const file = write('shown.jsonl', '{"id":"1","question":"q","sql":"SELECT 1","demonstrations":[{"question":"r","sql":"SELECT 2"}]}');
    expect((await readJsonl(file, '/x.db'))[0]?.demonstrations).toEqual([{ question: 'r', sql: 'SELECT 2' }]);
  });

  it.each([
    ['examples that are none', '{"id":"1","question":"q","db":"x.db","demonstrations":[{"question":"r"}]}', 'config.invalid'],
    ['examples that are no list', '{"id":"1","question":"q","db":"x.db","demonstrations":"r"}', 'config.invalid'],
    ['no database', '{"id":"1","question":"q"}', 'ask.noDatabase'],
    ['a broken line', '{"id"', 'config.invalid'],
    ['a line without a question', '{"id":"1","db":"x.db"}', 'config.invalid'],
  ])('with %s are refused', async (_, text, code) => {
    await expect(readJsonl(write('bad.jsonl', text), undefined)).rejects.toMatchObject({ code });
  });
});

describe('the plan of an evaluation', () => {
  it('takes databases, sample and slice', async () => {
    const plan = await planEval({ spider, split: 'dev', sets: [], only: ['b'], limit: 1 });
    expect([plan.set, plan.items.map(({ id }) => id), plan.note]).toEqual([
      'spider-dev (b)',
      ['dev-0002'],
      { total: 2, chosen: 1, step: 1, offset: 0 },
    ]);
  });

  it('joins several files', async () => {
    const one = write('one.jsonl', '{"id":"1","question":"q","sql":"SELECT 1"}');
    const two = write('two.jsonl', '{"id":"2","question":"r"}');
    const plan = await planEval({ split: 'dev', sets: [one, two], database: '/x.db', only: [] });
    expect([plan.set, plan.items.length]).toEqual(['one+two', 2]);
  });

  it.each([
    ['no set', { split: 'dev', sets: [], only: [] } as const],
    ['no question left', { spider, split: 'dev', sets: [], only: ['nowhere'] } as const],
  ])('with %s is refused', async (_, request) => {
    await expect(planEval(request)).rejects.toMatchObject({ code: 'config.invalid' });
  });
});

const header: PredictionHeader = {
  kind: 'header',
  format: 1,
  set: 's',
  mode: 'ask',
  model: 'm',
  candidates: 1,
  temperature: 0.8,
  seed: 1,
  steps: {},
  promptVersion: 'p',
  threads: 1,
  sample: { total: 3, chosen: 3, step: 1, offset: 0 },
  date: '2026-01-01T00:00:00.000Z',
};
const items: readonly EvalItem[] = ['a', 'b', 'c'].map((id) => ({ id, db: 'd', database: '/d.db', question: `q ${id}`, gold: 'SELECT 1' }));
const answer = (item: EvalItem): PredictionRow => ({
  kind: 'prediction',
  id: item.id,
  db: 'd',
  question: item.question,
  sql: 'SELECT 1',
  candidates: [],
  ms: 1,
  promptTokens: 1,
  sampledTokens: 1,
  forcedTokens: 0,
});

describe('a run', () => {
  it('stopped in the middle is continued without asking again', async () => {
    const path_ = path.join(folder.path, 'run.jsonl');
    const source = new CancellationSource();
    const asked: string[] = [];
    const ask = (item: EvalItem): Promise<PredictionRow> => {
      asked.push(item.id);
      if (item.id === 'b') source.cancel();
      return Promise.resolve(answer(item));
    };
    let clock = 0;
    const options = { now: () => (clock += 1000), token: source.token, onProgress: () => undefined };
    await expect(runEval(items, ask, await PredictionFile.open(path_, header), options)).rejects.toMatchObject({ code: 'cancelled' });
    expect(existsSync(path_)).toBe(true);
    const progress: [number, number][] = [];
    const rows = await runEval(items, ask, await PredictionFile.open(path_, header), {
      now: () => (clock += 1000),
      token: new CancellationSource().token,
      onProgress: ({ done, remainingMs }) => progress.push([done, remainingMs]),
    });
    expect(asked).toEqual(['a', 'b', 'c']);
    expect(rows.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(progress).toEqual([[3, 0]]);
  });

  it('asks again what ended in a fault and gives up after several in a row', async () => {
    const file = path.join(folder.path, 'faults.jsonl');
    const many: readonly EvalItem[] = Array.from({ length: 9 }, (_, at) => ({ ...(items[0] as EvalItem), id: `f${at}` }));
    const options = { now: () => 0, token: new CancellationSource().token, onProgress: () => undefined };
    const dead = (item: EvalItem): Promise<PredictionRow> => Promise.resolve({ ...answer(item), sql: '', refusal: 'process.died' });
    const asked: string[] = [];
    await expect(
      runEval(
        many,
        (item) => (asked.push(item.id), item.id === 'f0' ? Promise.resolve(answer(item)) : dead(item)),
        await PredictionFile.open(file, header),
        options,
      ),
    ).rejects.toMatchObject({ code: 'process.died' });
    expect(asked.length).toBe(6);
    const rows = await runEval(
      many,
      (item) => (asked.push(item.id), Promise.resolve(answer(item))),
      await PredictionFile.open(file, header),
      options,
    );
    expect(rows.map(({ sql }) => sql)).toEqual(many.map(() => 'SELECT 1'));
    expect(asked.filter((id) => id === 'f0').length).toBe(1);
  });
});
