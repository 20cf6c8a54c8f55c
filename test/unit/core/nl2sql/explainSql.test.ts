import { expect, it } from 'vitest';
import { explainSql } from '../../../../src/core/nl2sql/explainSql.js';

it.each([
  ['SELECT COUNT(*) FROM customers', ['from table=customers', 'aggregate functions=COUNT', 'columns columns=COUNT(*)']],
  [
    "SELECT DISTINCT c.city FROM customers AS c JOIN orders ON orders.customer_id = c.customer_id WHERE c.country = 'IT' AND total_cents > 5",
    [
      'from table=customers AS c',
      'join table=orders condition=orders.customer_id = c.customer_id',
      "where condition=c.country = 'IT' AND total_cents > 5",
      'distinct',
      'columns columns=c.city',
    ],
  ],
  [
    'SELECT city, AVG(age) FROM people GROUP BY city HAVING COUNT(*) > 2 ORDER BY AVG(age) DESC LIMIT 3',
    [
      'from table=people',
      'group columns=city',
      'having condition=COUNT(*) > 2',
      'aggregate functions=AVG',
      'columns columns=city, AVG(age)',
      'order columns=AVG(age) DESC',
      'limit count=3',
    ],
  ],
  ['SELECT a FROM t LIMIT 1', ['from table=t', 'columns columns=a', 'limitOne']],
  [
    'SELECT a FROM t WHERE b IN (SELECT b FROM u)',
    ['from table=t', 'where condition=b IN (SELECT b FROM u)', 'columns columns=a', 'subquery'],
  ],
  ['SELECT a FROM t EXCEPT SELECT a FROM u', ['from table=t', 'columns columns=a', 'set operator=EXCEPT']],
  ['', []],
])('explains %s', (sql, expected) => {
  const lines = explainSql(sql).map((part) =>
    [part.code, ...Object.entries(part.args).map(([key, value]) => `${key}=${String(value)}`)].join(' '),
  );
  expect(lines).toEqual(expected);
});
