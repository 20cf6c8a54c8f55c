/** Statements that would never end, never fit, or never compile. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CancellationSource } from '../../../src/core/shared/cancellation.js';
import { type ReadOnlyDatabase } from '../../../src/core/sql/types.js';
import { openDatabase } from '../../../src/sqlite/openDatabase.js';
import { buildDatabase, makeTestFolder, Writer } from '../../support/buildFixture.js';

const folder = makeTestFolder();
let database: ReadOnlyDatabase;
let file: string;
const limits = { timeoutMs: 20_000, maxRows: 100 };
const endless = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)';

beforeAll(async () => {
  file = await buildDatabase(folder.file('limits.db'), 'CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT);');
  database = await openDatabase(file);
});
afterAll(async () => {
  await database.close();
  folder.remove();
});

test.each<[string, string, object]>([
  ['SELECT nope FROM t', 'sql.unknownName', { name: 'nope', message: 'no such column: nope' }],
  ['SELECT * FROM nope', 'sql.unknownName', { name: 'nope' }],
  ['SELECT z.id FROM t', 'sql.unknownName', { name: 'z.id' }],
  ['SELECT nope(1)', 'sql.unknownName', { name: 'nope' }],
  ['SELECT * FROM t a JOIN t b USING (zz)', 'sql.unknownName', { name: 'zz' }],
  ['SELECT FROM t', 'sql.syntax', { message: 'near "FROM": syntax error' }],
  ['SELECT (1', 'sql.syntax', { message: 'incomplete input' }],
  ["SELECT 'abc", 'sql.syntax', {}],
  ['SELECT 1) UNION (SELECT 2', 'sql.syntax', {}],
  ['SELECT 1 \u0000 FROM t', 'sql.syntax', {}],
  ['SELECT abs(-9223372036854775808)', 'sql.failed', { message: 'integer overflow' }],
  ['SELECT sum(count(*)) FROM t', 'sql.failed', {}],
  ['', 'sql.empty', {}],
  ['-- nothing', 'sql.empty', {}],
  [';;', 'sql.empty', {}],
  ['SELECT 1; SELECT 2', 'sql.multiple', {}],
  ['DELETE FROM t', 'sql.notReadOnly', { statement: 'DELETE' }],
  ['SELECT length(zeroblob(100000000))', 'sql.rowTooLarge', {}],
  [`${endless} SELECT zeroblob(8000000) FROM c`, 'sql.rowTooLarge', {}],
])('%s → %s', async (sql, code, details) => {
  await expect(database.run(sql, limits)).rejects.toMatchObject({ code, details });
});

test.each(['SELECT nope FROM t', 'DELETE FROM t', 'SELECT 1; SELECT 2'])('preparing %s throws as running does', async (sql) => {
  const failed = await database.run(sql, limits).catch((error: { code: string }) => error.code);
  await expect(database.prepare(sql)).rejects.toMatchObject({ code: failed });
});

test.each(['count(*)', 'max(x), random()'])('an endless %s is stopped', async (columns) => {
  await expect(database.run(`${endless} SELECT ${columns} FROM c`, { ...limits, timeoutMs: 50 })).rejects.toMatchObject({
    code: 'sql.timeout',
    details: { timeoutMs: 50 },
  });
  expect((await database.run('SELECT 1', limits)).rows).toEqual([[1]]);
});

test('millions of rows are cut off', async () => {
  const { rows, truncated } = await database.run(`${endless} SELECT x FROM c LIMIT 5000000`, { ...limits, maxRows: 1000 });
  expect([rows.length, rows[999], truncated]).toEqual([1000, [1000], true]);
});

test('the timeout of one statement spares the other', async () => {
  const first = database.run(`${endless} SELECT count(*) FROM c`, { ...limits, timeoutMs: 60 });
  const second = database.run(`${endless}, d AS (SELECT x FROM c LIMIT 200000) SELECT count(*) FROM d`, limits);
  await expect(first).rejects.toMatchObject({ code: 'sql.timeout' });
  expect((await second).rows).toEqual([[200000]]);
});

test('a token stops what runs, what waits, and what has not begun', async () => {
  const source = new CancellationSource();
  const token = source.token;
  const running = database.run(`${endless} SELECT count(*) FROM c`, { ...limits, token });
  const waiting = database.run('SELECT 1', { ...limits, token });
  setImmediate(() => {
    source.cancel();
  });
  await expect(running).rejects.toMatchObject({ code: 'cancelled' });
  await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
  await expect(database.run('SELECT 1', { ...limits, token })).rejects.toMatchObject({ code: 'cancelled' });
  expect((await database.run('SELECT 1', limits)).rows).toEqual([[1]]);
});

test.each(['DELETE', 'WAL'])('the stamp changes with data and schema in %s mode, and with nothing else', async (mode) => {
  const path = await buildDatabase(
    folder.file(`stamp-${mode}.db`),
    `PRAGMA journal_mode = ${mode}; CREATE TABLE t(a); INSERT INTO t VALUES (1);`,
  );
  const writer = await Writer.open(path);
  await writer.exec('PRAGMA wal_autocheckpoint = 0; INSERT INTO t VALUES (2)');
  const reader = await openDatabase(path);
  const stamps = [await reader.changeStamp()];
  await reader.run('SELECT * FROM t', limits);
  expect(await reader.changeStamp()).toBe(stamps[0]);
  for (const sql of ['INSERT INTO t VALUES (3)', 'UPDATE t SET a = 4 WHERE a = 3', 'CREATE TABLE u(b)']) {
    await writer.exec(sql);
    stamps.push(await reader.changeStamp());
  }
  expect(new Set(stamps).size).toBe(4);
  await reader.close();
  await writer.close();
});
