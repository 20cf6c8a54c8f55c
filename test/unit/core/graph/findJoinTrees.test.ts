/** Join trees: right tables, right columns, alternatives, direction of multiplying rows. */
import { describe, expect, it } from 'vitest';
import { findJoinPaths } from '../../../../src/core/graph/findJoinPaths.js';
import { findJoinTrees, type JoinTreeOptions } from '../../../../src/core/graph/findJoinTrees.js';
import { buildJoinGraph, neighbours, relationWeight } from '../../../../src/core/graph/joinGraph.js';
import { connectedComponents } from '../../../../src/core/graph/connectedComponents.js';
import { distancesFrom } from '../../../../src/core/graph/shortestPaths.js';
import { steinerTree } from '../../../../src/core/graph/steinerTree.js';
import { type JoinTree, type Relation } from '../../../../src/core/graph/types.js';
import { seededRandom } from '../../../support/seededRandom.js';

/** `orders.customer>customers.id` with `~0.5` behind it for an inferred relation and `=` for 1:1. */
function relation(text: string): Relation {
  const [, child = '', childColumn = '', parent = '', parentColumn = '', one, confidence] =
    /^(\w+)\.(\w+)>(\w+)\.(\w+)(=)?(?:~([\d.]+))?$/.exec(text) ?? [];
  const origin = confidence === undefined ? 'declared' : 'inferred';
  const columns = { childColumns: [childColumn], parentColumns: [parentColumn] };
  return { id: text, child, parent, ...columns, origin, confidence: Number(confidence ?? 1), cardinality: one ? '1:1' : 'N:1' };
}

const shop = [
  'orders.customer>customers.id',
  'lines.order>orders.id',
  'lines.product>products.id',
  'products.category>categories.id',
  'orders.billing>addresses.id',
  'orders.shipping>addresses.id',
  'customers.address>addresses.id',
  'profiles.customer>customers.id=',
  'categories.parent>categories.id',
  'reviews.product>products.id~0.5',
  'islands.other>rocks.id',
].map(relation);

function show(tree: JoinTree): string {
  return tree.steps.map((step) => `${step.from}${step.fanOut ? '=<' : '->'}${step.to}`).join(' ');
}

function check(tables: string, expected: readonly string[], options?: JoinTreeOptions): void {
  it(`${tables} ${JSON.stringify(options ?? {})}`, () => {
    expect(findJoinTrees(shop, tables.split(' '), options).map(show)).toEqual(expected);
  });
}

describe('findJoinTrees', () => {
  const only = { alternatives: 0 };
  check('orders customers', ['orders->customers'], only);
  check('customers orders', ['customers=<orders'], only);
  check('customers profiles', ['customers->profiles'], only);
  check('CUSTOMERS orders Orders', ['customers=<orders'], only);
  check('customers products', ['customers=<orders orders=<lines lines->products'], only);
  check('customers categories reviews', ['customers=<orders orders=<lines lines->products products->categories products=<reviews'], only);
  check('customers', ['']);
  check('nowhere', ['']);
  check('customers islands', []);
  check('customers nowhere', []);
  check('islands rocks', ['islands->rocks']);
  check('orders addresses', ['orders->addresses', 'orders->addresses', 'orders->customers customers->addresses']);
  check('orders addresses', ['orders->addresses', 'orders->addresses'], { maxDepth: 1 });
  check('customers products', [], { maxDepth: 2 });
  check(
    'customers lines products categories reviews profiles',
    ['customers=<orders customers->profiles orders=<lines lines->products products->categories products=<reviews'],
    only,
  );

  it('names both parallel keys as alternatives of equal cost', () => {
    const trees = findJoinTrees(shop, ['orders', 'addresses']);
    expect(trees.slice(0, 2).map((tree) => [tree.steps[0]?.relation.id, tree.cost])).toEqual([
      ['orders.billing>addresses.id', 1],
      ['orders.shipping>addresses.id', 1],
    ]);
  });

  it('weighs inferred relations by the square of their confidence', () => {
    expect(findJoinTrees(shop, ['products', 'reviews'])[0]?.cost).toBe(4);
    expect(relationWeight(relation('a.b>c.d~0.8'))).toBeCloseTo(1.5625);
  });

  it('gives the same order for the same relations in another order', () => {
    const ids = (list: readonly Relation[]): string[] =>
      findJoinTrees(list, ['orders', 'addresses']).map((tree) => tree.steps.map((step) => step.relation.id).join());
    expect(ids([...shop].reverse())).toEqual(ids(shop));
  });
});

describe('steinerTree', () => {
  it('is as cheap as the best of all edge sets, on 150 small graphs', () => {
    const random = seededRandom(7);
    for (let round = 0; round < 150; round++) {
      const size = 4 + Math.floor(random() * 3);
      const relations: Relation[] = [];
      for (let a = 0; a < size; a++)
        for (let b = 0; b < a; b++)
          if (random() < 0.55 && relations.length < 11) relations.push(relation(`t${a}.x>t${b}.id~${(0.4 + random() * 0.4).toFixed(2)}`));
      const graph = buildJoinGraph(relations);
      const terminals = [...new Set([0, 1, 2, 3, 4].slice(0, 2 + (round % 4)))].flatMap((n) => graph.find(`t${n}`) ?? []);
      if (terminals.length < 2) continue;
      const reach = terminals.map((table) => distancesFrom(graph, table));
      const found = steinerTree(graph, terminals, new Set(), { limit: round % 2 ? cheapestByForce(graph, terminals) + 1e-6 : 1e6, reach });
      const cost = found ? found.reduce((sum, edge) => sum + (graph.edges[edge]?.weight ?? 0), 0) : Infinity;
      expect(cost).toBeCloseTo(cheapestByForce(graph, terminals));
    }
  });
});

function cheapestByForce(graph: ReturnType<typeof buildJoinGraph>, terminals: readonly number[]): number {
  let best = Infinity;
  for (let set = 1; set < 1 << graph.edges.length; set++) {
    const edges = graph.edges.filter((_, at) => (set >> at) & 1);
    const reached = new Set([terminals[0]!]);
    for (let grown = true; grown;) {
      grown = false;
      for (const edge of edges) {
        if (reached.has(edge.a) === reached.has(edge.b)) continue;
        reached.add(edge.a).add(edge.b);
        grown = true;
      }
    }
    if (terminals.every((table) => reached.has(table)))
      best = Math.min(
        best,
        edges.reduce((sum, edge) => sum + edge.weight, 0),
      );
  }
  return best;
}

describe('findJoinPaths', () => {
  it('gives every simple path, cheapest first, parallel keys apart', () => {
    expect(findJoinPaths(shop, 'orders', 'addresses').map(show)).toEqual([
      'orders->addresses',
      'orders->addresses',
      'orders->customers customers->addresses',
    ]);
  });
  it('stops at the depth', () => {
    expect(findJoinPaths(shop, 'customers', 'categories', { maxDepth: 3 })).toEqual([]);
    expect(findJoinPaths(shop, 'customers', 'categories', { maxDepth: 4 })).toHaveLength(1);
  });
  it('keeps the shortest when there are too many', () => {
    expect(findJoinPaths(shop, 'orders', 'addresses', { limit: 2 }).map((path) => path.steps.length)).toEqual([1, 1]);
  });
  it.each([
    ['orders', 'orders'],
    ['orders', 'nowhere'],
    ['orders', 'rocks'],
  ])('has none from %s to %s', (from, to) => {
    expect(findJoinPaths(shop, from, to)).toEqual([]);
  });
});

describe('neighbours and components', () => {
  const graph = buildJoinGraph(shop);
  it.each([
    ['customers', ['orders', 'addresses', 'profiles']],
    ['categories', ['products']],
    ['nowhere', []],
  ])('of %s', (table, expected) => {
    expect(neighbours(graph, table)).toEqual(expected);
  });
  it('groups tables that can be joined', () => {
    expect(connectedComponents(graph, ['rocks', 'customers', 'alone', 'reviews', 'islands'])).toEqual([
      ['rocks', 'islands'],
      ['customers', 'reviews'],
      ['alone'],
    ]);
  });
});
