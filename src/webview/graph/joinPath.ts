/** Join paths between two tables of the scene, as numbers of its tables and relations. */
import { findJoinPaths } from '../../core/graph/findJoinPaths.js';
import { type Scene, type SceneEdge } from './scene.js';

export interface ScenePath {
  /** In joining order. */
  readonly nodes: readonly number[];
  readonly edges: readonly number[];
}

/** Paths that one may step through. */
const most = 20;

/** Cheapest first, along the relations that `follow` allows; empty between databases and when there is none. */
export function pathsBetween(scene: Scene, from: number, to: number, follow: (edge: SceneEdge) => boolean): readonly ScenePath[] {
  const database = scene.nodes[from]?.database;
  if (database === undefined || database !== scene.nodes[to]?.database) return [];
  const edges = scene.edges.filter((edge) => scene.nodes[edge.child]?.database === database && follow(edge));
  const byId = new Map(edges.map((edge) => [edge.relation.id, edge.index]));
  const path = scene.databases[database]?.path ?? '';
  const [start, goal] = [scene.nameOf(from).table, scene.nameOf(to).table];
  const relations = edges.map(({ relation }) => relation);
  return findJoinPaths(relations, start, goal, { limit: most }).map(({ tables, steps }) => ({
    nodes: tables.flatMap((table) => scene.find({ database: path, table }) ?? []),
    edges: steps.flatMap(({ relation }) => byId.get(relation.id) ?? []),
  }));
}
