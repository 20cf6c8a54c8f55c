/**
 * The join paths of one table that are worth showing: to the tables one works with, else to the most central ones. Looks at relations
 * alone; which tables one works with is decided by the caller.
 */
import { findJoinPaths } from './findJoinPaths.js';
import { type JoinGraph, otherEnd } from './joinGraph.js';
import { compareJoinTrees } from './joinTree.js';
import { foldName } from './tableKeys.js';
import { type JoinTree } from './types.js';

export interface RankedPaths {
  readonly kind: 'working' | 'central';
  /** Per target its best paths; nearer targets first, for working tables in their order. */
  readonly trees: readonly JoinTree[];
  /** Working tables that cannot be reached. */
  readonly unreachable: readonly string[];
}

export interface RankOptions {
  /** Tables of the open file, the most important first; unknown ones and the table itself are ignored. */
  readonly working: readonly string[];
  /** Targets at most; default 4. */
  readonly targets?: number;
  /** Paths per target at most; default 2. */
  readonly perTarget?: number;
}

/** Joins on a path at most; longer ones are no suggestions. */
const deepest = 5;
/** Paths that are looked at per target. */
const looked = 24;
/** A second way to the same target may cost this much more than the first. */
const nearCost = 2;

export function rankJoinPaths(graph: JoinGraph, table: string, options: RankOptions): RankedPaths {
  const { targets = 4, perTarget = 2 } = options;
  const own = foldName(table);
  const working = [...new Map(options.working.map((name) => [foldName(name), name])).entries()]
    .filter(([folded]) => folded !== own)
    .slice(0, targets)
    .map(([, name]) => name);
  const found = working.map((name) => ({ name, trees: pathsTo(graph, table, name, perTarget) }));
  const unreachable = found.filter(({ trees }) => trees.length === 0).map(({ name }) => name);
  if (found.length > unreachable.length) return { kind: 'working', trees: withNews(found.map(({ trees }) => trees)), unreachable };
  const central = centralTables(graph, table, targets).map((name) => pathsTo(graph, table, name, perTarget));
  const nearest = central.sort(([a], [b]) => (a && b ? compareJoinTrees(a, b) : 0));
  return { kind: 'central', trees: withNews(nearest), unreachable };
}

/** The best path of every target; others only when they walk a relation that no path before them has shown. */
function withNews(targets: readonly (readonly JoinTree[])[]): readonly JoinTree[] {
  const shown = new Set<string>();
  return targets.flatMap((trees) =>
    trees.filter((tree, at) => {
      const fresh = tree.steps.filter(({ relation }) => !shown.has(relation.id));
      for (const { relation } of fresh) shown.add(relation.id);
      return at === 0 || fresh.length > 0;
    }),
  );
}

function pathsTo(graph: JoinGraph, from: string, to: string, most: number): readonly JoinTree[] {
  const paths = findJoinPaths(graph, from, to, { maxDepth: deepest, limit: looked });
  const best = paths[0]?.cost ?? 0;
  return paths.filter((tree) => tree.cost <= best + nearCost).slice(0, most);
}

/** Tables within reach by how many others they join, most first; equal ones by distance, then by name. */
export function centralTables(graph: JoinGraph, table: string, most: number): readonly string[] {
  const start = graph.find(table);
  if (start === undefined) return [];
  const hops = new Uint8Array(graph.tables.length);
  const reached: number[] = [];
  let level = [start];
  for (let depth = 1; depth <= deepest && level.length > 0; depth++) {
    const next: number[] = [];
    for (const near of level) {
      for (const index of graph.incident[near] ?? []) {
        const edge = graph.edges[index];
        const other: number = edge ? otherEnd(edge, near) : start;
        if (other === start || hops[other] !== 0) continue;
        hops[other] = depth;
        next.push(other);
      }
    }
    reached.push(...next);
    level = next;
  }
  const degree = (at: number): number => graph.incident[at]?.length ?? 0;
  const name = (at: number): string => graph.tables[at] ?? '';
  const rank = (a: number, b: number): number =>
    degree(b) - degree(a) || (hops[a] ?? 0) - (hops[b] ?? 0) || (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : 0);
  return reached.sort(rank).slice(0, most).map(name);
}
