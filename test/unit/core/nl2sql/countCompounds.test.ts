import { expect, it } from 'vitest';
import { countCompounds } from '../../../../src/core/nl2sql/countCompounds.js';
import { shopKnowledge } from '../../../support/shopSchema.js';

it.each([
  [
    'SELECT COUNT(*) FROM customers EXCEPT SELECT T1.customer_id FROM orders AS T1',
    'SELECT COUNT(*) FROM (SELECT customer_id FROM customers EXCEPT SELECT T1.customer_id FROM orders AS T1)',
  ],
  [
    "SELECT COUNT(DISTINCT T1.city) FROM customers AS T1 WHERE T1.name <> 'x' INTERSECT SELECT DISTINCT city FROM customers;",
    "SELECT COUNT(*) FROM (SELECT T1.city FROM customers AS T1 WHERE T1.name <> 'x' INTERSECT SELECT DISTINCT city FROM customers)",
  ],
])('%s', (sql, expected) => {
  expect(countCompounds(sql, shopKnowledge)).toBe(expected);
});

it.each([
  ['two counts', 'SELECT COUNT(*) FROM customers EXCEPT SELECT COUNT(*) FROM orders'],
  ['groups', 'SELECT COUNT(*) FROM customers GROUP BY city EXCEPT SELECT customer_id FROM orders'],
  ['more than a count', 'SELECT city, COUNT(*) FROM customers EXCEPT SELECT city, name FROM customers'],
  ['a sum of counts', 'SELECT COUNT(*) + 1 FROM customers EXCEPT SELECT customer_id FROM orders'],
  ['unions', 'SELECT COUNT(*) FROM customers UNION SELECT customer_id FROM orders'],
  ['a column that is no key here', 'SELECT COUNT(*) FROM customers EXCEPT SELECT order_date FROM orders'],
  ['what is ordered', 'SELECT COUNT(*) FROM customers EXCEPT SELECT customer_id FROM orders ORDER BY 1'],
  ['plain statements', 'SELECT COUNT(*) FROM customers'],
])('leaves %s', (_, sql) => {
  expect(countCompounds(sql, shopKnowledge)).toBe(sql);
});

it('leaves what the user began', () => {
  const sql = 'SELECT COUNT(*) FROM customers EXCEPT SELECT customer_id FROM orders';
  expect(countCompounds(sql, shopKnowledge, 6)).toBe(sql);
});
