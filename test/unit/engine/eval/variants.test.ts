import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resultHash } from '../../../../src/core/eval/valueKey.js';
import { neverCancelled } from '../../../../src/core/shared/cancellation.js';
import { DatabaseVariants } from '../../../../src/engine/eval/databaseVariants.js';
import { scorePredictions } from '../../../../src/engine/eval/scorePredictions.js';
import { SqlRunner } from '../../../../src/engine/eval/sqlRunner.js';
import { mutateCopy } from '../../../../src/sqlite/mutateCopy.js';
import { makeDatabase, makeFolder } from './makeDatabase.js';

const folder = makeFolder();
const runner = new SqlRunner();
let database = '';
let before = Buffer.alloc(0);

beforeAll(async () => {
  const people = Array.from(
    { length: 200 },
    (_, at) => `(${at + 1}, 'name ${at % 50}', ${20 + (at % 40)}, ${1 + (at % 9)}, ${at % 3 === 0 ? 'NULL' : `'remark ${at}'`})`,
  );
  database = await makeDatabase(
    path.join(folder.path, 'people.sqlite'),
    `CREATE TABLE towns (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
     INSERT INTO towns VALUES ${Array.from({ length: 9 }, (_, at) => `(${at + 1}, 'town ${at}')`).join(', ')};
     CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL, age INTEGER NOT NULL CHECK (age > 0), town_id INTEGER REFERENCES towns(id), remark TEXT, twice INTEGER AS (age * 2));
     INSERT INTO people VALUES ${people.join(', ')};
     CREATE TABLE pairs (a INTEGER, b INTEGER, PRIMARY KEY (a, b)) WITHOUT ROWID;
     CREATE TRIGGER never BEFORE DELETE ON people BEGIN SELECT RAISE(ABORT, 'never'); END;
     INSERT INTO pairs VALUES (1, 2), (2, 3);`,
  );
  before = readFileSync(database);
});

afterAll(async () => {
  await runner.close();
  folder.remove();
});

const hashOf = async (file: string, sql: string): Promise<string> => {
  const outcome = await runner.run(file, sql);
  if (!outcome.ok) throw new Error(outcome.message);
  return resultHash(outcome.result.rows);
};

describe('variants of a database', () => {
  it('differ from it and from each other, keep keys together, and leave it as it was', async () => {
    const variants = new DatabaseVariants(3, false);
    const paths = await variants.of(database);
    expect(paths.length).toBe(3);
    expect(await variants.of(database)).toBe(paths);
    const hashes = await Promise.all([database, ...paths].map((file) => hashOf(file, 'SELECT * FROM people')));
    expect(new Set(hashes).size).toBe(4);
    for (const file of paths) {
      const joined = await runner.run(file, 'SELECT COUNT(*) FROM people JOIN towns ON towns.id = people.town_id');
      expect(joined.ok && Number(joined.result.rows[0]?.[0])).toBeGreaterThan(50);
      const doubled = await runner.run(file, 'SELECT COUNT(*) FROM people WHERE twice <> age * 2 OR age <= 0');
      expect(doubled.ok && doubled.result.rows[0]?.[0]).toBe(0);
    }
    expect(readFileSync(database).equals(before)).toBe(true);
    await runner.close();
    await variants.close();
    expect(paths.some((file) => existsSync(file))).toBe(false);
  });

  it('are the same on every run', async () => {
    const [one, two] = [new DatabaseVariants(1, false), new DatabaseVariants(1, false)];
    const [first = '', second = ''] = [...(await one.of(database)), ...(await two.of(database))];
    expect(await hashOf(first, 'SELECT * FROM people')).toBe(await hashOf(second, 'SELECT * FROM people'));
    await runner.close();
    await Promise.all([one.close(), two.close()]);
  });

  it('catch an answer that is right by luck', async () => {
    const variants = new DatabaseVariants(3, false);
    const item = { id: 'x', db: 'people', database, question: 'q', gold: 'SELECT COUNT(*) FROM people WHERE age < 30' };
    const count = await runner.run(database, item.gold);
    const lucky = `SELECT ${count.ok ? Number(count.result.rows[0]?.[0]) : 0}`;
    const row = (sql: string) =>
      ({
        kind: 'prediction',
        id: 'x',
        db: 'people',
        question: 'q',
        sql,
        candidates: [],
        ms: 1,
        promptTokens: 1,
        sampledTokens: 1,
        forcedTokens: 0,
      }) as const;
    const options = {
      comparators: ['spider_ex', 'spider_ts'] as const,
      runner,
      instances: (path_: string) => variants.of(path_),
      token: neverCancelled,
    };
    const [byLuck] = await scorePredictions([item], [row(lucky)], options);
    const [right] = await scorePredictions([item], [row('SELECT COUNT(id) FROM people WHERE NOT age >= 30')], options);
    expect(byLuck?.correct).toEqual({ spider_ex: true, spider_ts: false });
    expect(right?.correct).toEqual({ spider_ex: true, spider_ts: true });
    await runner.close();
    await variants.close();
  });

  it("take other files of the folder in Spider's layout", async () => {
    const other = await makeDatabase(path.join(folder.path, 'people_v2.sqlite'), 'CREATE TABLE towns (id INTEGER)');
    expect(await new DatabaseVariants(0, true).of(database)).toEqual([other]);
    expect(await new DatabaseVariants(0, false).of(database)).toEqual([]);
  });
});

describe('mutating a copy', () => {
  it('counts statements that fail and refuses a target that exists', async () => {
    const target = path.join(folder.path, 'copy.db');
    expect(await mutateCopy(database, target, ['DELETE FROM towns', 'DELETE FROM nowhere'])).toEqual({ failed: 1 });
    await expect(mutateCopy(database, target, [])).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(mutateCopy(database, database, ['DELETE FROM towns'])).rejects.toMatchObject({ code: 'EEXIST' });
    expect(readFileSync(database).equals(before)).toBe(true);
  });
});
