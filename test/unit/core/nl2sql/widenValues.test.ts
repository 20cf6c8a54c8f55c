import { describe, expect, it } from 'vitest';
import { widenValues } from '../../../../src/core/nl2sql/widenValues.js';
import { shopSchema } from '../../../support/shopSchema.js';

function widen(sql: string): readonly string[] {
  const input = {
    schema: shopSchema,
    findValues: (mention: string) => (mention === 'Rome' ? [{ table: 'customers', column: 'city', value: 'Rome', score: 1 }] : []),
    isChoice: (table: string, column: string) => table === 'customers' && column === 'country',
  };
  return widenValues(sql, input).map((widened) => widened.sql);
}

describe('widenValues', () => {
  it.each<[string, string, readonly string[]]>([
    ['the compared column', "SELECT price FROM products WHERE name = 'Chair'", ["SELECT price FROM products WHERE name LIKE '%Chair%'"]],
    [
      'the singular as well',
      "SELECT price FROM products AS p WHERE p.name = 'Chairs'",
      ["SELECT price FROM products AS p WHERE p.name LIKE '%Chairs%'", "SELECT price FROM products AS p WHERE p.name LIKE '%Chair%'"],
    ],
    [
      'the name of the rows',
      "SELECT price FROM products WHERE category_id = 'Chair'",
      ["SELECT price FROM products WHERE category_id LIKE '%Chair%'", "SELECT price FROM products WHERE name LIKE '%Chair%'"],
    ],
    [
      'the one that is not held',
      "SELECT 1 FROM customers JOIN orders ON customers.id = orders.id WHERE city = 'Rome' AND order_date = '1 May'",
      ["SELECT 1 FROM customers JOIN orders ON customers.id = orders.id WHERE city = 'Rome' AND order_date LIKE '%1 May%'"],
    ],
  ])('finds %s', (_, sql, expected) => {
    expect(widen(sql)).toEqual(expected);
  });

  it.each([
    ['what the column holds', "SELECT price FROM customers WHERE city = 'Rome'"],
    ['two at once', "SELECT price FROM products WHERE name = 'Chair' AND category_id = 'Garden'"],
    ['what is not meant', "SELECT price FROM products WHERE name <> 'Chair'"],
    ['patterns', "SELECT price FROM products WHERE name LIKE '%Chair'"],
    ['letters and codes', "SELECT price FROM products WHERE name = 'ch'"],
    ['digits', "SELECT price FROM products WHERE name = '2024-01-01'"],
  ])('leaves %s', (_, sql) => {
    expect(widen(sql)).toEqual([]);
  });

  it('leaves columns of a few values', () => {
    expect(widen("SELECT city FROM customers WHERE country = 'active'").every((sql) => !sql.includes('country LIKE'))).toBe(true);
  });

  it('tells what it looks for', () => {
    const input = { schema: shopSchema, findValues: () => [], isChoice: () => false };
    expect(widenValues("SELECT price FROM products WHERE name = 'Chair'", input)[0]?.substitutions).toEqual([
      { mention: 'Chair', match: { table: 'products', column: 'name', value: '%Chair%', score: 0 }, operator: 'LIKE' },
    ]);
  });
});
