import { describe, expect, it } from 'vitest';
import { type SqlValue } from '../../../../src/core/schema/types.js';
import { isDecided, type RanCandidate, resultKey, voteCandidates } from '../../../../src/core/nl2sql/voteCandidates.js';

function candidate(sql: string, rows: readonly (readonly SqlValue[])[], more: Partial<RanCandidate> = {}): RanCandidate {
  const columns = (rows[0] ?? ['x']).map((_, at) => `c${at}`);
  const result = { columns, rows, truncated: false, elapsedMs: 1 };
  return { sql, result, count: 1, greedy: false, logProbability: -1, tokens: 10, coverage: 0, cues: 0, invented: 0, ...more };
}

describe('voteCandidates', () => {
  it('lets the majority win', () => {
    const groups = voteCandidates([candidate('a', [[1]]), candidate('b', [[2]]), candidate('c', [[2]])]);
    expect(groups.map((group) => group.votes)).toEqual([2, 1]);
  });

  it.each([
    ['empty results', []],
    ['one row of NULL', [[null]]],
    ['one row of zero', [[0]]],
  ])('never puts %s before rows', (_, rows) => {
    const groups = voteCandidates([candidate('many', rows, { count: 7, greedy: true }), candidate('one', [[5]])]);
    expect(groups[0]?.best.sql).toBe('one');
  });

  it('prefers the greedy answer among equals', () => {
    const groups = voteCandidates([candidate('sampled', [[1]]), candidate('greedy', [[2]], { greedy: true })]);
    expect(groups[0]?.best.sql).toBe('greedy');
  });

  it('does not depend on the order of arrival', () => {
    const all = [candidate('a', [[1]]), candidate('bb', [[2]]), candidate('c', [[1]]), candidate('d', []), candidate('e', [[3]])];
    const forward = voteCandidates(all).map((group) => group.best.sql);
    expect(voteCandidates([...all].reverse()).map((group) => group.best.sql)).toEqual(forward);
  });

  it('is decided when the rest cannot catch up', () => {
    const groups = voteCandidates([candidate('a', [[1]], { count: 4 }), candidate('b', [[2]])]);
    expect([isDecided(groups, 2), isDecided(groups, 3)]).toEqual([true, false]);
    expect(isDecided(voteCandidates([candidate('a', [], { count: 8 })]), 0)).toBe(false);
  });
});

describe('resultKey', () => {
  const key = (rows: readonly (readonly SqlValue[])[]): string => resultKey(candidate('x', rows).result);
  it.each<[string, readonly (readonly SqlValue[])[], readonly (readonly SqlValue[])[], boolean]>([
    ['row order', [[1], [2]], [[2], [1]], true],
    ['rows twice', [[1]], [[1], [1]], false],
    [
      'column order',
      [
        [1, 'a'],
        [2, 'b'],
      ],
      [
        ['b', 2],
        ['a', 1],
      ],
      true,
    ],
    [
      'columns paired otherwise',
      [
        [1, 'a'],
        [2, 'b'],
      ],
      [
        ['a', 2],
        ['b', 1],
      ],
      false,
    ],
    ['one column more', [[1, 2]], [[1, 2, 2]], false],
    ['1 and text 1', [[1]], [['1']], false],
    ['1 and big 1', [[1]], [[1n]], true],
    ['NULL and empty text', [[null]], [['']], false],
    ['sums in another order', [[0.1 + 0.2]], [[0.3]], true],
    ['big integers', [[9007199254740993n]], [[9007199254740992n]], false],
  ])('%s', (_, a, b, equal) => {
    expect(key(a) === key(b)).toBe(equal);
  });
});
