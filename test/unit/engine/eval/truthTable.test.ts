import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareSpider, spiderOrdered } from '../../../../src/core/eval/compareSpider.js';
import { type PredictionRow } from '../../../../src/core/eval/types.js';
import { neverCancelled } from '../../../../src/core/shared/cancellation.js';
import { scorePredictions } from '../../../../src/engine/eval/scorePredictions.js';
import { SqlRunner } from '../../../../src/engine/eval/sqlRunner.js';
import { makeDatabase, makeFolder } from './makeDatabase.js';

/**
 * What the released scorers of Spider and BIRD say, case by case, on a tiny database; `strict` is ours. `keep` is Spider with
 * `--keep_distinct`, where it differs from the default.
 */
interface Cell {
  readonly name: string;
  readonly gold: string;
  readonly predicted: string;
  readonly spider: boolean;
  readonly keep?: boolean;
  readonly bird: boolean;
  readonly strict: boolean;
}

const cells: readonly Cell[] = [
  {
    name: 'columns swapped',
    gold: 'SELECT name, age FROM p',
    predicted: 'SELECT age, name FROM p',
    spider: true,
    bird: false,
    strict: false,
  },
  { name: 'extra column', gold: 'SELECT name FROM p', predicted: 'SELECT name, age FROM p', spider: false, bird: false, strict: false },
  {
    name: 'prediction adds ORDER BY',
    gold: 'SELECT name FROM p',
    predicted: 'SELECT name FROM p ORDER BY age',
    spider: true,
    bird: true,
    strict: true,
  },
  {
    name: 'gold has ORDER BY, prediction lacks it',
    gold: 'SELECT name FROM p ORDER BY age',
    predicted: 'SELECT name FROM p',
    spider: false,
    bird: true,
    strict: false,
  },
  {
    name: 'DISTINCT only in the gold',
    gold: 'SELECT DISTINCT country FROM p',
    predicted: 'SELECT country FROM p',
    spider: true,
    keep: false,
    bird: true,
    strict: false,
  },
  {
    name: 'DISTINCT only in the prediction',
    gold: 'SELECT country FROM p',
    predicted: 'SELECT DISTINCT country FROM p',
    spider: true,
    keep: false,
    bird: true,
    strict: false,
  },
  {
    name: 'GROUP BY instead of DISTINCT',
    gold: 'SELECT DISTINCT country FROM p',
    predicted: 'SELECT country FROM p GROUP BY country',
    spider: false,
    keep: true,
    bird: true,
    strict: true,
  },
  {
    name: 'duplicate rows (UNION ALL)',
    gold: 'SELECT name FROM p',
    predicted: 'SELECT name FROM p UNION ALL SELECT name FROM p',
    spider: false,
    bird: true,
    strict: false,
  },
  { name: '1 and 1.0', gold: 'SELECT 1', predicted: 'SELECT 1.0', spider: true, bird: true, strict: true },
  { name: "1 and '1'", gold: 'SELECT 1', predicted: "SELECT '1'", spider: false, bird: false, strict: false },
  { name: '0.1+0.2 and 0.3', gold: 'SELECT 0.3', predicted: 'SELECT 0.1 + 0.2', spider: false, bird: false, strict: true },
  { name: "'USA' and 'usa' as values", gold: "SELECT 'USA'", predicted: "SELECT 'usa'", spider: false, bird: false, strict: false },
  {
    name: "'USA' and 'usa' in WHERE",
    gold: "SELECT name FROM p WHERE country = 'USA'",
    predicted: "SELECT name FROM p WHERE country = 'usa'",
    spider: false,
    bird: false,
    strict: false,
  },
  {
    name: 'double-quoted value',
    gold: "SELECT name FROM p WHERE country = 'USA'",
    predicted: 'SELECT name FROM p WHERE country = "USA"',
    spider: true,
    bird: true,
    strict: true,
  },
  {
    name: 'double-quoted value in the gold',
    gold: 'SELECT name FROM p WHERE country = "USA"',
    predicted: "SELECT name FROM p WHERE country = 'USA'",
    spider: true,
    bird: true,
    strict: true,
  },
  {
    name: 'double-quoted unknown string, both empty',
    gold: "SELECT name FROM p WHERE country = 'Peru'",
    predicted: 'SELECT name FROM p WHERE "nonsense" = 1',
    spider: true,
    bird: true,
    strict: true,
  },
  { name: 'NULL and NULL', gold: 'SELECT NULL', predicted: 'SELECT remark FROM p LIMIT 1', spider: true, bird: true, strict: true },
  { name: "NULL and ''", gold: 'SELECT NULL', predicted: "SELECT ''", spider: false, bird: false, strict: false },
  {
    name: 'both results empty',
    gold: 'SELECT name FROM p WHERE age > 99',
    predicted: "SELECT country FROM p WHERE country = 'Peru'",
    spider: true,
    bird: true,
    strict: true,
  },
  {
    name: 'both counts are 0',
    gold: 'SELECT count(*) FROM p WHERE age > 99',
    predicted: "SELECT count(*) FROM p WHERE country = 'Peru'",
    spider: true,
    bird: true,
    strict: true,
  },
  {
    name: 'LIMIT 1 in a lucky tie',
    gold: 'SELECT name FROM p ORDER BY age LIMIT 1',
    predicted: "SELECT name FROM p WHERE age = 20 AND name = 'Ann'",
    spider: true,
    bird: true,
    strict: true,
  },
  {
    name: 'a prediction that does not run',
    gold: 'SELECT name FROM p',
    predicted: 'SELECT nmae FROM p',
    spider: false,
    bird: false,
    strict: false,
  },
  {
    name: 'a prediction that is no statement',
    gold: 'SELECT name FROM p',
    predicted: 'I do not know',
    spider: false,
    bird: false,
    strict: false,
  },
  { name: 'a prediction that writes', gold: 'SELECT name FROM p', predicted: 'DELETE FROM p', spider: false, bird: false, strict: false },
  {
    name: 'a gold that does not run',
    gold: 'SELECT nmae FROM p',
    predicted: 'SELECT nmae FROM p',
    spider: false,
    bird: false,
    strict: false,
  },
  {
    name: 'semicolons at the end',
    gold: 'SELECT name FROM p;',
    predicted: 'SELECT name FROM p ; ',
    spider: true,
    bird: true,
    strict: true,
  },
];

const folder = makeFolder();
const runner = new SqlRunner();
let database = '';

beforeAll(async () => {
  database = await makeDatabase(
    path.join(folder.path, 'tiny.db'),
    "CREATE TABLE p (name TEXT, age INTEGER, country TEXT, remark TEXT); INSERT INTO p VALUES ('Bob', 31, 'USA', NULL), ('Ann', 20, 'USA', NULL), ('Cy', 25, 'Chile', NULL), ('Di', 20, 'Chile', NULL);",
  );
});

afterAll(async () => {
  await runner.close();
  folder.remove();
});

const rowOf = (sql: string): PredictionRow => ({
  kind: 'prediction',
  id: 'x',
  db: 'tiny',
  question: 'q',
  sql,
  candidates: [],
  ms: 1,
  promptTokens: 1,
  sampledTokens: 1,
  forcedTokens: 0,
});

describe('truth table', () => {
  it.each(cells)('$name', async ({ gold, predicted, spider, bird, strict }) => {
    const [verdict] = await scorePredictions([{ id: 'x', db: 'tiny', database, question: 'q', gold }], [rowOf(predicted)], {
      comparators: ['spider_ex', 'bird_ex', 'strict'],
      runner,
      instances: () => Promise.resolve([]),
      token: neverCancelled,
    });
    expect(verdict?.correct).toEqual({ spider_ex: spider, bird_ex: bird, strict });
  });

  it.each(cells.filter(({ keep }) => keep !== undefined))('$name, DISTINCT kept', async ({ gold, predicted, keep }) => {
    const left = await runner.run(database, gold);
    const right = await runner.run(database, predicted);
    expect(left.ok && right.ok && compareSpider(left.result.rows, right.result.rows, spiderOrdered(gold))).toBe(keep);
  });
});

describe('the best of the candidates', () => {
  it.each([
    ['the answer is right', 'SELECT name FROM p', [], true],
    ['another one is right', 'SELECT age FROM p', ['SELECT country FROM p', 'SELECT name FROM p'], true],
    ['none is right', 'SELECT age FROM p', ['SELECT country FROM p'], false],
    ['refused', '', [], false],
  ])('%s', async (_, sql, others, expected) => {
    const candidates = others.map((text) => ({ sql: text, count: 1, ran: true, rows: 4, resultHash: '' }));
    const [verdict] = await scorePredictions(
      [{ id: 'x', db: 'tiny', database, question: 'q', gold: 'SELECT name FROM p' }],
      [{ ...rowOf(sql), candidates }],
      { comparators: ['strict'], runner, instances: () => Promise.resolve([]), token: neverCancelled },
    );
    expect(verdict?.bestOf).toBe(expected);
  });
});
