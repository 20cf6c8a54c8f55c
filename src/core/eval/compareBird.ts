/** BIRD's execution match: the sets of rows are equal. Order and duplicates never count, the position of columns always does. */
import { type Row, rowKey } from './valueKey.js';

export function compareBird(gold: readonly Row[], predicted: readonly Row[]): boolean {
  const left = new Set(gold.map(rowKey));
  const right = new Set(predicted.map(rowKey));
  return left.size === right.size && [...left].every((key) => right.has(key));
}
