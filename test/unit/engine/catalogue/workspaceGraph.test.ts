/** One graph over the databases of a workspace, refreshed as they come, change and go. */
import { describe, expect, it } from 'vitest';
import { createCancelled, fakeCatalogue } from './fakeCatalogue.js';
import { uniqueNames, WorkspaceGraph } from '../../../../src/engine/catalogue/workspaceGraph.js';
import { makeSchema, makeTable } from '../../../support/shopSchema.js';

const shop = makeSchema([makeTable('customers', ['id*']), makeTable('orders', ['id*', 'customer_id:INTEGER'])]);
const stock = makeSchema([makeTable('products', ['id*', 'name'])]);

describe('refresh', () => {
  it('follows databases that come, change and go', async () => {
    const schemas = new Map([
      ['/w/shop.db', shop],
      ['/w/stock.db', stock],
    ]);
    const workspace = new WorkspaceGraph(fakeCatalogue(schemas));
    expect(await workspace.refresh(['/w/shop.db', '/w/stock.db', '/w/../w/shop.db'])).toEqual({
      changed: ['/w/shop.db', '/w/stock.db'],
      removed: [],
      failed: [],
    });
    expect(await workspace.refresh(['/w/shop.db', '/w/stock.db'])).toEqual({ changed: [], removed: [], failed: [] });
    schemas.set('/w/shop.db', makeSchema([...shop.tables, makeTable('invoices', ['id*'])]));
    expect(await workspace.refresh(['/w/shop.db'])).toEqual({ changed: ['/w/shop.db'], removed: ['/w/stock.db'], failed: [] });
    expect(workspace.graph.databases).toEqual(['/w/shop.db']);
  });

  it('leaves out what cannot be opened, also when it was there before', async () => {
    const schemas = new Map([['/w/shop.db', shop]]);
    const workspace = new WorkspaceGraph(fakeCatalogue(schemas));
    await workspace.refresh(['/w/shop.db']);
    schemas.delete('/w/shop.db');
    const change = await workspace.refresh(['/w/shop.db']);
    expect(change).toMatchObject({ removed: ['/w/shop.db'], failed: [{ path: '/w/shop.db', error: { code: 'file.missing' } }] });
  });

  it('knows which databases have a table of some name, whatever its case', async () => {
    const archive = makeSchema([makeTable('Orders', ['id*']), makeTable('notes', ['text'])]);
    const workspace = new WorkspaceGraph(fakeCatalogue(new Map([['/w/shop.db', shop], ['/w/archive.db', archive], ['/w/stock.db', stock]]))); // prettier-ignore
    await workspace.refresh(['/w/shop.db', '/w/archive.db', '/w/stock.db']);
    expect(workspace.graph.databasesWith('ORDERS')).toEqual(['/w/shop.db', '/w/archive.db']);
    expect(workspace.graph.databasesWith('nothing')).toEqual([]);
    expect(workspace.graph.tablesOf('/w/archive.db')).toEqual(['Orders', 'notes']);
    expect(workspace.graph.tablesOf('/w/gone.db')).toEqual([]);
  });

  it('two refreshes at once end with what the later one was given', async () => {
    const workspace = new WorkspaceGraph(fakeCatalogue(new Map([['/w/shop.db', shop], ['/w/stock.db', stock]]))); // prettier-ignore
    const [first, second] = await Promise.all([workspace.refresh(['/w/shop.db']), workspace.refresh(['/w/stock.db'])]);
    expect([first.changed, second.changed, second.removed]).toEqual([['/w/shop.db'], ['/w/stock.db'], ['/w/shop.db']]);
    expect(workspace.graph.databases).toEqual(['/w/stock.db']);
  });

  it('stops when cancelled', async () => {
    const workspace = new WorkspaceGraph(fakeCatalogue(new Map([['/w/shop.db', shop]])));
    await expect(workspace.refresh(['/w/shop.db'], createCancelled())).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('uniqueNames', () => {
  it.each([
    [
      ['/a/x.db', '/a/y.db'],
      ['x.db', 'y.db'],
    ],
    [
      ['/a/x.db', '/b/x.db'],
      ['a/x.db', 'b/x.db'],
    ],
    [
      ['/a/c/x.db', '/b/c/x.db', '/d/x.db'],
      ['a/c/x.db', 'b/c/x.db', 'd/x.db'],
    ],
    [
      ['/x.db', '/a/x.db'],
      ['x.db', 'a/x.db'],
    ],
    [[], []],
  ])('%j', (paths, expected) => {
    expect([...uniqueNames(paths).values()]).toEqual(expected);
  });
});
