import { describe, expect, it } from 'vitest';
import { type SqlValue } from '../../../../src/core/schema/types.js';
import {
  type CandidateFeatures,
  candidateFeatures,
  type FeatureName,
  featureNames,
} from '../../../../src/core/nl2sql/candidateFeatures.js';
import { coverLinks } from '../../../../src/core/nl2sql/coverLinks.js';
import { findInventedLiterals } from '../../../../src/core/nl2sql/findInventedLiterals.js';
import { linkQuestion } from '../../../../src/core/nl2sql/linkQuestion.js';
import { buildNameIndex } from '../../../../src/core/nl2sql/nameIndex.js';
import { cueAgreement } from '../../../../src/core/nl2sql/readCues.js';
import { type FeatureContext } from '../../../../src/core/nl2sql/statementFeatures.js';
import { type RanCandidate } from '../../../../src/core/nl2sql/voteCandidates.js';
import { shopKnowledge } from '../../../support/shopSchema.js';

const names = buildNameIndex(shopKnowledge.schema);

interface Case {
  readonly question: string;
  readonly sql: string;
  readonly rows?: readonly (readonly SqlValue[])[];
  readonly columns?: readonly string[];
}

function contextOf(question: string, terminals: readonly string[] = ['customers']): FeatureContext {
  return { linked: linkQuestion(question, names), choice: { terminals, bridges: [], joins: [] }, knowledge: shopKnowledge };
}

function candidate({ question, sql, rows = [['a'], ['b']], columns }: Case, more: Partial<RanCandidate> = {}): RanCandidate {
  const linked = linkQuestion(question, names);
  return {
    sql,
    result: { columns: columns ?? (rows[0] ?? ['x']).map((_, at) => `c${at}`), rows, truncated: false, elapsedMs: 1 },
    count: 1,
    greedy: false,
    logProbability: -1,
    tokens: 10,
    coverage: coverLinks(sql, linked),
    cues: cueAgreement(question, sql),
    invented: findInventedLiterals(sql, linked).length,
    ...more,
  };
}

function featuresOf(given: Case, terminals?: readonly string[]): CandidateFeatures {
  const [features] = candidateFeatures([candidate(given)], contextOf(given.question, terminals));
  return features!;
}

describe('features of one candidate', () => {
  it.each<[FeatureName, number, Case]>([
    ['noRows', 1, { question: 'customers', sql: 'SELECT city FROM customers', rows: [] }],
    ['nothing', 1, { question: 'customers', sql: 'SELECT COUNT(*) FROM customers', rows: [[0]] }],
    ['oneRow', 1, { question: 'customers', sql: 'SELECT city FROM customers', rows: [['Rome']] }],
    ['nulls', 0.5, { question: 'customers', sql: 'SELECT city FROM customers', rows: [['Rome'], [null]] }],
    ['repeatedRows', 0.5, { question: 'customers', sql: 'SELECT city FROM customers', rows: [['Rome'], ['Rome']] }],
    ['moreColumns', 1, { question: 'city of customers', sql: 'SELECT city, country FROM customers', rows: [['Rome', 'Italy']] }],
    ['fewerColumns', 1, { question: 'city and country of customers', sql: 'SELECT city FROM customers' }],
    ['countMissing', 1, { question: 'How many customers?', sql: 'SELECT city FROM customers' }],
    ['countMissing', 0, { question: 'How many customers?', sql: 'SELECT COUNT(*) FROM customers' }],
    ['countUnasked', 1, { question: 'city of customers', sql: 'SELECT COUNT(city) FROM customers' }],
    ['averageUnasked', 1, { question: 'total of orders', sql: 'SELECT AVG(total_cents) FROM orders' }],
    ['groupMissing', 1, { question: 'number of customers in each city', sql: 'SELECT COUNT(*) FROM customers' }],
    ['negationMissing', 1, { question: 'customers without orders', sql: 'SELECT city FROM customers' }],
    ['orderUnasked', 1, { question: 'city of customers', sql: 'SELECT city FROM customers ORDER BY city' }],
    ['distinctMissing', 1, { question: 'different cities', sql: 'SELECT city FROM customers' }],
    ['distinctUnasked', 1, { question: 'cities', sql: 'SELECT DISTINCT city FROM customers' }],
    ['wrongLimit', 1, { question: 'top 3 customers', sql: 'SELECT city FROM customers ORDER BY city DESC LIMIT 5' }],
    ['wrongLimit', 0, { question: 'top 3 customers', sql: 'SELECT city FROM customers ORDER BY city DESC LIMIT 3' }],
    ['wrongEnd', 1, { question: 'product with the highest price', sql: 'SELECT name FROM products ORDER BY price LIMIT 1' }],
    ['wrongEnd', 0, { question: 'product with the highest price', sql: 'SELECT name FROM products ORDER BY price DESC LIMIT 1' }],
    ['wrongEnd', 0, { question: 'at least one highest price', sql: 'SELECT MAX(price) FROM products' }],
    ['wrongComparison', 1, { question: 'products with price above 5', sql: 'SELECT name FROM products WHERE price < 5' }],
    ['star', 1, { question: 'customers', sql: 'SELECT * FROM customers' }],
    ['star', 0, { question: 'customers', sql: 'SELECT COUNT(*) FROM customers' }],
    ['idsShown', 1, { question: 'city of customers', sql: 'SELECT customer_id FROM customers', columns: ['customer_id'] }],
    ['idsShown', 0, { question: 'ids of customers', sql: 'SELECT customer_id FROM customers', columns: ['customer_id'] }],
    ['filterShown', 1, { question: 'customers in Rome', sql: "SELECT city FROM customers WHERE city = 'Rome'" }],
    ['filterShown', 0, { question: 'customers in Rome', sql: "SELECT last_name FROM customers WHERE city = 'Rome'" }],
    ['manyForOne', 1, { question: 'product with the highest price', sql: 'SELECT name FROM products' }],
    ['listForCount', 1, { question: 'How many customers?', sql: 'SELECT city FROM customers' }],
    ['listForCount', 0, { question: 'How many customers?', sql: 'SELECT COUNT(*) FROM customers', rows: [[3]] }],
    ['invented', 1, { question: 'customers', sql: "SELECT city FROM customers WHERE country = 'Peru'" }],
    ['nested', 1, { question: 'customers', sql: 'SELECT city FROM customers WHERE customer_id IN (SELECT customer_id FROM orders)' }],
    ['shownCovered', 0.5, { question: 'city of customers', sql: 'SELECT city, country FROM customers' }],
    ['filterCovered', 0, { question: 'city of customers', sql: "SELECT city FROM customers WHERE last_name = 'city'" }],
    ['idCompared', 1, { question: 'customers with 2 orders', sql: 'SELECT city FROM customers WHERE customer_id = 2' }],
    ['idCompared', 0, { question: 'customer with id 2', sql: 'SELECT city FROM customers WHERE customer_id = 2' }],
    ['comparisonMissing', 1, { question: 'products with price above 5', sql: 'SELECT name FROM products ORDER BY price LIMIT 1' }],
    ['comparisonMissing', 0, { question: 'products with price above 5', sql: 'SELECT name FROM products WHERE price > 5' }],
    ['comparisonMissing', 0, { question: 'orders placed before the last', sql: 'SELECT 1 FROM orders' }],
    [
      'unequalInJoin',
      1,
      {
        question: 'customers without orders',
        sql: 'SELECT city FROM customers JOIN orders ON customers.customer_id != orders.customer_id',
      },
    ],
    [
      'unequalInJoin',
      0,
      { question: 'customers without orders', sql: 'SELECT city FROM customers WHERE customer_id NOT IN (SELECT customer_id FROM orders)' },
    ],
    ['distinctCountMissing', 1, { question: 'How many different cities?', sql: 'SELECT COUNT(city) FROM customers' }],
    ['distinctCountMissing', 0, { question: 'How many different cities?', sql: 'SELECT COUNT(DISTINCT city) FROM customers' }],
    ['likeMissing', 1, { question: 'names that contain a', sql: "SELECT name FROM products WHERE name = 'a'" }],
    ['likeUnasked', 1, { question: 'names of chairs', sql: "SELECT name FROM products WHERE name LIKE '%chair%'" }],
    ['mixedAggregate', 1, { question: 'customers', sql: 'SELECT city, COUNT(*) FROM customers' }],
    ['mixedAggregate', 0, { question: 'customers', sql: 'SELECT city, COUNT(*) FROM customers GROUP BY city' }],
    ['mixedAggregate', 0, { question: 'customers', sql: 'SELECT COUNT(DISTINCT city), AVG(customer_id) FROM customers' }],
    ['mixedAggregate', 0, { question: 'products', sql: 'SELECT name, MAX(price) FROM products' }],
    ['setOperations', 1, { question: 'cities', sql: 'SELECT city FROM customers EXCEPT SELECT country FROM customers' }],
  ])('%s is %d: %j', (name, expected, given) => {
    expect(featuresOf(given)[name]).toBeCloseTo(expected, 12);
  });
});

describe('joins', () => {
  const joined = 'SELECT customers.city FROM customers JOIN orders ON customers.customer_id = orders.customer_id';
  it.each<[FeatureName, number, string, readonly string[]]>([
    ['moreJoins', 1, joined, ['customers']],
    ['extraTables', 1, joined, ['customers']],
    ['fewerJoins', 1, 'SELECT city FROM customers', ['customers', 'orders']],
    ['missedTables', 0.5, 'SELECT city FROM customers', ['customers', 'orders']],
    ['looseJoins', 0, joined, ['customers', 'orders']],
    ['looseJoins', 1, 'SELECT 1 FROM customers JOIN orders ON customers.city = orders.order_date', ['customers', 'orders']],
    ['multiplied', 1, `${joined.replace('customers.city', 'COUNT(customers.city)')}`, ['customers', 'orders']],
  ])('%s is %d', (name, expected, sql, terminals) => {
    expect(featuresOf({ question: 'customers', sql }, terminals)[name]).toBe(expected);
  });
});

describe('votes', () => {
  const question = 'customers';
  const all = [
    candidate({ question, sql: 'a', rows: [[1]] }, { count: 3, greedy: true, logProbability: -4 }),
    candidate({ question, sql: 'b', rows: [[1]] }, { count: 1, logProbability: -2 }),
    candidate({ question, sql: 'c', rows: [[2]] }, { count: 4, logProbability: -90 }),
  ];

  it('counts groups and texts', () => {
    const features = candidateFeatures(all, contextOf(question));
    const shown = features.map((one) => [one.voteShare, one.ownShare, one.margin, one.greedy, one.greedyGroup]);
    expect(shown).toEqual([
      [0.5, 0.375, 0, 1, 1],
      [0.5, 0.125, 0, 0, 1],
      [0.5, 0.5, 0, 0, 0],
    ]);
    // Half of the votes, no link used, all cues met, and half a vote of eight for the greedy one.
    expect(features.map((one) => one.voteScore)).toEqual([0.9625, 0.9625, 0.9]);
    expect(features.map((one) => one.logProbability)).toEqual([-0.4, -0.2, -5]);
    expect(features[0]?.logProbabilityGap).toBeCloseTo(-0.2, 12);
  });

  it('shares cells with what is nearly the same', () => {
    const rows = [
      [['a'], ['b']],
      [
        ['a', 1],
        ['b', 1],
      ],
      [['z']],
    ];
    const near = rows.map((own, at) => candidate({ question, sql: String(at), rows: own }));
    const [first, second, third] = candidateFeatures(near, contextOf(question)).map((one) => one.sharedCells);
    expect(first).toBeCloseTo((2 / 3 + 0) / 2, 12);
    expect(second).toBeCloseTo(first ?? NaN, 12);
    expect(third).toBe(0);
    const [alone] = candidateFeatures([near[0]!], contextOf(question));
    expect(alone?.sharedCells).toBe(1);
    const [twice] = candidateFeatures([{ ...near[0]!, count: 2 }, near[2]!], contextOf(question));
    expect(twice?.sharedCells).toBe(0.5);
  });

  it('gives every name a finite number, whatever the candidate', () => {
    const strange = [candidate({ question: '', sql: '', rows: [] }, { tokens: 0, logProbability: 0 }), ...all];
    for (const features of candidateFeatures(strange, contextOf('', []))) {
      expect(Object.keys(features)).toEqual(featureNames);
      expect(Object.values(features).every((value) => Number.isFinite(value) && !Object.is(value, -0))).toBe(true);
    }
  });
});
