/**
 * Minimal join trees over tables, with alternatives: other trees of about the same cost, and the same tree along a parallel
 * relation. It decides by structure alone; which alternative a question means is decided by its words, elsewhere.
 */
import { approximateTree } from './approximateTree.js';
import { buildJoinGraph, type JoinGraph, relationWeight } from './joinGraph.js';
import { compareJoinTrees, joinTreeId, orderJoinTree } from './joinTree.js';
import { distancesFrom } from './shortestPaths.js';
import { steinerTree } from './steinerTree.js';
import { foldName } from './tableKeys.js';
import { type JoinTree, type Relation } from './types.js';

export interface JoinTreeOptions {
  /** How many trees beside the cheapest may come back; default 4. */
  readonly alternatives?: number;
  /** Trees in which two tables are more joins apart than this are left out; default no limit. */
  readonly maxDepth?: number;
}

/** Above this many terminals the search is no longer exact. */
const exactTerminals = 5;
/** An alternative may cost this much more than the cheapest tree: a detour of one table. */
const nearCost = 1;
/** Sums of weights differ by this much from rounding alone. */
const rounding = 1e-6;

/**
 * Cheapest first. Empty when a table is unknown to the relations or cannot be connected; one tree without steps for a single
 * table. Equal tables count once, whatever their case.
 */
export function findJoinTrees(
  source: JoinGraph | readonly Relation[],
  terminals: readonly string[],
  options: JoinTreeOptions = {},
): readonly JoinTree[] {
  const wanted = [...new Map(terminals.map((table) => [foldName(table), table])).values()];
  const graph = isJoinGraph(source) ? source : buildJoinGraph(source);
  const numbers = wanted.map((table) => graph.find(table));
  const [first] = numbers;
  if (wanted.length === 0) return [];
  if (wanted.length === 1) return [{ tables: [first === undefined ? (wanted[0] ?? '') : (graph.tables[first] ?? '')], steps: [], cost: 0 }];
  const known = numbers.flatMap((number) => number ?? []);
  if (known.length < numbers.length || first === undefined) return [];
  const root = graph.tables[first] ?? '';
  const edgeSets = nearTrees(graph, known, options.alternatives ?? 4);
  const trees = edgeSets.flatMap((edges) => parallelChoices(graph, edges)).map((relations) => orderJoinTree(root, relations));
  const distinct = [...new Map(trees.map((tree) => [joinTreeId(tree), tree])).values()].sort(compareJoinTrees);
  const best = distinct[0]?.cost ?? 0;
  return distinct
    .filter((tree) => tree.cost <= best + nearCost + rounding && longestPath(tree) <= (options.maxDepth ?? Infinity))
    .slice(0, 1 + (options.alternatives ?? 4));
}

function isJoinGraph(source: JoinGraph | readonly Relation[]): source is JoinGraph {
  return 'incident' in source;
}

/** The cheapest tree and the cheapest ones that do without one of its edges. */
function nearTrees(graph: JoinGraph, terminals: readonly number[], alternatives: number): (readonly number[])[] {
  const near = approximateTree(graph, terminals, new Set());
  if (!near) return [];
  const exact = terminals.length <= exactTerminals;
  const reach = exact ? terminals.map((table) => distancesFrom(graph, table)) : [];
  const search = (banned: ReadonlySet<number>, limit: number): readonly number[] | undefined =>
    exact ? steinerTree(graph, terminals, banned, { limit, reach }) : approximateTree(graph, terminals, banned);
  const best = exact ? (search(new Set(), weightOf(graph, near) + rounding) ?? near) : near;
  if (alternatives === 0) return [best];
  const limit = weightOf(graph, best) + nearCost + rounding;
  const others = best.flatMap((edge) => {
    const tree = search(new Set([edge]), limit);
    return tree && weightOf(graph, tree) <= limit ? [tree] : [];
  });
  return [best, ...others];
}

function weightOf(graph: JoinGraph, edges: readonly number[]): number {
  return edges.reduce((sum, index) => sum + (graph.edges[index]?.weight ?? Infinity), 0);
}

/** The tree along the cheapest relations, and once more per parallel relation that could stand in. */
function parallelChoices(graph: JoinGraph, edges: readonly number[]): (readonly Relation[])[] {
  const groups = [...edges].sort((a, b) => a - b).map((index) => graph.edges[index]?.relations ?? []);
  const cheapest = groups.flatMap((group) => group[0] ?? []);
  const swapped = groups.flatMap((group, at) =>
    group
      .slice(1)
      .filter((relation) => relationWeight(relation) <= (group[0] ? relationWeight(group[0]) : 0) + nearCost)
      .map((relation) => cheapest.map((other, index) => (index === at ? relation : other))),
  );
  return [cheapest, ...swapped];
}

/** Joins on the longest path inside the tree. */
function longestPath(tree: JoinTree): number {
  const depth = new Map<string, number>();
  let longest = 0;
  for (const step of [...tree.steps].reverse()) {
    const below = (depth.get(step.to) ?? 0) + 1;
    const other = depth.get(step.from) ?? 0;
    longest = Math.max(longest, below + other);
    depth.set(step.from, Math.max(other, below));
  }
  return longest;
}
