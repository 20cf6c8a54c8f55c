/**
 * The cheapest tree that connects some tables. Exact by Dreyfus and Wagner (Networks 1, 1971) in the formulation of Erickson,
 * Monma and Veinott: time 3^k n + 2^k (m log n), meant for up to five terminals. A part of a tree is not followed where even the
 * shortest way on to the farthest open terminal would cost too much. Alternatives are the caller's matter.
 */
import { type JoinGraph, otherEnd } from './joinGraph.js';
import { type GrowBounds, growDistances } from './shortestPaths.js';

export interface SteinerBounds {
  /** No tree that costs more is looked for; a tree of about this cost should exist. */
  readonly limit: number;
  /** For each terminal, costs from it to every table: at most those along allowed edges. */
  readonly reach: readonly Float64Array[];
}

/** Numbers of the edges of a cheapest tree, undefined when none keeps the limit. `terminals` are distinct. */
export function steinerTree(
  graph: JoinGraph,
  terminals: readonly number[],
  banned: ReadonlySet<number>,
  bounds: SteinerBounds,
): readonly number[] | undefined {
  const root = terminals.at(-1);
  if (root === undefined || terminals.length < 2) return [];
  const others = terminals.slice(0, -1);
  const full = (1 << others.length) - 1;
  const costs: Float64Array[] = [];
  const edges: Int32Array[] = [];
  /** Subset in which the tree at a table was split; 0 when it was grown along an edge or is a start. */
  const splits: Int32Array[] = [];
  for (let subset = 1; subset <= full; subset++) {
    const start = new Float64Array(graph.tables.length).fill(Infinity);
    const split = new Int32Array(graph.tables.length);
    const grow = { limit: bounds.limit, ahead: farthestOpen(graph, subset, bounds.reach) };
    if ((subset & (subset - 1)) === 0) start[others[31 - Math.clz32(subset)] ?? 0] = 0;
    else mergeSubsets(subset, costs, start, split, grow);
    const grown = growDistances(graph, start, banned, grow);
    costs[subset] = grown.cost;
    edges[subset] = grown.edge;
    splits[subset] = split;
  }
  const cost = costs[full]?.[root] ?? Infinity;
  if (cost === Infinity || cost > bounds.limit) return undefined;
  return collectEdges(graph, full, root, edges, splits);
}

/** Per table the cost to the farthest terminal that is not in the subset; the last terminal, the root, never is. */
function farthestOpen(graph: JoinGraph, subset: number, reach: readonly Float64Array[]): Float64Array {
  const ahead = new Float64Array(graph.tables.length);
  reach.forEach((costs, terminal) => {
    if ((subset & (1 << terminal)) !== 0 && terminal < reach.length - 1) return;
    for (let table = 0; table < ahead.length; table++) ahead[table] = Math.max(ahead[table] ?? 0, costs[table] ?? Infinity);
  });
  return ahead;
}

function mergeSubsets(subset: number, costs: readonly Float64Array[], start: Float64Array, split: Int32Array, bounds: GrowBounds): void {
  // Each pair of halves is looked at once: the half that holds the lowest terminal.
  const lowest = subset & -subset;
  for (let half = (subset - 1) & subset; half > 0; half = (half - 1) & subset) {
    if ((half & lowest) === 0) continue;
    const [left, right] = [costs[half], costs[subset ^ half]];
    if (!left || !right) continue;
    for (let table = 0; table < start.length; table++) {
      const cost = (left[table] ?? Infinity) + (right[table] ?? Infinity);
      if (cost >= (start[table] ?? Infinity) - 1e-9 || cost + (bounds.ahead[table] ?? 0) > bounds.limit) continue;
      start[table] = cost;
      split[table] = half;
    }
  }
}

function collectEdges(graph: JoinGraph, full: number, root: number, edges: readonly Int32Array[], splits: readonly Int32Array[]): number[] {
  const found = new Set<number>();
  const open: [subset: number, table: number][] = [[full, root]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [subset, table] = next;
    const index = edges[subset]?.[table] ?? -1;
    const link = graph.edges[index];
    const half = splits[subset]?.[table] ?? 0;
    if (link) {
      found.add(index);
      open.push([subset, otherEnd(link, table)]);
    } else if (half > 0) open.push([half, table], [subset ^ half, table]);
  }
  return [...found];
}
