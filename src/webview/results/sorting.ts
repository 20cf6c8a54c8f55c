/** How a click on a header changes the sort: ascending, descending, none; other columns stay only when they are to. Pure. */
import { type SortKey } from '../../core/sql/resultTypes.js';

export function nextSort(sort: readonly SortKey[], column: number, added: boolean): readonly SortKey[] {
  const present = sort.find((key) => key.column === column);
  const next = present === undefined ? { column, descending: false } : present.descending ? undefined : { column, descending: true };
  if (!added) return next ? [next] : [];
  if (!present) return next ? [...sort, next] : sort;
  return sort.flatMap((key) => (key !== present ? [key] : next ? [next] : []));
}
