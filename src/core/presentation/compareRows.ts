/**
 * Two results compared row by row: which rows are the same, which changed in which cells, which only one side has. Rows are matched by
 * key columns, or by position when there are none. Columns are matched by name; what only one side has counts as missing on the other.
 */
import { type SqlValue } from '../schema/types.js';
import { type Cell, type ExactRow, type PlainCell } from '../sql/resultTypes.js';
import { exactCell } from './exactCell.js';

export interface ComparedResult {
  readonly columns: readonly string[];
  readonly rows: readonly ExactRow[];
}

export interface Comparison {
  /** A mark (`≠`, `+` only right, `−` only left), then the columns of both sides. */
  readonly columns: readonly string[];
  /** Those that differ, in the order of the left side, what only the right side has at the end. */
  readonly rows: readonly (readonly Cell[])[];
  readonly same: number;
  readonly changed: number;
  readonly added: number;
  readonly removed: number;
  /** Names of the columns that rows were matched by; none means by position. */
  readonly keys: readonly string[];
}

export const comparisonMarks = { changed: '≠', added: '+', removed: '−' } as const;

/** `keys` are names; undefined takes the first column when its values tell the rows of both sides apart. */
export function compareRows(left: ComparedResult, right: ComparedResult, keys?: readonly string[]): Comparison {
  const used = keys ?? suggestKeys(left, right);
  const columns = [...left.columns, ...right.columns.filter((name) => !left.columns.includes(name))];
  const pairs = used.length === 0 ? pairByPosition(left, right) : pairByKey(left, right, used);
  const sides = { left: columns.map((name) => left.columns.indexOf(name)), right: columns.map((name) => right.columns.indexOf(name)) };
  const counts = { same: 0, changed: 0, added: 0, removed: 0 };
  const rows: (readonly Cell[])[] = [];
  for (const [before, after] of pairs) {
    const kind = before === undefined ? 'added' : after === undefined ? 'removed' : isSame(before, after, sides) ? 'same' : 'changed';
    counts[kind]++;
    if (kind !== 'same') rows.push([comparisonMarks[kind], ...columns.map((_, at) => cellOf(before, after, sides, at))]);
  }
  return { columns: ['', ...columns], rows, ...counts, keys: used };
}

type Pair = readonly [left: ExactRow | undefined, right: ExactRow | undefined];

interface Sides {
  /** Position of every column on that side, -1 where it is missing. */
  readonly left: readonly number[];
  readonly right: readonly number[];
}

function suggestKeys(left: ComparedResult, right: ComparedResult): readonly string[] {
  const [name] = left.columns;
  if (name === undefined || !right.columns.includes(name)) return [];
  return [left, right].every((side) => new Set(keysOf(side, [name])).size === side.rows.length) ? [name] : [];
}

function pairByPosition(left: ComparedResult, right: ComparedResult): Pair[] {
  return Array.from({ length: Math.max(left.rows.length, right.rows.length) }, (_, at): Pair => [left.rows[at], right.rows[at]]);
}

/** Rows with equal keys are matched in order; more of them on one side are its own. */
function pairByKey(left: ComparedResult, right: ComparedResult, keys: readonly string[]): Pair[] {
  const waiting = new Map<string, ExactRow[]>();
  keysOf(right, keys).forEach((key, at) => {
    const row = right.rows[at];
    const group = waiting.get(key);
    if (row && group) group.push(row);
    else if (row) waiting.set(key, [row]);
  });
  for (const group of waiting.values()) group.reverse();
  const pairs = keysOf(left, keys).map((key, at): Pair => [left.rows[at], waiting.get(key)?.pop()]);
  const matched = new Set(pairs.map(([, row]) => row));
  return [...pairs, ...right.rows.filter((row) => !matched.has(row)).map((row): Pair => [undefined, row])];
}

function keysOf({ columns, rows }: ComparedResult, names: readonly string[]): string[] {
  const positions = names.map((name) => columns.indexOf(name));
  return rows.map(({ values }) => positions.map((at) => keyText(values[at] ?? null)).join('\u0000'));
}

/** Equal for equal values; 3 and 3.0 are the same key, as they are for SQLite. */
function keyText(value: SqlValue): string {
  if (value === null) return 'n';
  if (value instanceof Uint8Array) return `b${[...value].join(',')}`;
  return typeof value === 'string' ? `t${value}` : `i${value}`;
}

function isSame(before: ExactRow, after: ExactRow, { left, right }: Sides): boolean {
  return left.every((from, at) => {
    const to = right[at] ?? -1;
    return from >= 0 && to >= 0 && isEqual(before, from, after, to);
  });
}

function isEqual(before: ExactRow, from: number, after: ExactRow, to: number): boolean {
  return before.types.charAt(from) === after.types.charAt(to) && keyText(before.values[from] ?? null) === keyText(after.values[to] ?? null);
}

const missing: PlainCell = { kind: 'text', start: '', length: 0 };

function cellOf(before: ExactRow | undefined, after: ExactRow | undefined, { left, right }: Sides, at: number): Cell {
  const from = left[at] ?? -1;
  const to = right[at] ?? -1;
  const old = before && from >= 0 ? exactCell(before, from) : undefined;
  const now = after && to >= 0 ? exactCell(after, to) : undefined;
  // NULL is a value, a column that the side has not is none.
  if (old === undefined) return now === undefined ? missing : now;
  if (now === undefined) return old;
  return before && after && isEqual(before, from, after, to) ? now : { kind: 'changed', before: old, after: now };
}
