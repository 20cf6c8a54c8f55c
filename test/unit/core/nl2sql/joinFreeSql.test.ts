import { describe, expect, it } from 'vitest';
import { compileJoinFree } from '../../../../src/core/nl2sql/joinFreeSql.js';
import { toJoinFree } from '../../../../src/core/nl2sql/toJoinFree.js';
import { type DatabaseKnowledge } from '../../../../src/core/nl2sql/types.js';
import { makeRelation, makeSchema, makeTable, shopKnowledge } from '../../../support/shopSchema.js';

const flights: DatabaseKnowledge = {
  schema: makeSchema([
    makeTable('airport', ['code*', 'city']),
    makeTable('flight', ['no*', 'origin', 'target', 'day']),
    makeTable('delay', ['flight_no', 'day', 'minutes:INTEGER']),
    makeTable('Odd Name', ['id*', 'select', 'airport']),
  ]),
  relations: [
    makeRelation('flight', 'origin', 'airport', 'code'),
    makeRelation('flight', 'target', 'airport', 'code'),
    {
      ...makeRelation('delay', 'flight_no', 'flight', 'no'),
      id: 'delay(flight_no,day)->flight(no,day)',
      childColumns: ['flight_no', 'day'],
      parentColumns: ['no', 'day'],
    },
    makeRelation('Odd Name', 'airport', 'airport', 'code'),
  ],
  profiles: [],
};

/** The shop with what is in stock of each product, and counts of that. */
const stockKnowledge: DatabaseKnowledge = {
  schema: makeSchema([
    ...shopKnowledge.schema.tables,
    makeTable('stock', ['product_id*', 'amount:INTEGER']),
    makeTable('counts', ['product:INTEGER', 'day']),
  ]),
  relations: [
    ...shopKnowledge.relations,
    makeRelation('stock', 'product_id', 'products', 'product_id'),
    makeRelation('counts', 'product', 'stock', 'product_id'),
  ],
  profiles: [],
};

function thereAndBack(sql: string, knowledge: DatabaseKnowledge): string[] {
  const free = toJoinFree(sql, knowledge);
  if ('outside' in free) return [free.outside];
  const back = compileJoinFree(free.ir, knowledge);
  return [free.ir, 'sql' in back ? back.sql : JSON.stringify(back.refusal)];
}

const orderJoin = 'JOIN orders ON orders.customer_id = customers.customer_id';
const lineJoin = 'JOIN order_lines ON order_lines.order_id = orders.order_id';

describe('SQL to join-free SQL and back', () => {
  it.each([
    ['one table', "SELECT city FROM customers WHERE country = 'Italy'", "SELECT customers.city WHERE customers.country = 'Italy'", 'same'],
    ['rows of one table', 'SELECT COUNT(*) FROM customers', 'SELECT COUNT(customers.*)', 'same'],
    [
      'all columns',
      'SELECT * FROM customers ORDER BY city DESC LIMIT 3',
      'SELECT customers.* ORDER BY customers.city DESC LIMIT 3',
      'SELECT customers.* FROM customers ORDER BY city DESC LIMIT 3',
    ],
    ['nothing of a table', 'SELECT 1 FROM customers', 'SELECT 1 USING customers', 'same'],
    ['no table', 'SELECT 1 + 1', 'SELECT 1 + 1', 'same'],
    [
      'aliases',
      'SELECT T1.city, T2.order_date FROM customers AS T1 JOIN orders AS T2 ON T1.customer_id = T2.customer_id',
      'SELECT customers.city, orders.order_date',
      `SELECT customers.city, orders.order_date FROM customers ${orderJoin}`,
    ],
    [
      'a bridge that nothing names',
      `SELECT customers.city FROM customers ${orderJoin} ${lineJoin} WHERE order_lines.quantity > 3`,
      'SELECT customers.city WHERE order_lines.quantity > 3',
      'same',
    ],
    [
      'a table that only a join names',
      `SELECT DISTINCT customers.city FROM customers ${orderJoin}`,
      'SELECT DISTINCT customers.city USING orders',
      'same',
    ],
    [
      'two tables that only joins name, one of them a bridge',
      `SELECT customers.city FROM customers ${orderJoin} ${lineJoin}`,
      'SELECT customers.city USING order_lines',
      'same',
    ],
    [
      'rows of a table that nothing else names',
      `SELECT customers.city, COUNT(*) FROM customers ${orderJoin} GROUP BY customers.city HAVING COUNT(*) > 2 ORDER BY COUNT(*)`,
      'SELECT customers.city, COUNT(orders.*) GROUP BY customers.city HAVING COUNT(orders.*) > 2 ORDER BY COUNT(orders.*)',
      'same',
    ],
    [
      'stars of a join, in its order',
      `SELECT * FROM customers ${orderJoin}`,
      'SELECT customers.*, orders.*',
      `SELECT customers.*, orders.* FROM customers ${orderJoin}`,
    ],
    [
      'a subquery with a FROM of its own',
      `SELECT city FROM customers WHERE customer_id NOT IN (SELECT orders.customer_id FROM orders ${lineJoin})`,
      'SELECT customers.city WHERE customers.customer_id NOT IN (SELECT orders.customer_id USING order_lines)',
      'same',
    ],
    [
      'a set operation',
      `SELECT city FROM customers EXCEPT SELECT customers.city FROM customers ${orderJoin} WHERE orders.total_cents > 5`,
      'SELECT customers.city EXCEPT SELECT customers.city WHERE orders.total_cents > 5',
      'same',
    ],
    [
      'the order of a compound',
      'SELECT city FROM customers UNION SELECT name FROM products ORDER BY city',
      'SELECT customers.city UNION SELECT products.name ORDER BY city',
      'same',
    ],
    [
      'names of result columns',
      'SELECT city AS place, COUNT(*) AS n FROM customers GROUP BY place ORDER BY n DESC',
      'SELECT customers.city AS place, COUNT(customers.*) AS n GROUP BY place ORDER BY n DESC',
      'same',
    ],
    [
      'a result column named like a column',
      'SELECT UPPER(city) AS city FROM customers WHERE city > 1',
      'SELECT UPPER(customers.city) AS city WHERE customers.city > 1',
      'SELECT UPPER(customers.city) AS city FROM customers WHERE customers.city > 1',
    ],
    [
      'a join that leaves a table out',
      'SELECT order_lines.quantity FROM order_lines JOIN stock ON stock.product_id = order_lines.product_id WHERE stock.amount = 0',
      'SELECT order_lines.quantity WHERE stock.amount = 0',
      'SELECT order_lines.quantity FROM order_lines JOIN products ON order_lines.product_id = products.product_id JOIN stock ON stock.product_id = products.product_id WHERE stock.amount = 0',
    ],
    [
      'one that leaves two out',
      'SELECT order_lines.quantity FROM order_lines JOIN counts ON counts.product = order_lines.product_id WHERE counts.day > 3',
      'SELECT order_lines.quantity WHERE counts.day > 3',
      'SELECT order_lines.quantity FROM order_lines JOIN products ON order_lines.product_id = products.product_id JOIN stock ON stock.product_id = products.product_id JOIN counts ON counts.product = stock.product_id WHERE counts.day > 3',
    ],
    ['types and functions', 'SELECT CAST(total_cents AS REAL) / 100 FROM orders', 'SELECT CAST(orders.total_cents AS REAL) / 100', 'same'],
    [
      'conditions behind the last of several joins',
      'SELECT city FROM customers JOIN orders JOIN order_lines ON customers.customer_id = orders.customer_id AND orders.order_id = order_lines.order_id',
      'SELECT customers.city USING order_lines',
      `SELECT customers.city FROM customers ${orderJoin} ${lineJoin}`,
    ],
  ])('%s', (_, sql, ir, back) => {
    expect(thereAndBack(sql, sql.includes('stock') || sql.includes('counts') ? stockKnowledge : shopKnowledge)).toEqual([
      ir,
      back === 'same' ? sql : back,
    ]);
  });

  it.each([
    [
      'one of two parallel keys',
      'SELECT city FROM airport JOIN flight ON flight.target = airport.code',
      'SELECT airport.city USING flight.target',
    ],
    [
      'a key over several columns',
      'SELECT flight.origin FROM flight JOIN delay ON delay.flight_no = flight.no AND delay.day = flight.day',
      'SELECT flight.origin USING delay',
    ],
    [
      'odd names',
      'SELECT airport.city, "Odd Name"."select" FROM airport JOIN "Odd Name" ON "Odd Name".airport = airport.code',
      'SELECT airport.city, "Odd Name"."select"',
    ],
    [
      'a named key and a table beside it',
      'SELECT airport.city FROM airport JOIN flight ON flight.origin = airport.code JOIN delay ON delay.flight_no = flight.no AND delay.day = flight.day',
      'SELECT airport.city USING delay, flight.origin',
    ],
  ])('%s', (_, sql, ir) => {
    const [written, back] = thereAndBack(sql, flights);
    expect(written).toBe(ir);
    expect(toJoinFree(back ?? '', flights)).toEqual({ ir });
  });

  it.each([
    ['derivedTable', 'SELECT COUNT(*) FROM (SELECT city FROM customers)'],
    ['selfJoin', 'SELECT a.name FROM categories AS a JOIN categories AS b ON a.parent_id = b.category_id'],
    ['otherJoin', 'SELECT city FROM customers LEFT JOIN orders ON orders.customer_id = customers.customer_id'],
    ['otherJoin', 'SELECT city FROM customers, orders WHERE orders.customer_id = customers.customer_id'],
    ['otherJoin', `SELECT city FROM customers ${orderJoin} AND orders.total_cents > 5`],
    ['noRelation', 'SELECT city FROM customers JOIN products ON products.name = customers.city'],
    ['noRelation', 'SELECT city FROM customers JOIN orders'],
    ['correlated', 'SELECT city FROM customers WHERE EXISTS (SELECT 1 FROM orders WHERE orders.customer_id = customers.customer_id)'],
    ['correlated', 'SELECT city FROM customers WHERE EXISTS (SELECT 1 FROM orders WHERE total_cents > 5 AND city = order_date)'],
    ['unknownName', 'SELECT weather FROM customers'],
    ['unknownName', 'SELECT city FROM customers WHERE country = "Italy"'],
    ['unknownTable', 'SELECT city FROM towns'],
    ['with', 'WITH t AS (SELECT city FROM customers) SELECT city FROM t'],
  ])('outside the language: %s: %s', (outside, sql) => {
    expect(toJoinFree(sql, shopKnowledge)).toEqual({ outside });
  });
});

describe('compiling what a model wrote', () => {
  it('refuses two ways, and says which', () => {
    const refusal = {
      kind: 'ambiguous',
      tables: ['airport', 'flight'],
      ways: ['flight.origin = airport.code', 'flight.target = airport.code'],
    };
    expect(compileJoinFree('SELECT airport.city, flight.no', flights)).toEqual({ refusal });
  });

  it.each([
    ['a name of no table', 'SELECT weather.city', { kind: 'unknownName', name: 'weather.city' }],
    ['a name of no column', 'SELECT airport.weather', { kind: 'unknownName', name: 'airport.weather' }],
    ['a bare name that several tables have', 'SELECT day', { kind: 'unknownName', name: 'day' }],
    [
      'tables that nothing connects',
      'SELECT customers.city, ReviewScores.stars',
      { kind: 'unconnected', tables: ['customers', 'ReviewScores'] },
    ],
    ['a star of nothing', 'SELECT *', { kind: 'bareStar' }],
    ['a star beside several tables', 'SELECT * WHERE customers.city = orders.order_date', { kind: 'bareStar' }],
    ['a key that is none', 'SELECT customers.city USING orders.total_cents', { kind: 'unknownKey', key: 'orders.total_cents' }],
    ['rows of no table', 'SELECT COUNT(weather.*)', { kind: 'unknownName', name: 'weather.*' }],
  ])('refuses %s', (_, ir, refusal) => {
    const knowledge = /day|airport|weather/.test(ir) ? flights : shopKnowledge;
    expect(compileJoinFree(ir, knowledge)).toEqual({ refusal });
  });

  it.each([
    ['a FROM all the same', 'SELECT city FROM customers', 'SELECT city FROM customers'],
    [
      'a bare name that one table has',
      'SELECT city WHERE quantity > 3',
      `SELECT customers.city FROM customers ${orderJoin} ${lineJoin} WHERE order_lines.quantity > 3`,
    ],
    ['a star of the one table', "SELECT * WHERE customers.city = 'Rome'", "SELECT * FROM customers WHERE city = 'Rome'"],
    ['a semicolon', 'SELECT customers.city;\n', 'SELECT city FROM customers'],
    ['small letters', 'select customers.city using orders', `select customers.city FROM customers ${orderJoin}`],
    ['no statement', 'hello (', 'hello ('],
  ])('takes %s', (_, ir, sql) => {
    expect(compileJoinFree(ir, shopKnowledge)).toEqual({ sql });
  });
});
