import { describe, expect, it } from 'vitest';
import { compileGrammar } from '../../../../src/core/grammar/compileGrammar.js';
import { parseGbnf } from '../../../../src/core/grammar/parseGbnf.js';
import { buildGrammar } from '../../../../src/core/nl2sql/buildGrammar.js';
import { type GrammarInput } from '../../../../src/core/nl2sql/types.js';
import { grammarSchemas } from '../../../support/grammarSchemas.js';

function inputOf(title: string, changes: Partial<GrammarInput> = {}): GrammarInput {
  const found = grammarSchemas.find((candidate) => candidate.title === title);
  if (found === undefined) throw new Error(`no schema ${title}`);
  const { schema, relations } = found;
  const tables = schema.tables.map(({ name }) => name);
  return { schema, tables, relations, literals: ['Rome', "O'Neil"], lockJoins: true, sketch: false, freeLiterals: false, ...changes };
}

/** `sql` itself when it is a sentence, else what was taken of it and `|`. */
function taken(input: GrammarInput, sql: string): string {
  const matcher = compileGrammar(buildGrammar(input));
  let state = matcher.start;
  let at = 0;
  for (const character of sql) {
    const next = matcher.advance(state, character);
    if (next === undefined) return `${sql.slice(0, at)}|${sql.slice(at)}`;
    state = next;
    at += character.length;
  }
  return matcher.isComplete(state) ? sql : `${sql}|`;
}

it.each([
  'SELECT SUM(price * (1 - 2)) FROM products',
  'SELECT SUM(price * 100) FROM products WHERE price > 7',
  'SELECT 100.0 * SUM(CASE WHEN price > 7 THEN 1 ELSE 0 END) / COUNT(*) FROM products',
  'SELECT name FROM products WHERE price > |1',
  'SELECT name FROM products WHERE price = |100',
])('with the numbers of a question: %s', (marked) => {
  const input = inputOf('shop', { numbers: { rows: ['7'], other: ['7', '0', '1', '2', '100', '100.0'] } });
  expect(taken(input, marked.replace('|', ''))).toBe(marked);
});

const whole: Readonly<Record<string, readonly string[]>> = {
  shop: [
    'SELECT * FROM customers',
    'SELECT customers.* FROM customers;',
    'SELECT first_name, last_name FROM customers',
    'SELECT DISTINCT city FROM customers',
    'SELECT COUNT(*) FROM customers',
    'SELECT COUNT(DISTINCT city), AVG(customer_id) FROM customers',
    "SELECT first_name FROM customers WHERE city = 'Rome' AND NOT (country = 'Rome' OR customer_id > -3.5)",
    "SELECT first_name FROM customers WHERE city LIKE '%Rome%' AND last_name NOT LIKE 'O''Neil%'",
    'SELECT name FROM products WHERE price BETWEEN 1 AND 2.5 OR price IS NOT NULL',
    "SELECT first_name FROM customers WHERE city IN ('Rome', 'O''Neil') AND customer_id NOT IN (1, 2)",
    'SELECT name FROM products WHERE price > (SELECT AVG(price) FROM products)',
    'SELECT name FROM products WHERE product_id NOT IN (SELECT product_id FROM order_lines)',
    'SELECT name FROM products WHERE EXISTS (SELECT 1 FROM order_lines WHERE order_lines.product_id = products.product_id)',
    'SELECT name FROM products WHERE NOT EXISTS (SELECT * FROM order_lines WHERE order_lines.product_id = products.product_id)',
    'SELECT customers.city, COUNT(*) AS orders_made FROM customers JOIN orders ON orders.customer_id = customers.customer_id GROUP BY customers.city HAVING COUNT(*) > 3 ORDER BY orders_made DESC LIMIT 5',
    'SELECT city FROM customers JOIN orders ON customers.customer_id = orders.customer_id',
    'SELECT reviewscores.stars FROM reviewscores',
    'SELECT c.first_name, COUNT(*) FROM customers AS c JOIN orders AS o ON o.customer_id = c.customer_id GROUP BY c.customer_id ORDER BY COUNT(*) DESC',
    'SELECT p.name, SUM(ol.quantity) AS pieces FROM products p JOIN order_lines ol ON ol.product_id = p.product_id GROUP BY p.product_id ORDER BY pieces DESC',
    'SELECT p.* FROM products p WHERE p.price > (SELECT AVG(price) FROM products)',
    'SELECT c.name FROM categories c WHERE EXISTS (SELECT 1 FROM products AS p WHERE p.category_id = c.category_id)',
    'SELECT first_name FROM customers LEFT JOIN orders ON orders.customer_id = customers.customer_id WHERE orders.order_id IS NULL',
    "SELECT STRFTIME('%Y', order_date) AS year, SUM(total_cents) / 100.0 AS revenue FROM orders GROUP BY year ORDER BY revenue DESC",
    "SELECT strftime('%Y-%m', order_date) AS month, COUNT(*) FROM orders WHERE order_date >= date('now', 'start of month', '-6 months') GROUP BY month",
    'SELECT SUM(IIF(price > 10, 1, 0)), substr(name, 1, 3) FROM products GROUP BY substr(name, 1, 3)',
    'SELECT ROUND(AVG(price), 2), CAST(SUM(price) AS REAL) / COUNT(*) FROM products',
    "SELECT UPPER(first_name) || ' ' || last_name FROM customers ORDER BY LENGTH(last_name) ASC, first_name LIMIT 3 OFFSET 6",
    "SELECT CASE WHEN price > 10 THEN 'Rome' ELSE NULL END FROM products",
    'SELECT COUNT(*), SUM(CASE WHEN price > 10 THEN 1 ELSE 0 END) * 100.0 / COUNT(*) FROM products WHERE IFNULL(price, 0) > 1',
    'SELECT city FROM customers INTERSECT SELECT country FROM customers',
    'SELECT city, country FROM customers UNION ALL SELECT country, city FROM customers',
    'SELECT name FROM products ORDER BY (SELECT COUNT(*) FROM order_lines WHERE order_lines.product_id = products.product_id) DESC',
    'SELECT COUNT(*) FROM (SELECT city FROM customers GROUP BY city HAVING COUNT(*) > 1)',
    'SELECT AVG(cnt) FROM (SELECT city, COUNT(*) AS cnt FROM customers GROUP BY city) AS t',
    'SELECT categories.name, categories_2.name FROM categories JOIN categories AS categories_2 ON categories.parent_id = categories_2.category_id',
  ],
  staff: [
    'SELECT T1.name FROM employees AS T1',
    'SELECT T1.* FROM employees AS T1 WHERE hired > 3',
    'SELECT T2.name, COUNT(*) FROM assignments AS T1 JOIN employees AS T2 ON T1.employee_id = T2.employee_id GROUP BY T2.employee_id ORDER BY COUNT(*) DESC LIMIT 1',
    'SELECT T1.name, T2.name FROM employees AS T1 JOIN employees AS T2 ON T1.manager_id = T2.employee_id',
    "SELECT T3.budget FROM employees AS T1 JOIN assignments AS T2 ON T2.employee_id = T1.employee_id JOIN projects AS T3 ON T2.project_id = T3.project_id WHERE T1.name LIKE '%Rome%'",
    'SELECT name FROM employees WHERE employee_id IN (SELECT T1.employee_id FROM assignments AS T1 JOIN projects AS T2 ON T1.project_id = T2.project_id WHERE T2.budget > 5)',
    'SELECT T1.name FROM employees AS T1 WHERE EXISTS (SELECT 1 FROM assignments AS T2 WHERE T2.employee_id = T1.employee_id)',
    'SELECT T1.name FROM employees AS T1 UNION SELECT T1.name FROM projects AS T1',
  ],
  airline: [
    'SELECT airports.name, airports_2.name FROM flights JOIN airports ON flights.source = airports.code JOIN airports AS airports_2 ON flights.destination = airports_2.code',
    "SELECT price FROM bookings JOIN seats ON bookings.flight_no = seats.flight_no AND bookings.seat = seats.seat WHERE seats.class = 'Rome'",
    'SELECT mood FROM weather',
    'SELECT f.flight_no FROM flights AS f JOIN airports AS T1 ON f.source = T1.code',
  ],
  'odd names': [
    'SELECT "order".id, "group by", "a""b" FROM "order" WHERE "select" = \'Rome\'',
    'SELECT "数量", "o\'clock" FROM "Order Details" JOIN "order" ON "Order Details".order_id = "order".id',
    'SELECT "emoji😀" FROM "2024" WHERE "1st" > 1',
  ],
};

const refused: Readonly<Record<string, readonly string[]>> = {
  shop: [
    'SELECT |weather FROM customers',
    'SELECT R|EVIEWSCORES.stars FROM reviewscores',
    'SELECT c.p|rice FROM customers',
    'SELECT c.first_name FROM categories AS |c',
    'SELECT o.order_id FROM orders AS |p',
    'SELECT c.first_name FROM customers AS c WHERE customer|s.city = c.city',
    'SELECT |z.first_name FROM customers',
    'SELECT customers.co|st FROM customers',
    'SELECT first_name FROM c|lients',
    'SELECT first_name FROM customers WHERE |price > 1',
    "SELECT first_name FROM customers WHERE city = '|Paris'",
    'SELECT first_name FROM customers WHERE city = |"Rome"',
    'SELECT first_name FROM customers JOIN orders ON customers.customer_id = orders.customer_id JOIN order|s ON customers.customer_id = orders.customer_id',
    'SELECT first_name FROM customers JOIN |products ON customers.customer_id = products.product_id',
    'SELECT ReviewScores.stars, |first_name FROM customers',
    'SELECT first_name FROM customers WHERE CO|UNT(*) > 1',
    'SELECT first_name FROM customers ORDER BY CO|UNT(*)',
    'SELECT first_name FROM customers ORDER BY |1',
    'SELECT first_name FROM customers |HAVING customer_id > 1',
    'SELECT first_name, city FROM customers UNION SELECT first_name |FROM customers',
    'SELECT first_name FROM customers ORDER BY city |UNION SELECT city FROM customers',
    'SELECT first_name FROM customers WHERE customer_id IN (SELECT order_id|, customer_id FROM orders)',
    '|DELETE FROM customers',
    'SELECT first_name FROM customers;| SELECT 1',
    'SELECT | first_name FROM customers',
  ],
  staff: [
    'SELECT T1.name FROM assignments AS T|1',
    'SELECT T1.name FROM employees |WHERE hired > 3',
    'SELECT T1.budget, employee|s.name FROM projects',
    'SELECT employees.name FROM employees |AS T1',
    'SELECT T1.name FROM employees AS T1 WHERE employee|s.hired > 3',
    'SELECT T1.name FROM employees AS T1 WHERE T|2.hired > 3',
    'SELECT T1.name FROM employees AS T1 WHERE T1.|budget > 3',
    'SELECT T1.budget, T1.|hired FROM projects AS T1',
    'SELECT T1.name FROM employees AS T1 JOIN |projects AS T2 ON T1.employee_id = T2.project_id',
  ],
  airline: [
    'SELECT day, |price FROM weather',
    'SELECT airports_2.name FROM airports|_2',
    'SELECT name FROM flights JOIN airports ON flights.|airline_id = airports.code',
  ],
};

describe('the grammar takes', () => {
  it.each(Object.entries(whole).flatMap(([title, list]) => list.map((sql) => [title, sql] as const)))('%s: %s', (title, sql) => {
    expect(taken(inputOf(title), sql)).toBe(sql);
  });
});

describe('the grammar refuses', () => {
  it.each(Object.entries(refused).flatMap(([title, list]) => list.map((sql) => [title, sql] as const)))('%s: %s', (title, marked) => {
    expect(taken(inputOf(title), marked.replace('|', ''))).toBe(marked);
  });
});

describe('options', () => {
  const byColumn = new Map([['customers.city', ['Oslo']]]);

  it.each<[string, Partial<GrammarInput>, string]>([
    ['a free string', { freeLiterals: true }, "SELECT city FROM customers WHERE city = 'any text'"],
    ['a free pattern', { freeLiterals: true }, "SELECT city FROM customers WHERE city LIKE 'a_%b'"],
    ['a free string of 60', { freeLiterals: true }, `SELECT city FROM customers WHERE city = '${'a'.repeat(60)}'`],
    ['a free string of 61', { freeLiterals: true }, `SELECT city FROM customers WHERE city = '${'a'.repeat(60)}|a'`],
    ['no strings at all', { literals: [] }, "SELECT city FROM customers WHERE city = |'Rome'"],
    ['a literal beside its column', { literalsByColumn: byColumn }, "SELECT city FROM customers WHERE city = 'Oslo'"],
    [
      'a literal beside its qualified column',
      { literalsByColumn: byColumn },
      "SELECT city FROM customers WHERE customers.city IN ('Oslo', 'Rome')",
    ],
    ['a literal beside another column', { literalsByColumn: byColumn }, "SELECT city FROM customers WHERE country = 'O|slo'"],
    ['a free join', { lockJoins: false }, 'SELECT stars FROM ReviewScores JOIN products ON ReviewScores.productId = products.product_id'],
    [
      'a free join with a table that is not there',
      { lockJoins: false },
      'SELECT stars FROM ReviewScores JOIN products ON ReviewScores.productId = |orders.order_id',
    ],
    ['only the tables asked for', { tables: ['orders', 'nowhere'] }, 'SELECT c|ity FROM customers'],
    ['table names in another case', { tables: ['ORDERS'] }, 'SELECT order_date FROM orders'],
    [
      'a sketch',
      { sketch: true },
      "SELECT city, COUNT(*) FROM customers WHERE city = 'Rome' AND customer_id > 3 ORDER BY city DESC LIMIT 3",
    ],
    ['a join in a sketch', { sketch: true }, 'SELECT city FROM customers |JOIN orders ON customers.customer_id = orders.customer_id'],
    [
      'a group in a sketch',
      { sketch: true },
      'SELECT city, COUNT(*) AS n FROM customers GROUP BY city HAVING COUNT(*) > 2 ORDER BY n DESC LIMIT 1',
    ],
    [
      'a set operation in a sketch',
      { sketch: true },
      "SELECT city FROM customers WHERE country = 'Rome' INTERSECT SELECT city FROM customers WHERE country = 'O''Neil'",
    ],
    ['an extreme in a sketch', { sketch: true }, 'SELECT city FROM customers WHERE customer_id = (SELECT MAX(customer_id) FROM customers)'],
    ['a count to order by without groups', { sketch: true }, 'SELECT city FROM customers ORDER BY |COUNT(*)'],
    ['a set operation of another width', { sketch: true }, 'SELECT city FROM customers UNION SELECT city|, country FROM customers'],
    ['an alias in a sketch', { sketch: true }, "SELECT T1.city FROM customers AS T1 WHERE T1.country = 'Rome' ORDER BY T1.city"],
    ['a second alias in a sketch', { sketch: true }, 'SELECT T1.city, T|2.price FROM customers AS T1'],
    ['two tables in a sketch', { sketch: true }, 'SELECT city, |price FROM customers'],
  ])('%s', (_, changes, marked) => {
    expect(taken(inputOf('shop', changes), marked.replace('|', ''))).toBe(marked);
  });

  it('refuses an empty choice of tables', () => {
    expect(() => buildGrammar(inputOf('shop', { tables: ['nowhere'] }))).toThrow('internal');
  });
});

describe('forced text', () => {
  it.each([
    ['SELECT city FROM cu', 'stomers'],
    ['SELECT customers.c', ''],
    ['SELECT COUNT(*) FROM customers JO', 'IN orders ON'],
    ['SELECT quantity, city FROM customers', ''],
    ['SELECT customers.city, products.price FROM customers JOIN orders ON customers.customer_id = o', 'rders.customer_id'],
  ])('after %j comes %j', (begun, forced) => {
    const matcher = compileGrammar(buildGrammar(inputOf('shop')));
    const state = matcher.advance(matcher.start, begun);
    expect(state === undefined ? '' : matcher.forcedText(state)).toBe(forced);
  });
});

describe('limits of llama.cpp', () => {
  const modes: readonly Partial<GrammarInput>[] = [{}, { lockJoins: false, freeLiterals: true }, { sketch: true }, { completeFrom: true }];

  it.each(grammarSchemas.flatMap(({ title }) => modes.map((mode) => [title, mode] as const)))('%s %j', (title, mode) => {
    const text = buildGrammar(inputOf(title, mode));
    const bounds = [...text.matchAll(/\{(\d+),?(\d*)\}/g)].map(([, low, high]) => Number(high === '' ? low : high));
    expect(Math.max(...bounds)).toBeLessThan(100);
    for (const name of parseGbnf(text).keys()) expect(name).toMatch(/^[a-zA-Z][a-zA-Z0-9-]*$/);
    expect(text.split('\n').every((line) => line === '' || line.includes(' ::= '))).toBe(true);
  });
});
