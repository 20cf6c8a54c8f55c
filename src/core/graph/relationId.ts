/** The id under which a relation is confirmed or rejected: readable, stable across runs, independent of its origin. */

export function relationId(child: string, childColumns: readonly string[], parent: string, parentColumns: readonly string[]): string {
  return `${child}(${childColumns.join(',')})->${parent}(${parentColumns.join(',')})`;
}
