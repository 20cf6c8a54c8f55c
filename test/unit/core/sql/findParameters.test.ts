import { expect, test } from 'vitest';
import { findParameters, parameterValue } from '../../../../src/core/sql/findParameters.js';
import { type SqlValue } from '../../../../src/core/schema/types.js';

test.each<[string, string[]]>([
  ['SELECT 1', []],
  ['SELECT ?, ?', ['?1', '?2']],
  ['SELECT ?2', ['?2']],
  ['SELECT ?2, ?', ['?2', '?3']],
  ['SELECT ?, ?1', ['?1']],
  ['SELECT :a, :b, :a', [':a', ':b']],
  ['SELECT @a, $b, :a', ['@a', '$b', ':a']],
  ['SELECT :a, ?1', [':a']],
  ['SELECT ?1, :a, ?', ['?1', ':a', '?3']],
  ['SELECT \':a\', "?" -- :b', []],
  ['SELECT a[1], `:x`, :größe LIMIT :n', [':größe', ':n']],
])('%s', (sql, expected) => {
  expect(findParameters(sql).map(({ name }) => name)).toEqual(expected);
});

test.each<[string, SqlValue]>([
  ['', ''],
  ['Rome', 'Rome'],
  [' Rome ', ' Rome '],
  ["'12'", '12'],
  ["'it''s'", "it's"],
  ["it's", "it's"],
  ["'", "'"],
  ['12', 12],
  [' -12 ', -12],
  ['+3', 3],
  ['9007199254740993', 9007199254740993n],
  ['-9223372036854775808', -(2n ** 63n)],
  ['9223372036854775808', 9223372036854775808],
  ['1.5', 1.5],
  ['.5', 0.5],
  ['1e3', 1000],
  ['1.', 1],
  ['1e', '1e'],
  ['2012-05-01', '2012-05-01'],
  ['null', null],
  ["'null'", 'null'],
  ["x'0fA0'", Uint8Array.of(15, 160)],
  ["x''", Uint8Array.of()],
  ["x'0'", "x'0'"],
  ['0x10', '0x10'],
])('what is typed as %j', (typed, expected) => {
  expect(parameterValue(typed)).toEqual(expected);
});
