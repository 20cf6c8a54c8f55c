import { describe, expect, it } from 'vitest';
import { completeCounts } from '../../../../src/core/nl2sql/completeCounts.js';
import { plainJoinTrees } from '../../../support/plainJoinTrees.js';
import { shopKnowledge, shopRelations } from '../../../support/shopSchema.js';

function complete(sql: string, mentioned: readonly string[]): string {
  return completeCounts(sql, { knowledge: shopKnowledge, joinTrees: plainJoinTrees(shopRelations), mentioned });
}
const joined = 'JOIN orders ON orders.customer_id = customers.customer_id';

describe('completeCounts', () => {
  it.each([
    [
      'an order by a count without a group',
      'SELECT city FROM customers ORDER BY COUNT(*) DESC LIMIT 1',
      `SELECT city FROM customers ${joined} GROUP BY customers.customer_id ORDER BY COUNT(*) DESC LIMIT 1`,
    ],
    [
      'a count beside a column',
      'SELECT city, COUNT(*) FROM customers',
      `SELECT city, COUNT(*) FROM customers ${joined} GROUP BY customers.customer_id`,
    ],
    [
      'a group by the own key',
      'SELECT city FROM customers GROUP BY customer_id HAVING COUNT(*) > 2',
      `SELECT city FROM customers ${joined} GROUP BY customer_id HAVING COUNT(*) > 2`,
    ],
  ])('joins what is counted for %s', (_, sql, expected) => {
    expect(complete(sql, ['customers', 'orders'])).toBe(expected);
  });

  it.each([
    ['a plain count', 'SELECT COUNT(*) FROM customers', ['orders']],
    ['a group that is no key', 'SELECT city, COUNT(*) FROM customers GROUP BY city', ['orders']],
    ['no other table in the question', 'SELECT city FROM customers ORDER BY COUNT(*) DESC', ['customers']],
    ['a table that no path reaches', 'SELECT city FROM customers ORDER BY COUNT(*) DESC', ['ReviewScores']],
    ['a join of its own', `SELECT city FROM customers ${joined} GROUP BY customers.customer_id ORDER BY COUNT(*) DESC`, ['orders']],
    ['no count', 'SELECT city FROM customers GROUP BY customer_id', ['orders']],
  ])('leaves %s alone', (_, sql, mentioned) => {
    expect(complete(sql, mentioned)).toBe(sql);
  });
});
