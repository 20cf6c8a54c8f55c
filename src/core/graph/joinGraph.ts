/**
 * Tables and relations as numbered adjacency lists: what the tree and path searches walk on. Parallel relations between two
 * tables are one edge here, cheapest first; self-references are no edges, because a tree holds every table once.
 */
import { foldName } from './tableKeys.js';
import { type Relation } from './types.js';

export interface JoinEdge {
  readonly a: number;
  readonly b: number;
  /** Weight of the cheapest relation. */
  readonly weight: number;
  /** All relations between the two tables, cheapest first. */
  readonly relations: readonly Relation[];
}

export interface JoinGraph {
  readonly tables: readonly string[];
  readonly edges: readonly JoinEdge[];
  /** Numbers of the edges at each table. */
  readonly incident: readonly (readonly number[])[];
  /** Number of a table by any spelling; undefined when no relation touches it. */
  find(table: string): number | undefined;
}

/** 1 for declared and confirmed relations, 1/confidence² for inferred ones. */
export function relationWeight(relation: Relation): number {
  return relation.origin === 'inferred' ? 1 / (relation.confidence * relation.confidence) : 1;
}

export function buildJoinGraph(relations: readonly Relation[]): JoinGraph {
  const numbers = new Map<string, number>();
  const tables: string[] = [];
  const number = (table: string): number => {
    const known = numbers.get(foldName(table));
    if (known !== undefined) return known;
    numbers.set(foldName(table), tables.length);
    return tables.push(table) - 1;
  };
  const groups = new Map<string, { a: number; b: number; relations: Relation[] }>();
  for (const relation of relations) {
    const [child, parent] = [number(relation.child), number(relation.parent)];
    if (child === parent) continue;
    const [a, b] = child < parent ? [child, parent] : [parent, child];
    const group = groups.get(`${a}-${b}`);
    if (group) group.relations.push(relation);
    else groups.set(`${a}-${b}`, { a, b, relations: [relation] });
  }
  const edges = [...groups.values()].map((group): JoinEdge => {
    const sorted = [...group.relations].sort((x, y) => relationWeight(x) - relationWeight(y));
    return { a: group.a, b: group.b, relations: sorted, weight: sorted[0] ? relationWeight(sorted[0]) : Infinity };
  });
  const incident: number[][] = tables.map(() => []);
  edges.forEach((edge, index) => {
    incident[edge.a]?.push(index);
    incident[edge.b]?.push(index);
  });
  return { tables, edges, incident, find: (table) => numbers.get(foldName(table)) };
}

export function otherEnd(edge: JoinEdge, end: number): number {
  return edge.a === end ? edge.b : edge.a;
}

/** Tables one join away, in the order of the relations; a table that refers to itself is not its own neighbour. */
export function neighbours(graph: JoinGraph, table: string): readonly string[] {
  const at = graph.find(table);
  if (at === undefined) return [];
  return (graph.incident[at] ?? []).flatMap((index) => {
    const edge = graph.edges[index];
    return edge ? (graph.tables[otherEnd(edge, at)] ?? []) : [];
  });
}
