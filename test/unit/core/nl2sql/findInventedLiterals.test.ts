import { expect, it } from 'vitest';
import { findInventedLiterals } from '../../../../src/core/nl2sql/findInventedLiterals.js';
import { linkQuestion } from '../../../../src/core/nl2sql/linkQuestion.js';
import { buildNameIndex } from '../../../../src/core/nl2sql/nameIndex.js';
import { shopSchema } from '../../../support/shopSchema.js';

const names = buildNameIndex(shopSchema);
const findValues = (mention: string) =>
  mention === 'usa' ? [{ table: 'customers', column: 'country', value: 'United States', score: 1 }] : [];

it.each<[string, string, string[]]>([
  ['customers from Rome', "SELECT 1 FROM customers WHERE city = 'Rome'", []],
  ['customers from Rome', "SELECT 1 FROM customers WHERE city = 'Paris'", ["'Paris'"]],
  ['customers from usa', "SELECT 1 FROM customers WHERE country = 'United States'", []],
  ['names with garden', "SELECT 1 FROM products WHERE name LIKE '%Garden%'", []],
  ['more than 5 orders', 'SELECT 1 FROM orders HAVING COUNT(*) >= 6', []],
  ['more than five orders', 'SELECT 1 FROM orders HAVING COUNT(*) > 5', []],
  ['all orders', 'SELECT 1 FROM orders WHERE total_cents > 5000', ['5000']],
  ['the top order', 'SELECT 1 FROM orders ORDER BY total_cents DESC LIMIT 1', []],
])('%s: %s', (question, sql, invented) => {
  expect(findInventedLiterals(sql, linkQuestion(question, names, { findValues }))).toEqual(invented);
});
