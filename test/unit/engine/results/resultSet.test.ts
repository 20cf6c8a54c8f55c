import { readFile, rm } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CancellationSource, neverCancelled } from '../../../../src/core/shared/cancellation.js';
import { type Cell, type Filter, type ResultView } from '../../../../src/core/sql/resultTypes.js';
import { exactBlocks } from '../../../../src/engine/results/exactBlocks.js';
import { ResultSet } from '../../../../src/engine/results/resultSet.js';
import { makeDatabase, numbers, type TemporaryDatabase } from './temporaryDatabase.js';

const rows = 30_000;
let database: TemporaryDatabase;
let opened: ResultSet | undefined;

async function open(
  sql: string,
  parameters?: Record<string, unknown>,
  bounds: { mostRows?: number; mostBytes?: number } = {},
): Promise<ResultSet> {
  opened = await ResultSet.open({ database: database.path, sql, ...(parameters ? { parameters } : {}), ...bounds }, neverCancelled);
  return opened;
}

const page = async (set: ResultSet, from: number, count: number): Promise<readonly (readonly Cell[])[]> => (await set.page(from, count, neverCancelled)).rows; // prettier-ignore

beforeAll(async () => {
  database = await makeDatabase(
    `CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE, x);
     ${numbers(rows)} INSERT INTO t SELECT i, 'n' || (i * 7919 % 30011), CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN i WHEN 2 THEN i * 1.5 ELSE 'v' || i END FROM n;
     CREATE TABLE odd(v); INSERT INTO odd VALUES (NULL), (''), ('a%b_c\\'), (5), (5.0), ('5'), (9223372036854775807), (-9223372036854775808), (1e999), (x''), (x'00ff'), ('NULL');`,
  );
});
afterEach(async () => {
  await opened?.close();
  opened = undefined;
});
afterAll(() => database.remove());

describe('pages of a result', () => {
  test('first, middle, last and beyond are what SQLite has there', async () => {
    const set = await open('SELECT id FROM t');
    expect(await page(set, 0, 3)).toEqual([[1], [2], [3]]);
    expect(set.total).toBeUndefined();
    expect(await page(set, 15_000, 2)).toEqual([[15_001], [15_002]]);
    expect(await page(set, rows - 1, 5)).toEqual([[rows]]);
    expect(set.total).toBe(rows);
    expect(await page(set, rows + 100, 5)).toEqual([]);
    expect(set.total).toBe(rows);
  });

  test('no rows, and the number of rows without reading them', async () => {
    const empty = await open('SELECT * FROM t WHERE 0');
    expect(await page(empty, 0, 10)).toEqual([]);
    expect([empty.total, empty.columns]).toEqual([0, ['id', 'name', 'x']]);
    await empty.close();
    expect(await (await open('SELECT * FROM t')).count(10_000, neverCancelled)).toBe(rows);
  });

  test('values keep their kind', async () => {
    const set = await open("SELECT v FROM odd UNION ALL SELECT printf('%.3000c', 'x')");
    expect((await page(set, 0, 20)).map(([cell]) => cell)).toEqual([
      null,
      '',
      'a%b_c\\',
      5,
      { kind: 'real', text: '5.0' },
      '5',
      { kind: 'integer', text: '9223372036854775807' },
      { kind: 'integer', text: '-9223372036854775808' },
      { kind: 'real', text: 'Inf' },
      { kind: 'blob', start: '', length: 0 },
      { kind: 'blob', start: '00ff', length: 2 },
      'NULL',
      { kind: 'text', start: 'x'.repeat(500), length: 3000 },
    ]);
  });

  test('exact values are exact', async () => {
    const set = await open('SELECT v FROM odd');
    const found = await set.exact(6, 5, neverCancelled);
    expect(found.map(({ values }) => values[0])).toEqual([9223372036854775807n, -9223372036854775808n, Infinity, new Uint8Array(), new Uint8Array([0, 255])]); // prettier-ignore
    expect(found.map(({ types }) => types).join('')).toBe('iirbb');
  });

  test('equal and empty names, and six hundred columns', async () => {
    expect((await open('SELECT 1 AS a, 2 AS a, 3 AS ""')).columns).toEqual(['a', 'a', '']);
    await opened?.close();
    const wide = await open(`SELECT ${Array.from({ length: 600 }, (_, at) => `id + ${at}`).join(', ')} FROM t`);
    expect((await page(wide, 9, 1))[0]?.[599]).toBe(10 + 599);
    await wide.setView({ sort: [], filters: [{ column: -1, operator: 'equals', value: '700' }] });
    expect((await page(wide, 0, 1))[0]?.[0]).toBe(101);
  });

  test.each<readonly [string, Record<string, unknown> | undefined, Cell]>([
    ['SELECT :a', { a: 9223372036854775807n }, { kind: 'integer', text: '9223372036854775807' }],
    ['SELECT :a', { ':a': "it's" }, "it's"],
    ['SELECT ?', { 1: 2 }, 2],
    ['SELECT ?2', { '?2': null }, null],
    ['SELECT $a', { $a: new Uint8Array([1]) }, { kind: 'blob', start: '01', length: 1 }],
    ['SELECT :a', undefined, null],
    ['EXPLAIN QUERY PLAN SELECT * FROM t', undefined, 2],
  ])('%s', async (sql, parameters, expected) => {
    expect((await page(await open(sql, parameters), 0, 1))[0]?.[0]).toEqual(expected);
  });

  test.each(['DELETE FROM t', 'SELECT 1; SELECT 2', 'PRAGMA user_version = 2', "VACUUM INTO 'x'"])('%s is refused', async (sql) => {
    await expect(open(sql)).rejects.toMatchObject({ code: expect.stringMatching(/^sql\./) as string });
  });
});

describe('sort and filter', () => {
  const view = (sort: ResultView['sort'], ...filters: readonly Filter[]): ResultView => ({ sort, filters });

  test.each<readonly [string, ResultView, readonly number[]]>([
    ['descending', view([{ column: 0, descending: true }]), [rows, rows - 1]],
    [
      'two keys',
      view([
        { column: 2, descending: false },
        { column: 0, descending: true },
      ]),
      [rows, rows - 4],
    ],
    ['a filter', view([], { column: 0, operator: 'greater', value: '29998' }), [29_999, 30_000]],
    ['text without case', view([], { column: 1, operator: 'startsWith', value: 'N7919' }), [1]],
    ['any column', view([], { column: -1, operator: 'equals', value: 'v10003' }), [10_003]],
    ['NULL', view([], { column: 2, operator: 'isNull', value: '' }), [4, 8]],
    ['numbers as numbers', view([], { column: 2, operator: 'equals', value: '3.0' }), [2]],
    ['both', view([{ column: 0, descending: true }], { column: 2, operator: 'isNotNull', value: '' }), [29_999, 29_998]], // prettier-ignore
  ])('%s', async (_name, given, ids) => {
    const set = await open('SELECT * FROM t');
    await set.setView(given);
    expect((await page(set, 0, 2)).map(([id]) => id)).toEqual(ids);
  });

  test.each<readonly [Filter['operator'], string, number]>([
    ['contains', '%b_', 1],
    ['contains', '5', 5],
    ['equals', '5', 3],
    ['equals', "it's", 0],
    ['differs', '5', 9],
    ['isNull', '', 1],
    ['isNotNull', '', 11],
    ['equals', '', 1],
    ['equals', 'NULL', 1],
    ['equals', '9223372036854775807', 1],
  ])('%s %j finds %d of the odd values', async (operator, value, count) => {
    const set = await open('SELECT v FROM odd');
    await set.setView(view([], { column: 0, operator, value }));
    expect(await set.count(10_000, neverCancelled)).toBe(count);
  });
});

describe('snapshots', () => {
  test('a far page makes one, and later pages are the same rows', async () => {
    const set = await open('SELECT * FROM t ORDER BY name');
    const before = await page(set, 25_000, 20);
    expect(await set.freeze(neverCancelled)).toBe(true);
    expect(set.total).toBe(rows);
    expect(await page(set, 25_000, 20)).toEqual(before);
  });

  test('rows that chance makes stay the same from page to page', async () => {
    const set = await open(`${numbers(1000)} SELECT random() AS r FROM n`);
    const first = await page(set, 0, 50);
    await page(set, 500, 50);
    expect(await page(set, 0, 50)).toEqual(first);
  });

  test('too many rows or bytes: pages go on without one', async () => {
    for (const bounds of [{ mostRows: 100 }, { mostBytes: 20_000 }]) {
      const set = await open('SELECT * FROM t', undefined, bounds);
      expect(await set.freeze(neverCancelled)).toBe(false);
      expect(await page(set, 29_000, 1)).toEqual([[29_001, expect.any(String), 29_001]]);
      await set.close();
    }
  });

  test('blocks hold every row once, whether they come from a snapshot or not', async () => {
    for (const bounds of [{}, { mostRows: 100 }]) {
      const set = await open('SELECT id FROM t', undefined, bounds);
      const ids: unknown[] = [];
      for await (const block of exactBlocks(set, neverCancelled)) ids.push(...block.map(({ values }) => values[0]));
      expect([ids.length, new Set(ids).size, ids.at(-1)]).toEqual([rows, rows, rows]);
      await set.close();
    }
  });

  test('reading never writes: the file is the same to the byte', async () => {
    const before = await readFile(database.path);
    const set = await open('SELECT * FROM t ORDER BY x');
    await set.freeze(neverCancelled);
    await page(set, 20_000, 10);
    expect((await readFile(database.path)).equals(before)).toBe(true);
  });
});

describe('stopping and changes', () => {
  const endless = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n';

  test('a page is cancelled, and the result can still be used', async () => {
    const set = await open(`${endless} WHERE i < 0 UNION ALL SELECT 1`);
    const source = new CancellationSource();
    const asked = set.page(0, 1, source.token);
    source.cancel();
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
    await set.setView({ sort: [], filters: [] });
  });

  test('counting ends at its deadline and says nothing', async () => {
    const set = await open(endless.replace('max(i)', 'i'));
    expect(await set.count(50, neverCancelled)).toBeUndefined();
    expect(await page(set, 0, 2)).toEqual([[1], [2]]);
  });

  test('no lock is held between two pages: a writer gets through, and the result knows', async () => {
    const own = await makeDatabase(`CREATE TABLE t(id); ${numbers(500)} INSERT INTO t SELECT i FROM n;`);
    const set = await ResultSet.open({ database: own.path, sql: 'SELECT * FROM t' }, neverCancelled);
    await page(set, 0, 100);
    expect(await set.isStale()).toBe(false);
    await own.run('BEGIN EXCLUSIVE; DELETE FROM t WHERE id > 400; COMMIT; VACUUM');
    expect(await set.isStale()).toBe(true);
    expect(await page(set, 300, 200)).toHaveLength(100);
    await set.close();
    await own.remove();
  });

  test('a file that is gone is said, but a snapshot is read on', async () => {
    const own = await makeDatabase(`CREATE TABLE t(id); ${numbers(500)} INSERT INTO t SELECT i FROM n;`);
    const frozen = await ResultSet.open({ database: own.path, sql: 'SELECT * FROM t' }, neverCancelled);
    const plain = await ResultSet.open({ database: own.path, sql: 'SELECT * FROM t' }, neverCancelled);
    await frozen.freeze(neverCancelled);
    await rm(own.path);
    expect(await page(frozen, 499, 1)).toEqual([[500]]);
    await expect(plain.page(300, 10, neverCancelled)).rejects.toMatchObject({ code: 'file.vanished' });
    await Promise.all([frozen.close(), plain.close()]);
    await own.remove();
  });
});
