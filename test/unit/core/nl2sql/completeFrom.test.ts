import { describe, expect, it } from 'vitest';
import { compileGrammar } from '../../../../src/core/grammar/compileGrammar.js';
import { buildGrammar } from '../../../../src/core/nl2sql/buildGrammar.js';
import { shopRelations, shopSchema } from '../../../support/shopSchema.js';

function accepts(sql: string, completeFrom: boolean): boolean {
  const tables = shopSchema.tables.map((table) => table.name);
  const input = {
    schema: shopSchema,
    tables,
    relations: shopRelations,
    literals: ['Rome'],
    lockJoins: true,
    sketch: false,
    freeLiterals: false,
  };
  const matcher = compileGrammar(buildGrammar({ ...input, completeFrom }));
  const state = matcher.advance(matcher.start, sql);
  return state !== undefined && matcher.isComplete(state);
}

describe('a grammar whose FROM is completed later', () => {
  it.each([
    ["SELECT order_date FROM customers WHERE city = 'Rome'", true, false],
    ['SELECT city FROM customers WHERE quantity > 3', true, false],
    ['SELECT orders.order_date FROM customers', true, false],
    ['SELECT city FROM customers', true, true],
    ['SELECT weather FROM customers', false, false],
    ['SELECT stars FROM customers', false, false],
    ['SELECT city FROM customers JOIN products ON customers.city = products.name', false, false],
  ])('%s', (sql, lenient, strict) => {
    expect([accepts(sql, true), accepts(sql, false)]).toEqual([lenient, strict]);
  });
});
