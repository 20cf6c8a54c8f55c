import { describe, expect, it } from 'vitest';
import { compareBird } from '../../../../src/core/eval/compareBird.js';
import { compareSpider, spiderOrdered } from '../../../../src/core/eval/compareSpider.js';
import { compareStrict } from '../../../../src/core/eval/compareStrict.js';
import { type Row } from '../../../../src/core/eval/valueKey.js';

interface Case {
  readonly name: string;
  readonly gold: readonly Row[];
  readonly predicted: readonly Row[];
  readonly ordered?: boolean;
  readonly spider: boolean;
  readonly bird: boolean;
  readonly strict: boolean;
}

const cases: readonly Case[] = [
  { name: 'equal', gold: [[1, 'a']], predicted: [[1, 'a']], spider: true, bird: true, strict: true },
  { name: 'rows in another order', gold: [[1], [2]], predicted: [[2], [1]], spider: true, bird: true, strict: true },
  {
    name: 'rows in another order, gold ordered',
    gold: [[1], [2]],
    predicted: [[2], [1]],
    ordered: true,
    spider: false,
    bird: true,
    strict: false,
  },
  {
    name: 'columns swapped',
    gold: [
      [1, 'a'],
      [2, 'b'],
    ],
    predicted: [
      ['a', 1],
      ['b', 2],
    ],
    spider: true,
    bird: false,
    strict: false,
  },
  {
    name: 'columns swapped in order',
    gold: [
      [1, 'a'],
      [2, 'b'],
    ],
    predicted: [
      ['a', 1],
      ['b', 2],
    ],
    ordered: true,
    spider: true,
    bird: false,
    strict: false,
  },
  {
    name: 'equal columns, other pairing',
    gold: [
      [1, 2],
      [2, 1],
    ],
    predicted: [
      [1, 1],
      [2, 2],
    ],
    spider: false,
    bird: false,
    strict: false,
  },
  {
    name: 'a permutation must hold for all rows',
    gold: [
      [1, 2, 3],
      [4, 5, 6],
    ],
    predicted: [
      [3, 1, 2],
      [5, 4, 6],
    ],
    spider: false,
    bird: false,
    strict: false,
  },
  {
    name: 'three columns rotated',
    gold: [
      [1, 2, 3],
      [4, 5, 6],
    ],
    predicted: [
      [3, 1, 2],
      [6, 4, 5],
    ],
    spider: true,
    bird: false,
    strict: false,
  },
  { name: 'extra column', gold: [[1]], predicted: [[1, 1]], spider: false, bird: false, strict: false },
  { name: 'duplicate row', gold: [[1]], predicted: [[1], [1]], spider: false, bird: true, strict: false },
  { name: 'same set, other counts', gold: [[1], [1], [2]], predicted: [[1], [2], [2]], spider: false, bird: true, strict: false },
  { name: 'whole number and float', gold: [[1]], predicted: [[1.0]], spider: true, bird: true, strict: true },
  {
    name: 'big integer and float',
    gold: [[9007199254740993n]],
    predicted: [[9007199254740992]],
    spider: false,
    bird: false,
    strict: false,
  },
  { name: 'number and text', gold: [[1]], predicted: [['1']], spider: false, bird: false, strict: false },
  { name: 'rounding', gold: [[0.3]], predicted: [[0.1 + 0.2]], spider: false, bird: false, strict: true },
  { name: 'rounding beyond the tolerance', gold: [[0.3]], predicted: [[0.30001]], spider: false, bird: false, strict: false },
  {
    name: 'rounding of large floats is relative',
    gold: [[1234567890.25]],
    predicted: [[1234567890.5]],
    spider: false,
    bird: false,
    strict: true,
  },
  { name: 'large whole numbers are exact', gold: [[1234567890]], predicted: [[1234567891]], spider: false, bird: false, strict: false },
  {
    name: 'rounding in several columns',
    gold: [
      [0.3, 2],
      [0.1, 1],
    ],
    predicted: [
      [0.1, 1],
      [0.1 + 0.2, 2],
    ],
    spider: false,
    bird: false,
    strict: true,
  },
  {
    name: 'rounding disturbs the sorted order',
    gold: [
      [0.3, 5.5],
      [0.3 + 1e-9, 1.5],
    ],
    predicted: [
      [0.3 + 2e-9, 5.5],
      [0.3, 1.5],
    ],
    spider: false,
    bird: false,
    strict: true,
  },
  { name: 'letter case', gold: [['USA']], predicted: [['usa']], spider: false, bird: false, strict: false },
  { name: 'NULL and NULL', gold: [[null]], predicted: [[null]], spider: true, bird: true, strict: true },
  { name: 'NULL and empty text', gold: [[null]], predicted: [['']], spider: false, bird: false, strict: false },
  { name: 'NULL and zero', gold: [[null]], predicted: [[0]], spider: false, bird: false, strict: false },
  { name: 'both empty', gold: [], predicted: [], spider: true, bird: true, strict: true },
  { name: 'one empty', gold: [[0]], predicted: [], spider: false, bird: false, strict: false },
  { name: 'blobs', gold: [[Uint8Array.of(1, 2)]], predicted: [[Uint8Array.of(1, 2)]], spider: true, bird: true, strict: true },
  { name: 'blob and text of its hex', gold: [[Uint8Array.of(1)]], predicted: [['01']], spider: false, bird: false, strict: false },
  { name: 'texts that would run together', gold: [['a', 'bc']], predicted: [['ab', 'c']], spider: false, bird: false, strict: false },
];

describe('comparators', () => {
  it.each(cases)('$name', ({ gold, predicted, ordered = false, spider, bird, strict }) => {
    expect({
      spider: compareSpider(gold, predicted, ordered),
      bird: compareBird(gold, predicted),
      strict: compareStrict(gold, predicted, ordered),
    }).toEqual({ spider, bird, strict });
  });

  it('tries a permutation of many equal columns without trying them all', () => {
    const wide = (last: number): Row => [...Array.from({ length: 30 }, () => 7), last];
    expect(
      compareSpider(
        [wide(1), wide(2)],
        [
          [1, ...Array.from({ length: 30 }, () => 7)],
          [2, ...Array.from({ length: 30 }, () => 7)],
        ],
        false,
      ),
    ).toBe(true);
    expect(compareSpider([wide(1), wide(2)], [wide(1), wide(3)], false)).toBe(false);
  });

  it.each([
    ['SELECT a FROM t ORDER BY a', true],
    ['SELECT a FROM (SELECT a FROM t order by b)', true],
    ['SELECT a FROM t', false],
  ])('spider order of %s', (sql, expected) => {
    expect(spiderOrdered(sql)).toBe(expected);
  });
});
