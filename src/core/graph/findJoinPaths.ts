/**
 * Every simple path of joins between two tables up to a depth, ranked. A depth-first search that never takes a step from
 * which the goal is out of reach, so its time follows the number of paths and not the size of the schema.
 */
import { buildJoinGraph, type JoinGraph, otherEnd, relationWeight } from './joinGraph.js';
import { compareJoinTrees, orderJoinTree } from './joinTree.js';
import { type JoinTree, type Relation } from './types.js';

export interface JoinPathOptions {
  /** Joins on a path at most, 1..8; default 5. */
  readonly maxDepth?: number;
  /** Paths at most; shorter ones are found first. Default 1,000. */
  readonly limit?: number;
}

/** Cheapest first; parallel relations give a path each. Empty when a table is unknown, equal to the other, or out of reach. */
export function findJoinPaths(
  source: JoinGraph | readonly Relation[],
  from: string,
  to: string,
  options: JoinPathOptions = {},
): readonly JoinTree[] {
  const graph = 'incident' in source ? source : buildJoinGraph(source);
  const [start, goal] = [graph.find(from), graph.find(to)];
  const maxDepth = Math.min(8, Math.max(1, options.maxDepth ?? 5));
  if (start === undefined || goal === undefined || start === goal) return [];
  const limit = options.limit ?? 1000;
  const distance = hopsTo(graph, goal, maxDepth);
  const found: (readonly number[])[] = [];
  // Exact depths one after the other: the limit then cuts off the longest paths, not an arbitrary part.
  for (let depth = 1; depth <= maxDepth && found.length < limit; depth++) collectPaths(graph, start, goal, depth, distance, found, limit);
  const root = graph.tables[start] ?? from;
  return found
    .flatMap((path) => spreadParallels(graph, path))
    .map((relations) => orderJoinTree(root, relations))
    .sort(compareJoinTrees)
    .slice(0, limit);
}

/** Joins from every table to the goal, breadth first; tables beyond the depth keep Infinity. */
function hopsTo(graph: JoinGraph, goal: number, maxDepth: number): Float64Array {
  const hops = new Float64Array(graph.tables.length).fill(Infinity);
  hops[goal] = 0;
  let level = [goal];
  for (let depth = 1; depth <= maxDepth && level.length > 0; depth++) {
    const next: number[] = [];
    for (const table of level) {
      for (const index of graph.incident[table] ?? []) {
        const edge = graph.edges[index];
        if (!edge) continue;
        const other = otherEnd(edge, table);
        if ((hops[other] ?? 0) < Infinity) continue;
        hops[other] = depth;
        next.push(other);
      }
    }
    level = next;
  }
  return hops;
}

function collectPaths(
  graph: JoinGraph,
  start: number,
  goal: number,
  depth: number,
  hops: Float64Array,
  found: (readonly number[])[],
  limit: number,
): void {
  const visited = new Uint8Array(graph.tables.length);
  const path: number[] = [];
  const walk = (table: number, left: number): void => {
    if (found.length >= limit) return;
    if (table === goal) {
      if (left === 0) found.push([...path]);
      return;
    }
    visited[table] = 1;
    for (const index of graph.incident[table] ?? []) {
      const edge = graph.edges[index];
      if (!edge) continue;
      const next = otherEnd(edge, table);
      if (visited[next] === 1 || (hops[next] ?? Infinity) > left - 1) continue;
      path.push(index);
      walk(next, left - 1);
      path.pop();
    }
    visited[table] = 0;
  };
  walk(start, depth);
}

/** At most this many ways along parallel relations per path: the cheapest ones. */
const parallelLimit = 16;

function spreadParallels(graph: JoinGraph, path: readonly number[]): readonly (readonly Relation[])[] {
  let ways: (readonly Relation[])[] = [[]];
  for (const index of path) {
    const relations = [...(graph.edges[index]?.relations ?? [])].sort((a, b) => relationWeight(a) - relationWeight(b));
    ways = ways.flatMap((way) => relations.map((relation) => [...way, relation])).slice(0, parallelLimit);
  }
  return ways;
}
