import { describe, expect, it } from 'vitest';
import { coverLinks, leavesOutGiven } from '../../../../src/core/nl2sql/coverLinks.js';
import { linkQuestion } from '../../../../src/core/nl2sql/linkQuestion.js';
import { buildNameIndex } from '../../../../src/core/nl2sql/nameIndex.js';
import { shopSchema } from '../../../support/shopSchema.js';

const names = buildNameIndex(shopSchema);
const link = (question: string): ReturnType<typeof linkQuestion> => linkQuestion(question, names);

describe('coverLinks', () => {
  it.each<[string, string, number]>([
    ['tables and columns', 'SELECT city FROM customers', 1],
    ['half of them', 'SELECT city FROM orders', 0.5],
    ['a key speaks of its table', 'SELECT city, customer_id FROM orders', 1],
    ['a longer word does not', 'SELECT city FROM customersbackup', 0.5],
  ])('%s', (_, sql, share) => {
    expect(coverLinks(sql, link('city of customers'))).toBe(share);
  });
});

describe('leavesOutGiven', () => {
  it.each<[string, boolean]>([
    ['SELECT city FROM customers', true],
    ['SELECT city FROM customers WHERE customer_id = 30', true],
    ['SELECT first_name FROM customers WHERE customer_id = 3', false],
  ])('%s', (sql, expected) => {
    expect(leavesOutGiven(sql, 'SELECT city FROM customers WHERE city = 3', link('city of customer 3'))).toBe(expected);
  });

  it('what the other one does not use either is not left out', () => {
    expect(leavesOutGiven('SELECT city FROM customers', 'SELECT country FROM customers', link('city of customer 3'))).toBe(false);
  });
});
