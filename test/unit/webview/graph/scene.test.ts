import { describe, expect, test } from 'vitest';
import { pathsBetween } from '../../../../src/webview/graph/joinPath.js';
import { readPageState } from '../../../../src/webview/graph/pageState.js';
import { Scene } from '../../../../src/webview/graph/scene.js';
import { fitting, readViewport, revealing, sight, zoomedAt } from '../../../../src/webview/graph/viewport.js';
import { graphRelation, shopGraph } from '../../../support/graphDatabases.js';

const places = shopGraph.tables.map((_, at): [number, number] => [(at % 4) * 400, Math.floor(at / 4) * 300]);
const scene = new Scene([shopGraph], 'columns', places, {});
const at = (table: string): number => scene.find({ database: shopGraph.path, table }) ?? -1;
const names = (nodes: Iterable<number>): string[] => [...nodes].map((index) => scene.nameOf(index).table);

describe('the scene', () => {
  test.each([
    ['categories', 1, ['categories', 'products']],
    ['categories', 2, ['categories', 'order_lines', 'products', 'reviews', 'suppliers']],
    ['settings', 3, ['settings']],
  ])('around %s, %i joins away', (table, depth, expected) => {
    expect(names(scene.around(at(table), depth, () => true)).sort()).toEqual(expected);
  });

  test('relations that are left out lead nowhere', () => {
    const declared = scene.around(at('reviews'), 1, ({ relation }) => relation.origin !== 'inferred');
    expect(names(declared).sort()).toEqual(['products', 'reviews']);
  });

  test.each([
    ['orders', ['orders']],
    ['CUSTOMER', ['customers', 'orders', 'addresses', 'reviews']],
    ['order', ['orders', 'order_lines', 'payments', 'sales_by_month']],
    ['iso', ['countries']],
    ['  ', []],
    ['nowhere', []],
  ])('search for "%s"', (text, expected) => {
    expect(names(scene.search(text)).slice(0, expected.length)).toEqual(expected);
    if (expected.length === 0) expect(scene.search(text)).toEqual([]);
  });

  test.each([
    ['customers', 'ArrowRight', 'countries'],
    ['customers', 'ArrowDown', 'products'],
    ['countries', 'ArrowLeft', 'customers'],
    ['customers', 'ArrowLeft', undefined],
    ['customers', 'ArrowUp', undefined],
    ['customers', 'Home', undefined],
  ])('from %s by %s', (from, key, to) => {
    const next = scene.neighbourTo(at(from), key, undefined);
    expect(next === undefined ? undefined : scene.nameOf(next).table).toBe(to);
  });

  test('moved tables stand where they were put', () => {
    const moved = new Scene([shopGraph], 'columns', places, { [shopGraph.path]: { orders: [7, 8] } });
    const node = moved.nodes[at('orders')];
    expect([node?.x, node?.y]).toEqual([7, 8]);
  });

  test('relations to tables that are not there are no edges', () => {
    const broken = { ...shopGraph, relations: [...shopGraph.relations, graphRelation('orders', 'id', 'nowhere')] };
    expect(new Scene([broken], 'names', places, {}).edges).toHaveLength(shopGraph.relations.length);
  });

  test('paths by number, cheapest first; none between databases', () => {
    const [best] = pathsBetween(scene, at('payments'), at('suppliers'), () => true);
    expect(names(best?.nodes ?? [])).toEqual(['payments', 'orders', 'order_lines', 'products', 'suppliers']);
    expect(best?.edges.map((edge) => scene.edges[edge]?.relation.child)).toEqual(['payments', 'order_lines', 'order_lines', 'products']);
    expect(pathsBetween(scene, at('payments'), at('settings'), () => true)).toEqual([]);
    const two = new Scene([shopGraph, { ...shopGraph, path: '/other.db' }], 'names', [], {});
    expect(pathsBetween(two, 0, shopGraph.tables.length + 2, () => true)).toEqual([]);
  });
});

describe('the viewport', () => {
  const size = { width: 800, height: 600 };

  test('zooming keeps the point under the pointer', () => {
    const before = { x: 10, y: 20, zoom: 0.5 };
    const after = zoomedAt(before, 2, 100, 100);
    expect([(100 - after.x) / after.zoom, (100 - after.y) / after.zoom]).toEqual([(100 - 10) / 0.5, (100 - 20) / 0.5]);
  });

  test.each([1e9, 1e-9])('zoom is bounded, factor %d', (factor) => {
    const { zoom } = zoomedAt({ x: 0, y: 0, zoom: 1 }, factor, 0, 0);
    expect(readViewport({ x: 0, y: 0, zoom })).toBeDefined();
  });

  test.each([
    { left: 0, top: 0, right: 5000, bottom: 100 },
    { left: -900, top: 300, right: 100, bottom: 9000 },
    { left: 5, top: 5, right: 10, bottom: 10 },
  ])('everything fits: $left $top $right $bottom', (bounds) => {
    const seen = sight(fitting(bounds, size), size);
    expect(seen.left).toBeLessThanOrEqual(bounds.left);
    expect(seen.top).toBeLessThanOrEqual(bounds.top);
    expect(seen.right).toBeGreaterThanOrEqual(bounds.right);
    expect(seen.bottom).toBeGreaterThanOrEqual(bounds.bottom);
  });

  test('what is in sight stays where it is; what is not comes into sight', () => {
    const view = { x: 0, y: 0, zoom: 1 };
    expect(revealing(view, { left: 100, top: 100, right: 200, bottom: 200 }, size)).toEqual(view);
    expect(revealing(view, { left: 790, top: 100, right: 890, bottom: 200 }, size)).toEqual({ x: -114, y: 0, zoom: 1 });
    const far = revealing(view, { left: 5000, top: 0, right: 5100, bottom: 100 }, size);
    expect(far.x).toBe(-4650);
  });

  test.each([undefined, null, 1, {}, { x: 1, y: 2 }, { x: 1, y: 2, zoom: 99 }, { x: NaN, y: 0, zoom: 1 }])('%j is no viewport', (value) => {
    expect(readViewport(value)).toBeUndefined();
  });
});

describe('the remembered state', () => {
  const fresh = { scope: 's', mode: 'diagram', inferred: true };

  test.each([
    ['nothing', undefined, fresh],
    ['another scope', { scope: 'other', mode: 'table' }, fresh],
    ['rubbish', { scope: 's', mode: 7, detail: 'everything', viewport: 'x', path: { from: 1 }, around: { database: 'd' } }, fresh],
    [
      'all of it',
      { scope: 's', mode: 'table', detail: 'keys', inferred: false, viewport: { x: 1, y: 2, zoom: 1 }, selected: { database: 'd', table: 't' }, around: { database: 'd', table: 't', depth: 2 }, path: { from: { database: 'd', table: 'a' }, to: { database: 'd', table: 'b' }, at: 1 } }, // prettier-ignore
      { scope: 's', mode: 'table', detail: 'keys', inferred: false, viewport: { x: 1, y: 2, zoom: 1 }, selected: { database: 'd', table: 't' }, around: { database: 'd', table: 't', depth: 2 }, path: { from: { database: 'd', table: 'a' }, to: { database: 'd', table: 'b' }, at: 1 } }, // prettier-ignore
    ],
  ])('%s', (_name, value, expected) => {
    expect(readPageState(value, 's')).toEqual(expected);
  });
});
