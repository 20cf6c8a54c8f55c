/**
 * Spider's execution match (`result_eq` of https://github.com/taoyds/test-suite-sql-eval): rows as a multiset, or as a list when the
 * gold orders; columns may stand in any order. Deliberately left out: its quick rejection, which sorts values by Python's text
 * form and can call 1 and 1.0 different, and its rewriting of "value" inside predictions, which damages names.
 */
import { type Row, valueKey } from './valueKey.js';

export function compareSpider(gold: readonly Row[], predicted: readonly Row[], ordered: boolean): boolean {
  if (gold.length === 0 && predicted.length === 0) return true;
  if (gold.length !== predicted.length) return false;
  const width = gold[0]?.length ?? 0;
  if (predicted[0]?.length !== width) return false;
  const left = columnsOf(gold, width);
  const right = columnsOf(predicted, width);
  return ordered ? sameSequences(left, right) : sameBags(left, right, gold.length);
}

/** The scorer's rule: the text `order by` anywhere in the gold makes the order count. */
export function spiderOrdered(gold: string): boolean {
  return gold.toLowerCase().includes('order by');
}

type ColumnKeys = readonly string[];

function columnsOf(rows: readonly Row[], width: number): ColumnKeys[] {
  return Array.from({ length: width }, (_, column) => rows.map((row) => valueKey(row[column] ?? null)));
}

/** With fixed row order a permutation exists exactly when the columns are the same multiset of sequences. */
function sameSequences(left: readonly ColumnKeys[], right: readonly ColumnKeys[]): boolean {
  return sameMultiset(
    left.map((column) => column.join('\u0001')),
    right.map((column) => column.join('\u0001')),
  );
}

function sameMultiset(left: readonly string[], right: readonly string[]): boolean {
  const sortedRight = [...right].sort();
  return [...left].sort().every((text, at) => text === sortedRight[at]);
}

/** Places the gold's columns one by one; a prefix whose rows already differ as a multiset cannot become equal. */
function sameBags(left: readonly ColumnKeys[], right: readonly ColumnKeys[], rows: number): boolean {
  const options = left.map((column) => right.flatMap((other, at) => (sameMultiset(column, other) ? [at] : [])));
  if (options.some((candidates) => candidates.length === 0)) return false;
  const identity = right.map((column) => column.join('\u0001'));
  const used = new Set<number>();
  const place = (depth: number, leftRows: readonly string[], rightRows: readonly string[]): boolean => {
    const column = left[depth];
    if (column === undefined) return true;
    const nextLeft = leftRows.map((text, at) => `${text}\u0001${column[at] ?? ''}`);
    const tried = new Set<string>();
    for (const at of options[depth] ?? []) {
      const same = identity[at] ?? '';
      // Identical columns are interchangeable: trying one of them is enough.
      if (used.has(at) || tried.has(same)) continue;
      tried.add(same);
      const nextRight = rightRows.map((text, row) => `${text}\u0001${right[at]?.[row] ?? ''}`);
      if (!sameMultiset(nextLeft, nextRight)) continue;
      used.add(at);
      if (place(depth + 1, nextLeft, nextRight)) return true;
      used.delete(at);
    }
    return false;
  };
  const empty = Array.from({ length: rows }, () => '');
  return place(0, empty, empty);
}
