import { describe, expect, it } from 'vitest';
import { readJoins } from '../../../../src/core/nl2sql/readJoins.js';
import { shopRelations, shopSchema } from '../../../support/shopSchema.js';

function read(sql: string): { joins: string[]; fanOut: readonly string[] } {
  const reading = readJoins(sql, shopSchema, shopRelations);
  return { joins: reading.joins.map((step) => `${step.from}>${step.to}${step.fanOut ? ' 1:N' : ''}`), fanOut: reading.fanOut };
}

describe('readJoins', () => {
  it.each<[string, string[], string[]]>([
    ['SELECT city FROM customers', [], []],
    ['SELECT SUM(total_cents) FROM orders JOIN customers ON orders.customer_id = customers.customer_id', ['orders>customers'], []],
    ['SELECT COUNT(*) FROM customers AS c JOIN orders AS o ON c.customer_id = o.customer_id', ['customers>orders 1:N'], []],
    [
      'SELECT SUM(total_cents) FROM orders JOIN order_lines ON order_lines.order_id = orders.order_id',
      ['orders>order_lines 1:N'],
      ['orders'],
    ],
    ['SELECT SUM(quantity) FROM orders JOIN order_lines ON order_lines.order_id = orders.order_id', ['orders>order_lines 1:N'], []],
    [
      'SELECT COUNT(city) FROM customers JOIN orders ON orders.customer_id = customers.customer_id JOIN order_lines ON order_lines.order_id = orders.order_id',
      ['customers>orders 1:N', 'orders>order_lines 1:N'],
      ['customers'],
    ],
    [
      'SELECT city FROM customers WHERE customer_id IN (SELECT customer_id FROM orders JOIN order_lines ON orders.order_id = order_lines.order_id)',
      ['orders>order_lines 1:N'],
      [],
    ],
    ['SELECT city FROM customers JOIN orders ON customers.city = orders.order_date', [], []],
  ])('%s', (sql, joins, fanOut) => {
    expect(read(sql)).toEqual({ joins, fanOut });
  });
});
