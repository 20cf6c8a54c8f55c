import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type SqlValue } from '../../../../src/core/schema/types.js';
import { featureNames } from '../../../../src/core/nl2sql/candidateFeatures.js';
import { parseRanker, rankCandidates, scoreFeatures } from '../../../../src/core/nl2sql/rankCandidates.js';
import { type FeatureContext } from '../../../../src/core/nl2sql/statementFeatures.js';
import { type RanCandidate } from '../../../../src/core/nl2sql/voteCandidates.js';
import { shopKnowledge } from '../../../support/shopSchema.js';

interface Golden {
  readonly rankers: Readonly<Record<string, unknown>>;
  readonly cases: readonly { readonly features: Readonly<Record<string, number>>; readonly scores: Readonly<Record<string, number>> }[];
}

const golden = JSON.parse(
  readFileSync(path.join(import.meta.dirname, '../../../fixtures/ranker/scores.json'), 'utf8'),
) as unknown as Golden;
const plain = { format: 1, features: ['voteShare'], mean: [0], scale: [1], weights: [1] };

describe('scoreFeatures', () => {
  for (const [name, file] of Object.entries(golden.rankers)) {
    it(`gives the scores of the trainer: ${name}`, () => {
      const ranker = parseRanker(file);
      for (const { features, scores } of golden.cases) expect(scoreFeatures(features, ranker)).toBeCloseTo(scores[name] ?? NaN, 9);
    });
  }

  it('has cases that can fail', () => {
    expect(new Set(golden.cases.flatMap(({ scores }) => Object.values(scores))).size).toBe(
      golden.cases.length * Object.keys(golden.rankers).length,
    );
  });
});

describe('parseRanker', () => {
  it('takes what the trainer writes', () => {
    expect(parseRanker(plain)).toEqual({ ...plain, hidden: [], bias: [], out: [], rowsFirst: true, fingerprint: '' });
    expect(parseRanker({ ...plain, rowsFirst: false, fingerprint: 'f' })).toMatchObject({ rowsFirst: false, fingerprint: 'f' });
  });

  it.each<[string, unknown]>([
    ['not an object', 'text'],
    ['format 2', { ...plain, format: 2 }],
    ['no features', { ...plain, features: [] }],
    ['unknown feature mood', { ...plain, features: ['mood'] }],
    ['a feature twice', { ...plain, features: ['voteShare', 'voteShare'] }],
    ['weights is not 1 numbers', { ...plain, weights: [1, 2] }],
    ['mean is not 1 numbers', { ...plain, mean: ['0'] }],
    ['scale is not above 0', { ...plain, scale: [0] }],
    ['hidden is not 1 numbers', { ...plain, hidden: [[1, 2]] }],
    ['out is not 1 numbers', { ...plain, hidden: [[1]], bias: [0] }],
  ])('refuses: %s', (detail, value) => {
    expect(() => parseRanker(value)).toThrow(expect.objectContaining({ code: 'model.badRanker', details: { detail } }) as Error);
  });
});

describe('rankCandidates', () => {
  const context: FeatureContext = {
    linked: { question: 'city of customers', words: [], links: [], values: [] },
    choice: { terminals: [], bridges: [], joins: [] },
    knowledge: shopKnowledge,
  };
  function candidate(sql: string, rows: readonly (readonly SqlValue[])[], more: Partial<RanCandidate> = {}): RanCandidate {
    const columns = (rows[0] ?? ['x']).map((_, at) => `c${at}`);
    const result = { columns, rows, truncated: false, elapsedMs: 1 };
    return { sql, result, count: 1, greedy: false, logProbability: -1, tokens: 10, coverage: 0, cues: 0, invented: 0, ...more };
  }
  const order = (candidates: readonly RanCandidate[], ranker: object): string[] =>
    rankCandidates(candidates, context, parseRanker({ ...plain, ...ranker })).map((group) => group.best.sql);
  const byDistinct = { features: ['distinctUnasked'], weights: [-1] };

  it('lets the learnt weights choose against the votes', () => {
    const many = candidate('SELECT DISTINCT city FROM customers', [['a']], { count: 5, greedy: true });
    const one = candidate('SELECT city FROM customers', [['a'], ['a']]);
    expect(order([many, one], byDistinct)).toEqual([one.sql, many.sql]);
    expect(order([many, one], {})).toEqual([many.sql, one.sql]);
  });

  it('puts the best member of a group first and counts all its votes', () => {
    const twins = [
      candidate('SELECT DISTINCT city FROM customers', [['a']], { count: 2 }),
      candidate('SELECT city FROM customers', [['a']]),
    ];
    const [group] = rankCandidates(twins, context, parseRanker({ ...plain, ...byDistinct }));
    expect([group?.best.sql, group?.votes, group?.members.length]).toEqual(['SELECT city FROM customers', 3, 2]);
  });

  it('keeps rows first, unless the ranker was made without that rule', () => {
    const all = [candidate('none', [], { count: 7 }), candidate('nothing', [[0]], { count: 3 }), candidate('rows', [[1]])];
    expect(order(all, {})).toEqual(['rows', 'nothing', 'none']);
    expect(order(all, { rowsFirst: false })).toEqual(['none', 'nothing', 'rows']);
  });

  it('does not depend on the order of arrival', () => {
    const all = ['a', 'bb', 'c', 'd'].map((sql, at) => candidate(sql, [[at % 3]]));
    expect(order([...all].reverse(), {})).toEqual(order(all, {}));
  });

  it('knows every feature by a name of its own', () => {
    expect(new Set(featureNames).size).toBe(featureNames.length);
  });
});
