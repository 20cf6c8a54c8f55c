/** Names that were probably meant: a slip or two away, or one within the other. */
import { foldName } from '../graph/tableKeys.js';

/** Names offered at most. */
const offered = 3;

/** Closest first; `limit` edits at most, fewer for short names. */
export function nearestNames(written: string, candidates: Iterable<string>): readonly string[] {
  const wanted = foldName(written);
  const limit = wanted.length < 3 ? 1 : wanted.length < 8 ? 2 : 3;
  const found = [...new Set(candidates)].flatMap((name) => {
    const folded = foldName(name);
    if (folded === wanted) return [];
    const distance = editDistance(wanted, folded, limit);
    if (distance <= limit) return [{ name, distance }];
    const isPart = wanted.length >= 3 && (folded.includes(wanted) || (folded.length >= 3 && wanted.includes(folded)));
    return isPart ? [{ name, distance: limit + 1 + Math.abs(folded.length - wanted.length) / 100 }] : [];
  });
  return found.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1)).slice(0, offered).map(({ name }) => name); // prettier-ignore
}

/** Insertions, deletions, replacements and swaps of neighbours; anything above `limit` for texts further apart. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? 0) + 1 : Infinity;
      row.push(Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, replaced, swapped));
    }
    [before, last] = [last, row];
  }
  return last[b.length] ?? limit + 1;
}
