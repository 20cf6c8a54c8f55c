import { describe, expect, it } from 'vitest';
import { chooseDemonstrations, likenessOf, sqlSkeleton } from '../../../../src/core/nl2sql/demonstrations.js';
import { linkQuestion } from '../../../../src/core/nl2sql/linkQuestion.js';
import { buildNameIndex } from '../../../../src/core/nl2sql/nameIndex.js';
import { type Demonstration } from '../../../../src/core/nl2sql/types.js';
import { shopSchema } from '../../../support/shopSchema.js';

const names = buildNameIndex(shopSchema);
const stored = [{ table: 'customers', column: 'country', value: 'France', score: 1 }];
const linkedOf = (question: string) =>
  linkQuestion(question, names, { findValues: (mention) => stored.filter(({ value }) => value.toLowerCase() === mention.toLowerCase()) });

const pairs: readonly Demonstration[] = [
  { question: 'How many orders are there?', sql: 'SELECT COUNT(*) FROM orders' },
  { question: 'How many products does each category have?', sql: 'SELECT category_id, COUNT(*) FROM products GROUP BY category_id' },
  { question: 'Which product has the highest price?', sql: 'SELECT name FROM products ORDER BY price DESC LIMIT 1' },
  { question: 'List the city of customers from Italy.', sql: "SELECT city FROM customers WHERE country = 'Italy'" },
  {
    question: 'Which customers have no orders?',
    sql: 'SELECT last_name FROM customers WHERE customer_id NOT IN (SELECT customer_id FROM orders)',
  },
  { question: 'What is the average price of products?', sql: 'SELECT AVG(price) FROM products' },
];
const query = (question: string, tables: readonly string[] = []) => ({ linked: linkedOf(question), tables, limit: 1 });

describe('the pair that teaches most', () => {
  it.each<[string, readonly string[], string]>([
    ['How many customers are there?', ['customers'], 'How many orders are there?'],
    ['How many customers does each city have?', ['customers'], 'How many products does each category have?'],
    ['Which order has the highest total?', ['orders'], 'Which product has the highest price?'],
    ['List the last name of customers from France.', ['customers'], 'List the city of customers from Italy.'],
    ['Which products have no review scores?', ['products', 'ReviewScores'], 'Which customers have no orders?'],
    ['What is the average total of orders?', ['orders'], 'What is the average price of products?'],
  ])('%s', (question, tables, expected) => {
    expect(chooseDemonstrations(pairs, query(question, tables))[0]?.question).toBe(expected);
  });
});

describe('likeness', () => {
  const likeOf = (question: string, pair: Demonstration, more: object = {}): number =>
    likenessOf([pair], { linked: linkedOf(question), tables: [], ...more })[0] ?? NaN;

  it('sees through names and values on both sides', () => {
    const [first, second] = ['List the city of customers from Italy.', 'List the price of products from Chairs.'];
    const masked = likeOf('List the city of customers from France.', { question: first, sql: pairs[3]!.sql });
    const same = likeOf('List the city of customers from France.', {
      question: second,
      sql: "SELECT price FROM products WHERE name = 'Chairs'",
    });
    expect(masked).toBeGreaterThan(0.5);
    expect(same).toBeGreaterThan(0.5);
  });

  it('grows with tables in common and with the skeleton of a draft', () => {
    const pair = pairs[5]!;
    expect(likeOf('average of things', pair, { tables: ['products'] })).toBeGreaterThan(
      likeOf('average of things', pair, { tables: ['orders'] }),
    );
    const draft = (sql: string): number => likeOf('the price of things', pair, { draft: sql });
    expect(draft('SELECT SUM(x) FROM t')).toBeGreaterThan(draft('SELECT x FROM t WHERE y = 1 GROUP BY x ORDER BY z'));
  });

  it('lies in 0..1, whatever the texts', () => {
    for (const question of ['', 'customers', '???', pairs[0]!.question])
      for (const pair of [...pairs, { question: '', sql: '' }]) {
        const like = likeOf(question, pair, { tables: ['customers'] });
        expect(like).toBeGreaterThanOrEqual(0);
        expect(like).toBeLessThanOrEqual(1);
      }
  });
});

describe('the identical question', () => {
  it.each(['How many orders are there?', 'how many orders are there', 'HOW MANY ORDERS ARE THERE???', '  How   many order are there ?'])(
    'never leaks: %s',
    (question) => {
      const chosen = chooseDemonstrations(pairs, { ...query(question, ['orders']), limit: pairs.length });
      expect(chosen.map((pair) => pair.question)).not.toContain('How many orders are there?');
    },
  );

  it('never leaks for any pair of the store, whatever the limit', () => {
    let given = 0;
    for (const pair of pairs) {
      const chosen = chooseDemonstrations(pairs, { ...query(pair.question, ['orders', 'products', 'customers']), limit: 99 });
      expect(chosen).not.toContain(pair);
      given += chosen.length;
    }
    expect(given).toBeGreaterThan(0);
  });
});

describe('limits', () => {
  it('gives nothing for 0, for an empty store, and where nothing is alike', () => {
    expect(chooseDemonstrations(pairs, { ...query('How many customers are there?'), limit: 0 })).toEqual([]);
    expect(chooseDemonstrations([], query('How many customers are there?'))).toEqual([]);
    expect(chooseDemonstrations(pairs, query('zzz qqq'))).toEqual([]);
  });

  it('does not depend on the order of the store', () => {
    const ask = (store: readonly Demonstration[]) => chooseDemonstrations(store, { ...query('How many customers are there?'), limit: 9 });
    expect(ask([...pairs].reverse())).toEqual(ask(pairs));
  });
});

describe('sqlSkeleton', () => {
  it('forgets names and values', () => {
    expect(sqlSkeleton("SELECT a FROM t WHERE b = 'x'")).toEqual(sqlSkeleton('select "c" from u where d = 1'));
    expect(sqlSkeleton('SELECT a FROM t')).not.toEqual(sqlSkeleton('SELECT a FROM t GROUP BY a'));
  });
});
