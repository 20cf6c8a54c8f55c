/** Plans and recommended indexes on real databases; every recommendation is put to the test. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { flattenPlan } from '../../../../src/core/presentation/planTree.js';
import { type DatabaseSchema } from '../../../../src/core/schema/types.js';
import { isJoineryError } from '../../../../src/core/shared/errors.js';
import { type ReadOnlyDatabase } from '../../../../src/core/sql/types.js';
import { explainStatement } from '../../../../src/engine/run/explainStatement.js';
import { introspect } from '../../../../src/sqlite/introspect.js';
import { openDatabase } from '../../../../src/sqlite/openDatabase.js';
import { buildDatabase, makeTestFolder } from '../../../support/buildFixture.js';

const ddl = `
  CREATE TABLE customer(id INTEGER PRIMARY KEY, name TEXT, city TEXT, "birth date" TEXT);
  CREATE TABLE orders(id INTEGER PRIMARY KEY, customer_id INT, status TEXT, placed TEXT, total REAL);
  CREATE TABLE item(order_id INT, product TEXT, amount INT, PRIMARY KEY (order_id, product)) WITHOUT ROWID;
  CREATE TABLE orders_city(a);
  CREATE INDEX orders_status ON orders(status);
  CREATE VIEW big AS SELECT * FROM orders WHERE total > 100;
  CREATE TRIGGER t AFTER DELETE ON orders BEGIN DELETE FROM item WHERE order_id = old.id; END;
  CREATE VIRTUAL TABLE search USING fts5(body);`;

const folder = makeTestFolder();
let database: ReadOnlyDatabase;
let schema: DatabaseSchema;

beforeAll(async () => {
  database = await openDatabase(await buildDatabase(folder.file('shop.db'), ddl));
  schema = await introspect(database, { name: 'shop' });
});
afterAll(async () => {
  await database.close();
  folder.remove();
});

async function explain(sql: string): Promise<string[]> {
  const { plan, advice } = await explainStatement({ database, schema }, sql);
  const steps = flattenPlan(plan);
  return advice.map((entry) => {
    const detail = steps.find(({ id }) => id === entry.node)?.detail ?? '?';
    if (entry.kind === 'wholeTable') return `${detail}: all of ${entry.table}`;
    return `${detail}: ${entry.ddl.replace(/^CREATE INDEX /, '')}${entry.savesSort ? ' (sorted)' : ''}`;
  });
}

test.each<[string, string[]]>([
  // Equality, range, both, order.
  ["SELECT * FROM customer WHERE city = 'Rome'", ['SCAN customer: customer_city ON customer(city)']],
  ["SELECT * FROM customer AS c WHERE 'Rome' = c.city", ['SCAN c: customer_city ON customer(city)']],
  ['SELECT * FROM orders WHERE total > 5', ['SCAN orders: orders_total ON orders(total)']],
  ["SELECT * FROM orders WHERE customer_id = 1 AND placed > '2012'", ['SCAN orders: orders_customer_id_placed ON orders(customer_id, placed)']],
  ["SELECT * FROM orders WHERE placed BETWEEN '2012' AND '2013'", ['SCAN orders: orders_placed ON orders(placed)']],
  ["SELECT * FROM orders WHERE placed IN ('2012', '2013')", ['SCAN orders: orders_placed ON orders(placed)']],
  ['SELECT * FROM customer WHERE "birth date" = ?', ['SCAN customer: customer_birth_date ON customer("birth date")']],
  ['SELECT * FROM orders WHERE customer_id = :c ORDER BY placed', ['SCAN orders: orders_customer_id_placed ON orders(customer_id, placed) (sorted)']],
  ['SELECT * FROM orders ORDER BY placed LIMIT 10', ['SCAN orders: orders_placed ON orders(placed) (sorted)']],
  ['SELECT city, count(*) FROM customer GROUP BY city', ['SCAN customer: customer_city ON customer(city) (sorted)']],
  // Joins: what is scanned, what SQLite would index for itself.
  ["SELECT * FROM customer c JOIN orders o ON o.customer_id = c.id WHERE c.city = 'x'", ['SCAN o: orders_customer_id ON orders(customer_id)']],
  ['SELECT * FROM orders a JOIN orders b ON a.total = b.total', ['SCAN a: all of orders', 'SEARCH b USING AUTOMATIC COVERING INDEX (total=?): orders_total ON orders(total)']],
  // Inside subqueries and views.
  ["SELECT * FROM orders WHERE id = 1 AND customer_id IN (SELECT id FROM customer WHERE city = 'x')", ['SCAN customer: customer_city ON customer(city)']],
  ['SELECT (SELECT max(total) FROM orders o WHERE o.customer_id = c.id) FROM customer c', ['SCAN c: all of customer', 'SEARCH o: orders_customer_id ON orders(customer_id)']],
  ['SELECT * FROM big WHERE customer_id = 3', ['SCAN orders: orders_customer_id ON orders(customer_id)']],
  ['SELECT max(total) FROM orders', ['SEARCH orders: orders_total ON orders(total)']],
  // Nothing to find faster.
  ['SELECT * FROM customer', ['SCAN customer: all of customer']],
  ['SELECT count(*) FROM orders', []],
  ["SELECT * FROM customer WHERE upper(city) = 'ROME'", ['SCAN customer: all of customer']],
  ["SELECT * FROM customer WHERE city LIKE '%o%'", ['SCAN customer: all of customer']],
  ["SELECT * FROM orders WHERE status = 'new'", []],
  ['SELECT * FROM orders WHERE id = 3', []],
  ['SELECT * FROM item WHERE order_id = 3', []],
  ["SELECT * FROM search WHERE search MATCH 'x'", []],
  ['SELECT 1', []],
  ['VALUES (1)', []],
  // A name that is taken.
  ['SELECT * FROM orders_city WHERE a = 1', ['SCAN orders_city: orders_city_a ON orders_city(a)']],
  // Other ways to ask, and statements that write.
  ["EXPLAIN QUERY PLAN SELECT * FROM customer WHERE city = 'Rome';", ['SCAN customer: customer_city ON customer(city)']],
  ["EXPLAIN SELECT * FROM customer WHERE city = 'Rome'", ['SCAN customer: customer_city ON customer(city)']],
  ["UPDATE orders SET total = 0 WHERE customer_id = 3", ['SCAN orders: orders_customer_id ON orders(customer_id)']],
  ['DELETE FROM customer WHERE name = ?', ['SCAN customer: customer_name ON customer(name)']],
])('%s', async (sql, expected) => {
  expect(await explain(sql)).toEqual(expected);
}); // prettier-ignore

test('what is recommended is used by the real database once it is there', async () => {
  const sql = "SELECT * FROM orders WHERE customer_id = 1 AND placed > '2012' ORDER BY placed";
  const { advice } = await explainStatement({ database, schema }, sql);
  const [first] = advice;
  if (first?.kind !== 'index') throw new Error('no index was recommended');
  const file = await buildDatabase(folder.file('indexed.db'), `${ddl}${first.ddl};`);
  const indexed = await openDatabase(file);
  try {
    const after = await explainStatement({ database: indexed, schema: await introspect(indexed, { name: 'x' }) }, sql);
    expect(flattenPlan(after.plan).map(({ detail }) => detail)).toEqual([first.then]);
    expect(after.advice).toEqual([]);
  } finally {
    await indexed.close();
  }
});

test.each(['a', 'b'])('the statistics of the real database count also for statements that write: %s tells rows apart', async (good) => {
  const bad = good === 'a' ? 'b' : 'a';
  const file = await buildDatabase(
    folder.file(`measured-${good}.db`),
    `CREATE TABLE t(${good}, ${bad}); CREATE INDEX t_a ON t(a); CREATE INDEX t_b ON t(b);
     INSERT INTO t WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 1000) SELECT x, 1 FROM c; ANALYZE;`,
  );
  const measured = await openDatabase(file);
  try {
    const target = { database: measured, schema: await introspect(measured, { name: 'x' }) };
    const { plan } = await explainStatement(target, 'DELETE FROM t WHERE a = 1 AND b = 1');
    expect(flattenPlan(plan).map(({ index }) => index)).toEqual([`t_${good}`]);
  } finally {
    await measured.close();
  }
});

test.each<[string, string]>([
  ['SELECT * FROM nowhere', 'sql.unknownName'],
  ['UPDATE nowhere SET a = 1', 'sql.unknownName'],
  ['SELECT * FROM', 'sql.syntax'],
  ['EXPLAIN', 'sql.empty'],
  ['', 'sql.empty'],
])('%j has no plan: %s', async (sql, code) => {
  const error: unknown = await explain(sql).catch((thrown: unknown) => thrown);
  expect(isJoineryError(error) ? error.code : error).toBe(code);
});
