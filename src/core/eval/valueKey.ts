/**
 * One text per SQL value so that equal values have equal texts, with the equality of the published scorers (Python's):
 * 1 equals 1.0, NULL equals NULL, and nothing else crosses a type. No tolerance for rounding.
 */
import { type SqlValue } from '../schema/types.js';
import { hashText } from '../shared/hash.js';

export type Row = readonly SqlValue[];

export function valueKey(value: SqlValue): string {
  if (value === null) return 'z';
  switch (typeof value) {
    case 'string':
      return `t${value.length}:${value}`;
    case 'bigint':
      return `n${value}`;
    case 'number':
      return Number.isInteger(value) ? `n${BigInt(value)}` : `n${value}`;
    default:
      return `b${[...value].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  }
}

export function rowKey(row: Row): string {
  return row.map(valueKey).join('\u0001');
}

/** Equal for equal rows in any order: what the vote and the prediction file compare by. */
export function resultHash(rows: readonly Row[]): string {
  return hashText(rows.map(rowKey).sort().join('\u0002'));
}
