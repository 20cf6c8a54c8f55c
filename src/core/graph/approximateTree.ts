/**
 * A tree over many tables that costs at most twice the cheapest one: the nearest terminal is joined by its shortest path, again and
 * again (Takahashi and Matsuyama 1980); for terminal counts at which the exact search would be slow.
 */
import { type JoinGraph, otherEnd } from './joinGraph.js';
import { growDistances } from './shortestPaths.js';

/** Numbers of the edges of a tree, undefined when the terminals cannot be connected. `terminals` are distinct. */
export function approximateTree(
  graph: JoinGraph,
  terminals: readonly number[],
  banned: ReadonlySet<number>,
): readonly number[] | undefined {
  const start = new Float64Array(graph.tables.length).fill(Infinity);
  const [root, ...rest] = terminals;
  if (root === undefined) return [];
  const found = new Set<number>();
  const open = new Set(rest);
  start[root] = 0;
  // Growing from the whole tree instead of its terminals alone reuses bridges and keeps the bound.
  while (open.size > 0) {
    const { cost, edge } = growDistances(graph, start, banned);
    const nearest = [...open].reduce((best, table) => ((cost[table] ?? Infinity) < (cost[best] ?? Infinity) ? table : best));
    if ((cost[nearest] ?? Infinity) === Infinity) return undefined;
    const joined = new Set<number>([nearest]);
    for (let table = nearest, index = edge[table] ?? -1; index >= 0; index = edge[table] ?? -1) {
      const link = graph.edges[index];
      if (!link) break;
      found.add(index);
      table = otherEnd(link, table);
      joined.add(table);
    }
    open.delete(nearest);
    markJoined(graph, start, found, joined);
  }
  return [...found];
}

/** Distances start again from everything that the tree holds now. */
function markJoined(graph: JoinGraph, start: Float64Array, edges: ReadonlySet<number>, joined: ReadonlySet<number>): void {
  start.fill(Infinity);
  for (const table of joined) start[table] = 0;
  for (const index of edges) {
    const link = graph.edges[index];
    if (!link) continue;
    start[link.a] = 0;
    start[link.b] = 0;
  }
}
