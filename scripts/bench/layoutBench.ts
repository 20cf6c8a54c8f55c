/** What laying out a schema graph costs, small and large, and how it grows when the number of tables doubles. Keys as in the graph bench. */
import { layoutSchema } from '../../src/layout/layoutSchema.js';
import { type LayoutRequest } from '../../src/protocol/layoutThread.js';
import { median } from './averages.js';

export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the value must not exceed. */
  readonly bar?: number;
}

const rounds = 5;

export function runLayoutBench(): Promise<BenchRow[]> {
  const counts = [10, 75, 150, 300, 600];
  for (let round = 0; round < 3; round++) layoutSchema(schema(30));
  const times = counts.map((count) => median(Array.from({ length: rounds }, () => time(() => layoutSchema(schema(count))))));
  const rows = counts.map((count, at): BenchRow => {
    const name = `layout: ${count} tables, ${keys(count)} keys`;
    return { name, value: times[at] ?? 0, unit: 'ms', ...(count === 300 ? { bar: 2000 } : {}) };
  });
  const growth = (times.at(-1) ?? 0) / (times.at(-2) ?? 1);
  return Promise.resolve([...rows, { name: 'layout: growth from 300 to 600 tables', value: growth, unit: 'times' }]);
}

function keys(tables: number): number {
  return Math.round(tables * 2.5);
}

/** A tenth of the keys go to ten hubs; boxes are as tall as tables of 4 to 16 columns. */
function schema(tables: number): Omit<LayoutRequest, 'id'> {
  const random = generator(1);
  const edges = Array.from({ length: keys(tables) }, (_, at): [number, number] => {
    const child = at < tables - 1 ? at + 1 : 1 + Math.floor(random() * (tables - 1));
    return [child, Math.floor(random() * (random() < 0.1 ? Math.min(10, child) : child))];
  });
  const sizes = Array.from({ length: tables }, (): [number, number] => [
    160 + Math.floor(random() * 120),
    118 + 20 * Math.floor(random() * 13),
  ]);
  return { sizes, groups: sizes.map(() => 0), edges };
}

/** Numbers in [0, 1), the same in every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >>> 8) / 0x800000;
  };
}

function time(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
