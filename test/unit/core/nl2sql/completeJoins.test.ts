import { describe, expect, it } from 'vitest';
import { completeJoins } from '../../../../src/core/nl2sql/completeJoins.js';
import { plainJoinTrees } from '../../../support/plainJoinTrees.js';
import { shopRelations, shopSchema } from '../../../support/shopSchema.js';

function complete(sql: string, preferred: readonly string[] = []): string {
  return completeJoins(sql, { schema: shopSchema, joinTrees: plainJoinTrees(shopRelations), preferred }).sql;
}

describe('completeJoins', () => {
  it.each([
    [
      'a column of the next table',
      "SELECT order_date FROM customers WHERE city = 'Rome'",
      "SELECT order_date FROM customers JOIN orders ON orders.customer_id = customers.customer_id WHERE city = 'Rome'",
    ],
    [
      'a column two tables away, over the bridge',
      'SELECT quantity FROM customers',
      'SELECT quantity FROM customers JOIN orders ON orders.customer_id = customers.customer_id JOIN order_lines ON order_lines.order_id = orders.order_id',
    ],
    [
      'names that become ambiguous',
      'SELECT customer_id, order_date FROM customers GROUP BY customer_id',
      'SELECT customers.customer_id, order_date FROM customers JOIN orders ON orders.customer_id = customers.customer_id GROUP BY customers.customer_id',
    ],
    [
      'an alias in FROM',
      'SELECT T1.order_date, city FROM orders AS T1',
      'SELECT T1.order_date, city FROM orders AS T1 JOIN customers ON T1.customer_id = customers.customer_id',
    ],
    [
      'a wrong qualifier',
      'SELECT orders.city FROM orders',
      'SELECT customers.city FROM orders JOIN customers ON orders.customer_id = customers.customer_id',
    ],
    [
      'a table that is not joined',
      'SELECT customers.city FROM orders',
      'SELECT customers.city FROM orders JOIN customers ON orders.customer_id = customers.customer_id',
    ],
    [
      'ambiguity that was there',
      'SELECT customer_id FROM customers JOIN orders ON orders.customer_id = customers.customer_id',
      'SELECT customers.customer_id FROM customers JOIN orders ON orders.customer_id = customers.customer_id',
    ],
    [
      'a star',
      "SELECT * FROM orders WHERE city = 'Rome'",
      "SELECT orders.* FROM orders JOIN customers ON orders.customer_id = customers.customer_id WHERE city = 'Rome'",
    ],
    [
      'a subquery of its own',
      'SELECT city FROM customers WHERE customer_id IN (SELECT customer_id FROM order_lines WHERE quantity > 3)',
      'SELECT city FROM customers WHERE customer_id IN (SELECT customer_id FROM order_lines JOIN orders ON order_lines.order_id = orders.order_id WHERE quantity > 3)',
    ],
    [
      'both sides of a set operation',
      'SELECT city FROM orders UNION SELECT country FROM orders',
      'SELECT city FROM orders JOIN customers ON orders.customer_id = customers.customer_id UNION SELECT country FROM orders JOIN customers ON orders.customer_id = customers.customer_id',
    ],
  ])('places %s', (_, sql, expected) => {
    expect(complete(sql)).toBe(expected);
  });

  it.each([
    ['what is right', 'SELECT city, COUNT(*) AS n FROM customers GROUP BY city ORDER BY n DESC LIMIT 3'],
    ['unknown columns', 'SELECT weather FROM customers'],
    ['tables that no path reaches', 'SELECT stars FROM customers'],
    ['subqueries in FROM', 'SELECT city FROM (SELECT order_id FROM orders) AS t'],
    ['correlated columns', 'SELECT city FROM customers WHERE EXISTS (SELECT 1 FROM orders WHERE total_cents > 5 AND city = order_date)'],
    ['functions and types', 'SELECT CAST(total_cents AS REAL) / 100, UPPER(order_date) FROM orders'],
    ['a text that is no statement', 'hello ('],
  ])('leaves %s alone', (_, sql) => {
    expect(complete(sql)).toBe(sql);
  });

  it('lets the tables of the question win ties', () => {
    const sql = 'SELECT name FROM order_lines WHERE quantity > 1';
    expect(complete(sql, ['products'])).toContain('JOIN products');
  });
});
