import { describe, expect, it } from 'vitest';
import { type ValueMatch } from '../../../../src/core/graph/types.js';
import { groundValues } from '../../../../src/core/nl2sql/groundValues.js';
import { shopSchema } from '../../../support/shopSchema.js';

const stored: readonly ValueMatch[] = [
  { table: 'customers', column: 'country', value: 'France', score: 1 },
  { table: 'categories', column: 'name', value: 'Garden', score: 1 },
  { table: 'products', column: 'name', value: 'Garden Chair', score: 1 },
];
const distances: Readonly<Record<string, number>> = { 'orders-customers': 1, 'products-categories': 1, 'orders-categories': 3 };

function ground(sql: string): string {
  const findValues = (mention: string): ValueMatch[] =>
    stored.flatMap((match) => {
      if (match.value === mention) return [match];
      if (match.value.toLowerCase() === mention.toLowerCase()) return [{ ...match, score: 0.95 }];
      return match.value.toLowerCase().startsWith(mention.toLowerCase()) ? [{ ...match, score: 0.85 }] : [];
    });
  const distance = (from: string, to: string): number => (from === to ? 0 : (distances[`${from}-${to}`] ?? Infinity));
  return groundValues(sql, { schema: shopSchema, findValues, distance }).sql;
}

describe('groundValues', () => {
  it.each([
    ['stored spelling', "SELECT city FROM customers WHERE country = 'france'", "SELECT city FROM customers WHERE country = 'France'"],
    [
      'misspelled value of the column',
      "SELECT 1 FROM products WHERE name = 'garden cha'",
      "SELECT 1 FROM products WHERE name = 'Garden Chair'",
    ],
    [
      'the column that holds it',
      "SELECT city FROM customers WHERE city = 'France'",
      "SELECT city FROM customers WHERE customers.country = 'France'",
    ],
    [
      'another table',
      "SELECT order_date FROM orders WHERE order_date = 'France'",
      "SELECT order_date FROM orders WHERE customers.country = 'France'",
    ],
    [
      'the nearest of two',
      "SELECT price FROM products WHERE category_id = 'garden'",
      "SELECT price FROM products WHERE categories.name = 'Garden'",
    ],
  ])('finds %s', (_, sql, expected) => {
    expect(ground(sql)).toBe(expected);
  });

  it.each([
    ['what is right', "SELECT city FROM customers WHERE country = 'France'"],
    ['what nothing holds', "SELECT city FROM customers WHERE country = 'Mars'"],
    ['patterns', "SELECT city FROM customers WHERE city LIKE '%france%'"],
    ['tables that no path reaches', "SELECT stars FROM ReviewScores WHERE stars = 'France'"],
    ['numbers', 'SELECT price FROM products WHERE price = 3'],
  ])('leaves %s', (_, sql) => {
    expect(ground(sql)).toBe(sql);
  });
});
