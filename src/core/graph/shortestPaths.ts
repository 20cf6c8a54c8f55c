/** Dijkstra on a join graph with starting costs per table: the growing step of the Steiner search. Ties go to the lower number. */
import { type JoinGraph, otherEnd } from './joinGraph.js';

export interface Distances {
  /** Cost per table, Infinity when it cannot be reached. */
  readonly cost: Float64Array;
  /** Edge by which the table was reached, -1 for a start. */
  readonly edge: Int32Array;
}

/** Costs above `limit` are not followed; `ahead` is added first: what at least is still to come from each table. */
export interface GrowBounds {
  readonly limit: number;
  readonly ahead: Float64Array;
}

/** `start` holds the starting cost per table and is changed into the result. Edges in `banned` are not walked. */
export function growDistances(graph: JoinGraph, start: Float64Array, banned: ReadonlySet<number>, bounds?: GrowBounds): Distances {
  const edge = new Int32Array(graph.tables.length).fill(-1);
  const heap = new TableHeap(start);
  for (let table = 0; table < start.length; table++) if ((start[table] ?? Infinity) < Infinity) heap.push(table);
  for (let table = heap.pop(); table !== undefined; table = heap.pop()) {
    const base = start[table] ?? Infinity;
    for (const index of graph.incident[table] ?? []) {
      const link = graph.edges[index];
      if (!link || banned.has(index)) continue;
      const next = otherEnd(link, table);
      const cost = base + link.weight;
      if (cost >= (start[next] ?? Infinity) - 1e-9) continue;
      if (bounds && cost + (bounds.ahead[next] ?? 0) > bounds.limit) continue;
      start[next] = cost;
      edge[next] = index;
      heap.push(next);
    }
  }
  return { cost: start, edge };
}

/** Costs from one table to every other one. */
export function distancesFrom(graph: JoinGraph, table: number): Float64Array {
  const start = new Float64Array(graph.tables.length).fill(Infinity);
  start[table] = 0;
  return growDistances(graph, start, new Set()).cost;
}

/** A binary heap of tables by cost; a table may be in it twice, its later visits find nothing to improve. */
class TableHeap {
  readonly #items: number[] = [];
  readonly #keys: number[] = [];

  constructor(private readonly cost: Float64Array) {}

  push(table: number): void {
    const key = this.cost[table] ?? Infinity;
    let at = this.#items.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(key, table, parent)) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#items[at] = table;
    this.#keys[at] = key;
  }

  pop(): number | undefined {
    const top = this.#items[0];
    const table = this.#items.pop();
    const key = this.#keys.pop();
    if (top === undefined || table === undefined || key === undefined || this.#items.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#items.length) break;
      const right = child + 1;
      if (right < this.#items.length && this.#before(this.#keys[right] ?? 0, this.#items[right] ?? 0, child)) child = right;
      if (this.#before(key, table, child)) break;
      this.#move(child, at);
      at = child;
    }
    this.#items[at] = table;
    this.#keys[at] = key;
    return top;
  }

  #before(key: number, table: number, other: number): boolean {
    const otherKey = this.#keys[other] ?? Infinity;
    return key < otherKey || (key === otherKey && table < (this.#items[other] ?? 0));
  }

  #move(from: number, to: number): void {
    this.#items[to] = this.#items[from] ?? 0;
    this.#keys[to] = this.#keys[from] ?? 0;
  }
}
