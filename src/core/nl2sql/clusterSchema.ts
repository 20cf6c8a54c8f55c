/**
 * Cuts a big schema into clusters of related tables that fit a budget, so that the fixed part of the prompt stays small and the
 * same from question to question. Deterministic: the same schema gives the same clusters, whatever was asked before.
 */
import { type Relation } from '../graph/types.js';
import { type DatabaseSchema } from '../schema/types.js';

/**
 * @param cost tokens (or any unit) of one table's text.
 * @param budget sum of costs that a cluster may reach; a table above it stands alone.
 * @returns clusters in the order of their first table; every table is in exactly one.
 */
export function clusterSchema(
  schema: DatabaseSchema,
  relations: readonly Relation[],
  cost: (table: string) => number,
  budget: number,
): string[][] {
  const order = new Map(schema.tables.map((table, at) => [table.name, at]));
  const neighbours = new Map<string, Set<string>>(schema.tables.map((table) => [table.name, new Set()]));
  for (const relation of relations) {
    neighbours.get(relation.child)?.add(relation.parent);
    neighbours.get(relation.parent)?.add(relation.child);
  }
  const total = schema.tables.reduce((sum, table) => sum + cost(table.name), 0);
  if (total <= budget) return schema.tables.length === 0 ? [] : [schema.tables.map((table) => table.name)];
  const free = new Set(schema.tables.map((table) => table.name));
  const clusters: string[][] = [];
  while (free.size > 0) clusters.push(growCluster(free, neighbours, order, cost, budget));
  return mergeSmall(clusters, cost, budget).map((cluster) => cluster.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)));
}

/** Grows from the best connected free table, always adding the table with the most ties to what is inside. */
function growCluster(
  free: Set<string>,
  neighbours: ReadonlyMap<string, ReadonlySet<string>>,
  order: ReadonlyMap<string, number>,
  cost: (table: string) => number,
  budget: number,
): string[] {
  const ties = (table: string, others: (name: string) => boolean): number => [...(neighbours.get(table) ?? [])].filter(others).length;
  const best = (tables: readonly string[], score: (table: string) => number): string | undefined =>
    [...tables].sort((a, b) => score(b) - score(a) || (order.get(a) ?? 0) - (order.get(b) ?? 0))[0];
  const seed = best([...free], (table) => ties(table, (name) => free.has(name)));
  if (seed === undefined) return [];
  const cluster = [seed];
  free.delete(seed);
  let used = cost(seed);
  for (;;) {
    const border = [...new Set(cluster.flatMap((table) => [...(neighbours.get(table) ?? [])]))].filter(
      (table) => free.has(table) && used + cost(table) <= budget,
    );
    const next = best(border, (table) => ties(table, (name) => cluster.includes(name)));
    if (next === undefined) return cluster;
    cluster.push(next);
    free.delete(next);
    used += cost(next);
  }
}

/** Puts lonely tables together: first fit in order keeps the result stable. */
function mergeSmall(clusters: readonly string[][], cost: (table: string) => number, budget: number): string[][] {
  const merged: { tables: string[]; used: number }[] = [];
  for (const cluster of clusters) {
    const need = cluster.reduce((sum, table) => sum + cost(table), 0);
    const home = merged.find((candidate) => candidate.used + need <= budget);
    if (home) {
      home.tables.push(...cluster);
      home.used += need;
    } else merged.push({ tables: [...cluster], used: need });
  }
  return merged.map((entry) => entry.tables);
}
