import { describe, expect, test } from 'vitest';
import { graphInNumbers } from '../../../src/core/presentation/graphInNumbers.js';
import { clusterBoxes } from '../../../src/layout/clusterBoxes.js';
import { layoutSchema } from '../../../src/layout/layoutSchema.js';
import { packBoxes, tiedFirst } from '../../../src/layout/packBoxes.js';
import { graphRelation, graphTable, largeGraph, shopGraph } from '../../support/graphDatabases.js';
import { type GraphDatabase } from '../../../src/core/presentation/graphModel.js';

type Place = readonly [number, number];

const star = (leaves: number): GraphDatabase => ({
  path: '/star.db',
  label: 'star.db',
  tables: [graphTable('hub', ['id*']), ...Array.from({ length: leaves }, (_, at) => graphTable(`leaf_${at}`, ['id*', 'hub_id']))],
  relations: Array.from({ length: leaves }, (_, at) => graphRelation(`leaf_${at}`, 'hub_id', 'hub')),
});
const loose = (count: number): GraphDatabase => ({ path: '/loose.db', label: 'loose.db', tables: Array.from({ length: count }, (_, at) => graphTable(`t${at}`, ['a', 'b'])), relations: [] }); // prettier-ignore
const cycle: GraphDatabase = {
  path: '/cycle.db',
  label: 'cycle.db',
  tables: ['a', 'b', 'c'].map((name) => graphTable(name, ['id*', 'next_id'])),
  relations: [
    graphRelation('a', 'next_id', 'b'),
    graphRelation('b', 'next_id', 'c'),
    graphRelation('c', 'next_id', 'a'),
    graphRelation('a', 'id', 'a'),
  ],
};

function overlaps(sizes: readonly Place[], places: readonly Place[]): number {
  let count = 0;
  places.forEach(([x, y], a) => {
    const [width = 0, height = 0] = sizes[a] ?? [];
    for (let b = a + 1; b < places.length; b++) {
      const [[otherX = 0, otherY = 0] = [], [otherWidth = 0, otherHeight = 0] = []] = [places[b], sizes[b]];
      if (x < otherX + otherWidth && otherX < x + width && y < otherY + otherHeight && otherY < y + height) count++;
    }
  });
  return count;
}

describe('the layout of schemas', () => {
  test.each([
    ['a shop', [shopGraph]],
    ['one table', [loose(1)]],
    ['tables without relations', [loose(50)]],
    ['a table that 120 refer to', [star(120)]],
    ['a cycle and a self-reference', [cycle]],
    ['300 tables', [largeGraph(300)]],
    ['several databases', [shopGraph, largeGraph(60), loose(3)]],
  ])('%s: every box has a place, none lies on another', (_name, databases) => {
    for (const detail of ['columns', 'keys', 'names'] as const) {
      const graph = graphInNumbers(databases, detail);
      const places = layoutSchema(graph);
      expect(places).toHaveLength(graph.sizes.length);
      expect(places.flat().every((part) => Number.isFinite(part) && part >= 0)).toBe(true);
      expect(overlaps(graph.sizes, places)).toBe(0);
    }
  });

  test('nothing gives nothing', () => {
    expect(layoutSchema({ sizes: [], groups: [], edges: [] })).toEqual([]);
  });

  test('the same schema gives the same layout', () => {
    const graph = graphInNumbers([largeGraph(120)], 'keys');
    expect(layoutSchema(graph)).toEqual(layoutSchema(graph));
  });

  test('a referring table stands to the right of the one it refers to', () => {
    const graph = graphInNumbers([shopGraph], 'columns');
    const places = layoutSchema(graph);
    const wrong = graph.edges.filter(([from, to]) => from !== to && (places[from]?.[0] ?? 0) <= (places[to]?.[0] ?? 0));
    expect(wrong).toEqual([]);
  });

  test.each([
    ['a table that 120 refer to', star(120)],
    ['300 tables', largeGraph(300)],
    ['tables without relations', loose(200)],
  ])('%s: neither a tower nor a ribbon', (_name, database) => {
    const { sizes, ...rest } = graphInNumbers([database], 'keys');
    const places = layoutSchema({ sizes, ...rest });
    const width = Math.max(...places.map(([x], at) => x + (sizes[at]?.[0] ?? 0)));
    const height = Math.max(...places.map(([, y], at) => y + (sizes[at]?.[1] ?? 0)));
    expect(width / height).toBeGreaterThan(0.5);
    expect(width / height).toBeLessThan(4);
  });

  test('databases keep apart', () => {
    const graph = graphInNumbers([shopGraph, { ...shopGraph, path: '/b.db' }], 'columns');
    const places = layoutSchema(graph);
    const areas = [0, 1].map((group) => {
      const own = places.flatMap(([x, y], at) => (graph.groups[at] === group ? [[x, y, x + (graph.sizes[at]?.[0] ?? 0), y + (graph.sizes[at]?.[1] ?? 0)] as const] : [])); // prettier-ignore
      return [Math.min(...own.map(([x]) => x)), Math.min(...own.map(([, y]) => y)), Math.max(...own.map(([, , x]) => x)), Math.max(...own.map(([, , , y]) => y))] as const; // prettier-ignore
    });
    const [[l1 = 0, t1 = 0, r1 = 0, b1 = 0] = [], [l2 = 0, t2 = 0, r2 = 0, b2 = 0] = []] = areas;
    expect(r1 < l2 || r2 < l1 || b1 < t2 || b2 < t1).toBe(true);
  });
});

describe('clusters', () => {
  const chain = (count: number): [number, number][] => Array.from({ length: count - 1 }, (_, at) => [at + 1, at]);

  test.each([
    [10, 24, 1],
    [100, 24, 5],
  ])('a chain of %i in clusters of at most %i', (count, largest, least) => {
    const clusters = clusterBoxes(count, chain(count), largest);
    expect(clusters.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, at) => at));
    expect(Math.max(...clusters.map((cluster) => cluster.length))).toBeLessThanOrEqual(2 * largest);
    expect(clusters.length).toBeGreaterThanOrEqual(least === 1 ? 1 : 3);
  });

  test('what is tied closely stays together, though all refer to one hub', () => {
    const pairs: [number, number][] = Array.from({ length: 10 }, (_, at) => [2 * at + 2, 2 * at + 1]);
    const toHub: [number, number][] = Array.from({ length: 20 }, (_, at) => [at + 1, 0]);
    const clusters = clusterBoxes(21, [...toHub, ...pairs], 4);
    for (const [a, b] of pairs) expect(clusters.find((cluster) => cluster.includes(a))).toContain(b);
  });
});

describe('shelves', () => {
  test('the order decides what stands beside what', () => {
    const boxes = Array.from({ length: 4 }, () => ({ width: 10, height: 10 }));
    expect(packBoxes(boxes, 0, { order: [3, 2, 1, 0], width: 40 }).places).toEqual([[30, 0], [20, 0], [10, 0], [0, 0]]); // prettier-ignore
  });

  test('tied boxes follow one another', () => {
    expect(tiedFirst(5, [[0, 3], [3, 4], [1, 2], [3, 4]])).toEqual([3, 4, 0, 1, 2]); // prettier-ignore
  });
});
