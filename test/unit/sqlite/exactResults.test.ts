/** Results come as SQLite has them: integers, bytes, names and headers without loss. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ReadOnlyDatabase } from '../../../src/core/sql/types.js';
import { openDatabase } from '../../../src/sqlite/openDatabase.js';
import { buildDatabase, makeTestFolder } from '../../support/buildFixture.js';

const folder = makeTestFolder();
let database: ReadOnlyDatabase;
const limits = { timeoutMs: 10_000, maxRows: 100 };

beforeAll(async () => {
  const sql = `CREATE TABLE t(id INTEGER PRIMARY KEY, n, "x:1", x); CREATE TABLE q(c0, "joinery"); INSERT INTO q VALUES (1, 'q');
    INSERT INTO t VALUES (1, 9223372036854775807, 'a', 'b'), (2, -9223372036854775808, 'c', 'd');
    CREATE TABLE wide(${Array.from({ length: 2000 }, (_, at) => `k${at}`).join(', ')}); INSERT INTO wide(k0, k1999) VALUES ('first', 9007199254740993);`;
  database = await openDatabase(await buildDatabase(folder.file('exact.db'), sql));
});
afterAll(async () => {
  await database.close();
  folder.remove();
});

test.each<[string, unknown]>([
  ['SELECT 9007199254740991', 9007199254740991],
  ['SELECT 9007199254740992', 9007199254740992n],
  ['SELECT -9007199254740993', -9007199254740993n],
  ['SELECT n FROM t WHERE id = 1', 9223372036854775807n],
  ['SELECT n FROM t WHERE id = 2', -9223372036854775808n],
  ['SELECT 1.5', 1.5],
  ['SELECT 9007199254740993.0', 9007199254740992],
  ['SELECT 9e999', Infinity],
  ['SELECT NULL', null],
  ["SELECT ''", ''],
  ["SELECT 't'", 't'],
  ["SELECT 'i12'", 'i12'],
  ["SELECT 'e'", 'e'],
  ["SELECT 'a' || char(0) || 'b'", 'a\u0000b'],
  ["SELECT 'Zürich 🚲'", 'Zürich 🚲'],
  ["SELECT x'00ff41'", new Uint8Array([0, 255, 65])],
  ["SELECT x''", new Uint8Array()],
  ["SELECT CAST(x'fffe41' AS TEXT)", '\ufffd\ufffdA'],
  ['SELECT count(*) FROM t', 2],
  ['VALUES (7)', 7],
  ['SELECT 1;', 1],
  ['SELECT 1 ; ; -- over', 1],
  ['SELECT 1 -- over', 1],
  ['SELECT 1 /* over', 1],
  ['/* before */ SELECT 1', 1],
  ['SELECT joinery FROM q', 'q'],
  ['WITH q AS (SELECT 5 AS v) SELECT v FROM q', 5],
  ['WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 5) SELECT sum(x) FROM c', 15],
])('%s is exact', async (sql, expected) => {
  const { rows } = await database.run(sql, limits);
  expect(rows).toEqual([[expected]]);
});

test.each<[string, readonly string[]]>([
  ['SELECT id, n FROM t WHERE 0', ['id', 'n']],
  ['SELECT a.id, b.id, c.id FROM t a, t b, t c', ['id', 'id', 'id']],
  ['SELECT 1 AS x, 2 AS X, 3 AS x, 4 AS x, 5 AS x, 6 AS x', ['x', 'X', 'x', 'x', 'x', 'x']],
  ['SELECT * FROM t', ['id', 'n', 'x:1', 'x']],
  ['SELECT x, "x:1" FROM t', ['x', 'x:1']],
  ['SELECT x, t."x:1", x FROM t', ['x', 'x:1', 'x']],
  ['SELECT 1 AS "12:30"', ['12:30']],
  ['SELECT 3, 1, 2', ['3', '1', '2']],
  ['SELECT 1 AS "10", 2 AS b, 3 AS "9"', ['10', 'b', '9']],
  ['SELECT count(*), max(n) FROM t', ['count(*)', 'max(n)']],
  ['SELECT count(*), count(*) FROM t', ['count(*)', 'count(*)']],
  ['SELECT 1 AS "__proto__", 2 AS "constructor"', ['__proto__', 'constructor']],
  ['SELECT 1 AS "a b", 2 AS "c""d", 3 AS "🚲"', ['a b', 'c"d', '🚲']],
  ['VALUES (1, 2)', ['column1', 'column2']],
  ['EXPLAIN QUERY PLAN SELECT * FROM t', ['id', 'parent', 'notused', 'detail']],
  ['EXPLAIN SELECT * FROM t', ['addr', 'opcode', 'p1', 'p2', 'p3', 'p4', 'p5', 'comment']],
])('%s keeps its headers', async (sql, expected) => {
  expect((await database.run(sql, limits)).columns).toEqual(expected);
});

test('rows and headers belong together', async () => {
  const { columns, rows } = await database.run('SELECT 3, 1 AS "0", \'x\' AS "2", 4', limits);
  expect([columns, rows]).toEqual([['3', '0', '2', '4'], [[3, 1, 'x', 4]]]);
});

test('a value is computed once', async () => {
  const sql =
    'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 100) SELECT CASE WHEN random() > 0 THEN 1 ELSE 9007199254740993 END FROM c';
  const { rows } = await database.run(sql, limits);
  expect(new Set(rows.map(([value]) => value))).toEqual(new Set([1, 9007199254740993n]));
});

test('2,000 columns are exact, 2,001 are refused', async () => {
  const { columns, rows } = await database.run('SELECT * FROM wide', limits);
  expect([columns.length, columns[1999], rows[0]?.[0], rows[0]?.[1999]]).toEqual([2000, 'k1999', 'first', 9007199254740993n]);
  await expect(database.run('SELECT *, 1 FROM wide', limits)).rejects.toMatchObject({ code: 'sql.tooManyColumns' });
});

test('order is kept and rows are capped', async () => {
  const { rows, truncated } = await database.run('SELECT id FROM t ORDER BY id DESC', { ...limits, maxRows: 1 });
  expect([rows, truncated]).toEqual([[[2]], true]);
  expect((await database.run('SELECT id FROM t', { ...limits, maxRows: 2 })).truncated).toBe(false);
  expect(await database.run('SELECT id FROM t', { ...limits, maxRows: 0 })).toMatchObject({ rows: [], truncated: true });
});
