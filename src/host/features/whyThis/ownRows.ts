/** Which rows only one of several answers has. Compares values as the vote does, whole and by their types, however short they are shown. */
import { type Row, rowKey } from '../../../core/eval/valueKey.js';

/** Places among `rows` of those that no other answer has; none when that is all of them, for marking every row says nothing. */
export function ownRows(rows: readonly Row[], others: readonly (readonly Row[])[]): readonly number[] {
  const known = new Set(others.flatMap((other) => other.map(rowKey)));
  const own = rows.flatMap((row, at) => (known.has(rowKey(row)) ? [] : [at]));
  return own.length === rows.length ? [] : own;
}
