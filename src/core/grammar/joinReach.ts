/**
 * Which tables can still meet in one FROM: components and distances over the joins that a grammar offers. It knows
 * nothing of scopes or text.
 */
import { type Mark } from './marks.js';

export class JoinReach {
  /** By table: the tables that it can be joined onto, in the direction in which the grammar offers it. */
  private readonly onto = new Map<number, Set<number>>();
  private readonly first = new Set<number>();
  private readonly components = new Map<number, number>();
  private readonly distances = new Map<number, ReadonlyMap<number, number>>();

  constructor(marks: Iterable<Mark>) {
    const all = [...marks];
    const tables = new Set(
      all.flatMap((mark) => (mark.kind === 'from' || mark.kind === 'add' || mark.kind === 'join' ? [mark.table] : [])),
    );
    for (const table of tables) this.onto.set(table, new Set());
    for (const mark of all) {
      if (mark.kind === 'from') this.first.add(mark.table);
      if (mark.kind === 'join') this.onto.get(mark.table)?.add(mark.onto);
      if (mark.kind === 'add') for (const other of tables) this.onto.get(mark.table)?.add(other);
    }
    this.fillComponents();
  }

  /** Every table that a FROM offers. */
  get tables(): readonly number[] {
    return [...this.onto.keys()];
  }

  /** An id shared by all tables that joins connect; undefined for a table that no FROM offers. */
  component(table: number): number | undefined {
    return this.components.get(table);
  }

  /** True for tables that FROM can begin with; second copies of tables cannot. */
  isOriginal(table: number): boolean {
    return this.first.has(table);
  }

  /** True when the table can be joined onto one of `joined`. */
  isNext(table: number, joined: readonly number[]): boolean {
    const onto = this.onto.get(table);
    return onto !== undefined && joined.some((other) => onto.has(other));
  }

  /** Joins needed to get from any of `from` to any of `to`; Infinity when there is no way. */
  distance(from: readonly number[], to: readonly number[]): number {
    let best = Infinity;
    for (const target of to) {
      const map = this.distancesTo(target);
      for (const source of from) best = Math.min(best, map.get(source) ?? Infinity);
    }
    return best;
  }

  private fillComponents(): void {
    const neighbours = new Map<number, number[]>([...this.onto.keys()].map((table) => [table, []]));
    for (const [table, others] of this.onto) {
      for (const other of others) {
        neighbours.get(table)?.push(other);
        neighbours.get(other)?.push(table);
      }
    }
    let components = 0;
    for (const start of neighbours.keys()) {
      if (this.components.has(start)) continue;
      const queue = [start];
      for (const table of queue) {
        if (this.components.has(table)) continue;
        this.components.set(table, components);
        queue.push(...(neighbours.get(table) ?? []));
      }
      components += 1;
    }
  }

  private distancesTo(target: number): ReadonlyMap<number, number> {
    const known = this.distances.get(target);
    if (known !== undefined) return known;
    const result = new Map([[target, 0]]);
    for (const [table, steps] of result) {
      for (const next of this.onto.get(table) ?? []) if (!result.has(next)) result.set(next, steps + 1);
    }
    this.distances.set(target, result);
    return result;
  }
}
