import { describe, expect, test } from 'vitest';
import { compareRows, type ComparedResult } from '../../../../src/core/presentation/compareRows.js';
import { type SqlValue } from '../../../../src/core/schema/types.js';

function result(columns: string, ...rows: readonly (readonly SqlValue[])[]): ComparedResult {
  const letter = (value: SqlValue): string =>
    value === null ? 'n' : typeof value === 'string' ? 't' : value instanceof Uint8Array ? 'b' : 'i';
  return { columns: columns.split(' '), rows: rows.map((values) => ({ values, types: values.map(letter).join('') })) };
}

const changed = (before: unknown, after: unknown): unknown => ({ kind: 'changed', before, after });

describe('two results row by row', () => {
  const left = result('id name', [1, 'a'], [2, 'b'], [3, null]);
  test.each<readonly [string, ComparedResult, readonly string[] | undefined, readonly unknown[], string]>([
    ['equal', left, undefined, [], '3 0 0 0 id'],
    ['a changed cell', result('id name', [1, 'a'], [2, 'B'], [3, null]), undefined, [['≠', 2, changed('b', 'B')]], '2 1 0 0 id'],
    ['NULL and empty text differ', result('id name', [1, 'a'], [2, 'b'], [3, '']), undefined, [['≠', 3, changed(null, '')]], '2 1 0 0 id'],
    ['another order is no change by key', result('id name', [3, null], [1, 'a'], [2, 'b']), undefined, [], '3 0 0 0 id'],
    ['only one side', result('id name', [2, 'b'], [3, null], [4, 'd']), undefined, [['−', 1, 'a'], ['+', 4, 'd']], '2 0 1 1 id'], // prettier-ignore
    ['a NULL of one side alone', result('id name', [1, 'a'], [2, 'b']), undefined, [['−', 3, null]], '2 0 0 1 id'],
    ['by position', result('id name', [2, 'b'], [2, 'b'], [3, null]), [], [['≠', changed(1, 2), changed('a', 'b')]], '2 1 0 0 '],
    [
      'a first column that repeats is no key',
      result('id name', [1, 'a'], [1, 'b'], [3, null]),
      undefined,
      [['≠', changed(2, 1), 'b']],
      '2 1 0 0 ',
    ],
    ['a key that was chosen', result('name id', ['b', 9], ['a', 1], [null, 3]), ['name'], [['≠', changed(2, 9), 'b']], '2 1 0 0 name'],
    ['repeated keys are matched in order', result('id name', [1, 'a'], [1, 'x']), ['id'], [['−', 2, 'b'], ['−', 3, null], ['+', 1, 'x']], '1 0 1 2 id'], // prettier-ignore
  ])('%s', (_name, right, keys, rows, counts) => {
    const found = compareRows(left, right, keys);
    expect(found.rows).toEqual(rows);
    expect(`${found.same} ${found.changed} ${found.added} ${found.removed} ${found.keys.join(',')}`).toBe(counts);
  });

  test('a column of one side alone makes every row differ, and shows what is there', () => {
    const found = compareRows(result('id', [1]), result('id name', [1, 'a']));
    expect(found.columns).toEqual(['', 'id', 'name']);
    expect(found.rows).toEqual([['≠', 1, 'a']]);
  });

  test('3 and 3.0 are one key and two values', () => {
    const real = { columns: ['id'], rows: [{ values: [3], types: 'r' }] };
    expect(compareRows(result('id', [3]), real, ['id']).rows).toEqual([['≠', changed(3, { kind: 'real', text: '3.0' })]]);
  });

  test('bytes are compared by value', () => {
    const bytes = (last: number): ComparedResult => result('b', [new Uint8Array([1, last])]);
    expect(compareRows(bytes(2), bytes(2), []).same).toBe(1);
    expect(compareRows(bytes(2), bytes(3), []).changed).toBe(1);
  });
});
