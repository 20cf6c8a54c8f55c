/**
 * Our own comparator: rows as a multiset, in order when the gold's outermost SELECT orders, columns by position, DISTINCT kept,
 * floats within 1e-6 (relative above 1), whole numbers exact, NULL equal to NULL only.
 */
import { type SqlValue } from '../schema/types.js';
import { type Row, valueKey } from './valueKey.js';

const tolerance = 1e-6;
/** Above this many rows with equal non-numeric values, only the sorted pairing is tried. */
const matchingLimit = 400;

export function compareStrict(gold: readonly Row[], predicted: readonly Row[], ordered: boolean): boolean {
  if (gold.length !== predicted.length) return false;
  if (ordered) return gold.every((row, at) => sameRow(row, predicted[at] ?? []));
  const left = groupRows(gold);
  const right = groupRows(predicted);
  return left.size === right.size && [...left].every(([key, rows]) => sameGroup(rows, right.get(key) ?? []));
}

function sameRow(left: Row, right: Row): boolean {
  return left.length === right.length && left.every((value, at) => sameValue(value, right[at] ?? null));
}

function sameValue(left: SqlValue, right: SqlValue): boolean {
  if (!isNumber(left) || !isNumber(right)) return valueKey(left) === valueKey(right);
  if (isWhole(left) && isWhole(right)) return valueKey(left) === valueKey(right);
  const a = Number(left);
  const b = Number(right);
  return a === b || Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b));
}

function isNumber(value: SqlValue): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function isWhole(value: number | bigint): boolean {
  return typeof value === 'bigint' || Number.isInteger(value);
}

/** Rows by everything that has no tolerance, so that only numbers are left to be paired. */
function groupRows(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = row.map((value) => (isNumber(value) ? 'n' : valueKey(value))).join('\u0001');
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

function sameGroup(left: readonly Row[], right: readonly Row[]): boolean {
  if (left.length !== right.length) return false;
  const sortedRight = [...right].sort(compareNumbers);
  if ([...left].sort(compareNumbers).every((row, at) => sameRow(row, sortedRight[at] ?? []))) return true;
  return left.length <= matchingLimit && pairRows(left, right);
}

function compareNumbers(left: Row, right: Row): number {
  for (const [at, value] of left.entries()) {
    const difference = Number(value ?? 0) - Number(right[at] ?? 0);
    if (isNumber(value) && difference !== 0) return difference;
  }
  return 0;
}

/** Rounding can disturb the sorted order of rows with several numbers; then each row takes the first free partner. */
function pairRows(left: readonly Row[], right: readonly Row[]): boolean {
  const free = new Set(right);
  return left.every((row) => {
    for (const other of free) if (sameRow(row, other)) return free.delete(other);
    return false;
  });
}
