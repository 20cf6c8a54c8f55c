/**
 * Joins that leave tables out, as `a.product_id = b.product_id` does where both refer to a product: the relations from both columns up to the
 * key that they share. Joining along these gives the same rows wherever the keys hold, for each step finds at most one row. Only
 * relations that are declared or confirmed count.
 */
import { type Relation } from '../graph/types.js';
import { type ColumnRef } from './types.js';

/** Fewest relations first; undefined when the columns share no key, or one key is the other. */
export function impliedRelations(left: ColumnRef, right: ColumnRef, relations: readonly Relation[]): readonly Relation[] | undefined {
  const trusted = relations.filter((relation) => relation.origin !== 'inferred' && relation.child !== relation.parent);
  const [above, beside] = [pathsUp(left, trusted), pathsUp(right, trusted)];
  const ways = [...above].flatMap(([key, path]) => {
    const other = beside.get(key);
    return other && path.length + other.length > 1 ? [[...path, ...other]] : [];
  });
  return ways.sort((a, b) => a.length - b.length)[0];
}

/** Every column that a column refers to, itself included, with the relations on the way. */
function pathsUp(start: ColumnRef, relations: readonly Relation[]): ReadonlyMap<string, readonly Relation[]> {
  const paths = new Map<string, readonly Relation[]>([[keyOf(start), []]]);
  const open: ColumnRef[] = [start];
  for (let here = open.shift(); here; here = open.shift()) {
    const path = paths.get(keyOf(here)) ?? [];
    for (const relation of relations) {
      const at = relation.childColumns.findIndex((column) => keyOf({ table: relation.child, column }) === keyOf(here));
      const column = relation.parentColumns[at];
      if (at < 0 || column === undefined) continue;
      const parent = { table: relation.parent, column };
      if (paths.has(keyOf(parent))) continue;
      paths.set(keyOf(parent), [...path, relation]);
      open.push(parent);
    }
  }
  return paths;
}

function keyOf({ table, column }: ColumnRef): string {
  return `${table}\u0000${column}`.toLowerCase();
}
