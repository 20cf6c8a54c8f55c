/** Where tables were dragged to is kept per graph and detail, over a reload of the window. */
import { expect, test } from 'vitest';
import { MovedTablesMemory } from '../../../src/host/features/graphPanel/movedTables.js';
import { fakeMemory } from '../../support/fakeMemory.js';

const shop = '/w/shop.db';
const other = '/w/other.db';

test('a graph whose tables nobody moved has no places', () => {
  expect(new MovedTablesMemory(fakeMemory()).get(shop, 'columns')).toEqual({});
});

test('places are there in the next life of the window, the last one of each table', async () => {
  const memory = fakeMemory();
  const moved = new MovedTablesMemory(memory);
  await moved.move(shop, 'columns', { database: shop, table: 'orders' }, [1, 2]);
  await moved.move(shop, 'columns', { database: shop, table: 'customers' }, [3, 4]);
  await moved.move(shop, 'columns', { database: shop, table: 'orders' }, [-5, 6]);
  expect(new MovedTablesMemory(memory).get(shop, 'columns')).toEqual({ [shop]: { orders: [-5, 6], customers: [3, 4] } });
});

test('graphs, details and databases with equal names keep apart', async () => {
  const moved = new MovedTablesMemory(fakeMemory());
  await moved.move('', 'columns', { database: shop, table: 't' }, [1, 1]);
  await moved.move('', 'columns', { database: other, table: 't' }, [2, 2]);
  await moved.move('', 'keys', { database: shop, table: 't' }, [3, 3]);
  expect(moved.get('', 'columns')).toEqual({ [shop]: { t: [1, 1] }, [other]: { t: [2, 2] } });
  expect(moved.get('', 'keys')).toEqual({ [shop]: { t: [3, 3] } });
  expect(moved.get(shop, 'columns')).toEqual({});
});

test('a reset forgets one graph in one detail', async () => {
  const moved = new MovedTablesMemory(fakeMemory());
  for (const detail of ['columns', 'keys'] as const) await moved.move(shop, detail, { database: shop, table: 't' }, [1, 2]);
  await moved.forget(shop, 'columns');
  expect([moved.get(shop, 'columns'), moved.get(shop, 'keys')]).toEqual([{}, { [shop]: { t: [1, 2] } }]);
});
