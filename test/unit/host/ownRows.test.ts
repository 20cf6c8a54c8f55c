/** Rows that only one answer has are marked, by what they are and not by how they are shown. */
import { expect, it } from 'vitest';
import { type Row } from '../../../src/core/eval/valueKey.js';
import { ownRows } from '../../../src/host/features/whyThis/ownRows.js';

const long = 'x'.repeat(600);

const cases: readonly (readonly [string, readonly Row[], readonly (readonly Row[])[], readonly number[]])[] = [
  ['the second row', [['a'], ['b'], ['c']], [[['a'], ['c']]], [1]],
  ['the same rows in another order', [['a'], ['b']], [[['b'], ['a']]], []],
  ['rows that one of several others has', [['a'], ['b'], ['c']], [[['a']], [['b']]], [2]],
  ['every row, which says nothing', [['a'], ['b']], [[['c']]], []],
  ['one answer alone', [['a']], [], []],
  ['no rows', [], [[['a']]], []],
  ['NULL is no empty text', [[null], ['']], [[['']]], [0]],
  ['a number is no text', [[1], ['1']], [[['1']]], [0]],
  ['one is one', [[1], [2n], ['x']], [[[1n], [2]]], [2]],
  ['integers beyond 2^53', [[9007199254740993n], [9007199254740992n]], [[[9007199254740992n]]], [0]],
  ['bytes of the same length', [[new Uint8Array([1])], [new Uint8Array([2])]], [[[new Uint8Array([2])]]], [0]],
  ['texts that begin alike', [[`${long}a`], [`${long}b`]], [[[`${long}b`]]], [0]],
];
it.each(cases)('%s', (_, rows, others, wanted) => expect(ownRows(rows, others)).toEqual(wanted));
