import { describe, expect, it } from 'vitest';
import { qualifyAmbiguous } from '../../../../src/core/nl2sql/qualifyAmbiguous.js';
import { grammarSchemas } from '../../../support/grammarSchemas.js';

function schemaOf(title: string) {
  const found = grammarSchemas.find((candidate) => candidate.title === title);
  if (found === undefined) throw new Error(`no schema ${title}`);
  return found.schema;
}

const join = 'FROM orders JOIN customers ON orders.customer_id = customers.customer_id';

describe('qualifyAmbiguous', () => {
  it.each([
    ['shop', `SELECT customer_id ${join}`, `SELECT orders.customer_id ${join}`],
    ['shop', `SELECT city ${join}`, `SELECT city ${join}`],
    ['shop', `SELECT customers.customer_id ${join}`, `SELECT customers.customer_id ${join}`],
    ['shop', 'SELECT customer_id FROM orders', 'SELECT customer_id FROM orders'],
    [
      'shop',
      `SELECT COUNT(CUSTOMER_ID) ${join} ORDER BY customer_id`,
      `SELECT COUNT(orders.CUSTOMER_ID) ${join} ORDER BY orders.customer_id`,
    ],
    ['shop', `SELECT city AS customer_id ${join} ORDER BY customer_id`, `SELECT city AS customer_id ${join} ORDER BY customer_id`],
    ['shop', `SELECT city AS customer_id ${join} GROUP BY customer_id`, `SELECT city AS customer_id ${join} GROUP BY orders.customer_id`],
    [
      'shop',
      `SELECT name FROM products WHERE product_id IN (SELECT customer_id ${join}) AND product_id > 1`,
      `SELECT name FROM products WHERE product_id IN (SELECT orders.customer_id ${join}) AND product_id > 1`,
    ],
    ['shop', `SELECT city ${join} UNION SELECT customer_id FROM orders`, `SELECT city ${join} UNION SELECT customer_id FROM orders`],
    ['shop', `SELECT 'customer_id' ${join}`, `SELECT 'customer_id' ${join}`],
    ['shop', `SELECT nothing ${join}`, `SELECT nothing ${join}`],
    [
      'staff',
      'SELECT name FROM employees JOIN employees AS employees_2 ON employees.manager_id = employees_2.employee_id',
      'SELECT employees.name FROM employees JOIN employees AS employees_2 ON employees.manager_id = employees_2.employee_id',
    ],
    ['staff', 'SELECT NAME FROM departments JOIN projects ON 1', 'SELECT departments.NAME FROM departments JOIN projects ON 1'],
    [
      'odd names',
      'SELECT id FROM "order" JOIN "match" ON "match"."key" = "order".id',
      'SELECT "order".id FROM "order" JOIN "match" ON "match"."key" = "order".id',
    ],
    [
      'shop',
      'SELECT customer_id FROM orders JOIN customers USING (customer_id)',
      'SELECT customer_id FROM orders JOIN customers USING (customer_id)',
    ],
    ['shop', 'SELECT customer_id FROM orders NATURAL JOIN customers', 'SELECT customer_id FROM orders NATURAL JOIN customers'],
    ['shop', '', ''],
    ['shop', 'no SQL at all', 'no SQL at all'],
  ])('%s: %s', (title, sql, expected) => {
    expect(qualifyAmbiguous(sql, schemaOf(title))).toBe(expected);
  });

  it.each([
    [`SELECT customer_id `, `${join} WHERE customer_id > 1`, `${join} WHERE orders.customer_id > 1`],
    [`SELECT customer_`, `id ${join} ORDER BY customer_id`, `id ${join} ORDER BY orders.customer_id`],
    [`SELECT city `, join, join],
  ])('leaves %j as the user wrote it', (begun, rest, expected) => {
    expect(qualifyAmbiguous(`${begun}${rest}`, schemaOf('shop'), begun.length)).toBe(`${begun}${expected}`);
  });
});
