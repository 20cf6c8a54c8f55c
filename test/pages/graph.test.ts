import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type Locator, type Page } from 'playwright-core';
import { graphRelation, graphTable, largeGraph, shopGraph } from '../support/graphDatabases.js';
import { findFaults } from './axe.js';
import { type GraphHarness, type GraphHarnessOptions, openGraph } from './graphHarness.js';
import { browserNote, chromiumPath } from './openPage.js';
import { type GraphDatabase } from '../../src/core/presentation/graphModel.js';

let harness: GraphHarness | undefined;

async function open(databases: readonly GraphDatabase[] = [shopGraph], options: GraphHarnessOptions = {}): Promise<GraphHarness> {
  harness = await openGraph(databases, { width: 1400, height: 850, ...options });
  return harness;
}

const box = (page: Page, name: string): Locator => page.locator(`.table-box[aria-label^="${name}, "]`);
const stage = (page: Page): Locator => page.locator('.stage');
/** On its margin, where no text is. */
const atMargin = { position: { x: 4, y: 40 } };
const selected = async (page: Page): Promise<string> => {
  const labels = await page
    .locator('.table-box.selected')
    .evaluateAll((found) => found.map((element) => element.getAttribute('aria-label')));
  return (labels[0] ?? '').split(',')[0] ?? '';
};
/** Style elements of a parsed document would break the policy of the page. */
const faultsOfXml = (page: Page, xml: string): Promise<number> => page.evaluate((text) => new DOMParser().parseFromString(text, 'image/svg+xml').querySelectorAll('parsererror, img').length, xml.replace(/<style>[^]*<\/style>/, '')); // prettier-ignore
const litTables = async (page: Page): Promise<string[]> => {
  const labels = await page
    .locator('.table-box.lit')
    .evaluateAll((found) => found.map((element) => element.getAttribute('aria-label') ?? ''));
  return labels.map((label) => label.split(',')[0] ?? '').sort();
};

async function settled(page: Page): Promise<void> {
  await page.locator('.layer:not(.moving)').waitFor({ state: 'attached' });
}

/** In pixels of the window. */
const middleOf = (line: Locator): Promise<{ x: number; y: number }> =>
  line.evaluate((element: SVGPathElement) => {
    const { x, y } = element.getPointAtLength(element.getTotalLength() / 2).matrixTransform(element.getScreenCTM() ?? undefined);
    return { x, y };
  });

async function passesBehind(line: Locator, frame: Locator): Promise<boolean> {
  const area = await frame.boundingBox();
  const points = await line.evaluate((element: SVGPathElement) => {
    const length = element.getTotalLength();
    const matrix = element.getScreenCTM() ?? undefined;
    return Array.from({ length: 200 }, (_, at) => element.getPointAtLength((length * at) / 199).matrixTransform(matrix)).map(({ x, y }) => [x, y] as const); // prettier-ignore
  });
  const { x: left, y: top, width, height } = area ?? { x: 0, y: 0, width: 0, height: 0 };
  return points.some(([x, y]) => x > left && x < left + width && y > top && y < top + height);
}

/** JOINERY_SCREENSHOTS names the folder that pictures for people go to. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['JOINERY_SCREENSHOTS'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await settled(page);
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
}

describe.skipIf(chromiumPath === undefined)(`the graph page in a browser${browserNote}`, () => {
  afterEach(async () => {
    const errors = harness?.errors ?? [];
    await harness?.close();
    harness = undefined;
    expect(errors).toEqual([]);
  });

  test('tables with their columns, relations told apart by more than colour', async () => {
    const { page } = await open();
    expect(await page.locator('.table-box').count()).toBe(13);
    expect(await page.locator('.counts').textContent()).toBe('Tables: 13, relations: 14');
    const dashes = (origin: string) => page.locator(`.layer .relation.${origin} .line`).first().evaluate((line) => getComputedStyle(line).strokeDasharray); // prettier-ignore
    expect(await dashes('declared')).toBe('none');
    expect(await dashes('inferred')).not.toBe('none');
    expect(await page.locator('.layer .relation.inferred .mark').first().textContent()).toBe('72 %');
    expect(await page.locator('.relation.confirmed .tick').count()).toBe(1);
    expect(await box(page, 'orders').locator('.column').allTextContents()).toEqual(['id', 'customer_id', 'shipping_address_id', 'placed_at', 'status', 'total']); // prettier-ignore
    await picture(page, 'graph');
  });

  test('a path between two chosen tables stands out; the next one, its SQL, and none', async () => {
    const { page, send, waitFor } = await open();
    await send({ type: 'focus', focus: { database: shopGraph.path, tables: ['payments', 'suppliers'], relations: [] } });
    await page.locator('.layer.subdued').waitFor({ state: 'attached' });
    expect(await litTables(page)).toEqual(['order_lines', 'orders', 'payments', 'products', 'suppliers']);
    expect(await page.locator('.path-about').textContent()).toMatch(
      /^payments → orders → order_lines → products → suppliers, path 1 of \d$/,
    );
    await picture(page, 'graph-path');
    await page.getByRole('button', { name: 'Open as SQL' }).click();
    expect(await waitFor('sql')).toMatchObject({
      database: shopGraph.path,
      tables: ['payments', 'orders', 'order_lines', 'products', 'suppliers'],
    });
    await page.getByRole('button', { name: 'Next path' }).click();
    expect(await page.locator('.path-about').textContent()).toMatch(/path 2 of/);
    await page.getByRole('combobox', { name: 'Join path: To' }).fill('settings');
    await page.keyboard.press('Tab');
    expect(await page.locator('.path-about').textContent()).toBe('No relation leads from payments to settings.');
    expect(await page.locator('.layer.subdued').count()).toBe(0);
  });

  test('a path that a hover named is the one that is shown', async () => {
    const { page, send } = await open();
    const relations = ['reviews(customer_id)->customers(id)', 'orders(customer_id)->customers(id)'];
    await send({ type: 'focus', focus: { database: shopGraph.path, tables: ['reviews', 'customers', 'orders'], relations } });
    await page.locator('.layer.subdued').waitFor({ state: 'attached' });
    expect(await litTables(page)).toEqual(['customers', 'orders', 'reviews']);
  });

  test('inferred relations can be left out, then they carry no path either', async () => {
    const { page, send } = await open();
    await page.getByRole('button', { name: 'Inferred relations' }).click();
    expect(await page.locator('.layer .relation.inferred:not(.away)').count()).toBe(0);
    await send({ type: 'focus', focus: { database: shopGraph.path, tables: ['orders', 'addresses'], relations: [] } });
    await page.locator('.layer.subdued').waitFor({ state: 'attached' });
    expect(await litTables(page)).toEqual(['addresses', 'customers', 'orders']);
  });

  test('only the neighbourhood of a table, by depth', async () => {
    const { page } = await open();
    await box(page, 'categories').locator('.frame').click(atMargin);
    const depth = page.getByRole('combobox', { name: 'Neighbourhood: Joins away' });
    await depth.selectOption('1');
    expect(await page.locator('.table-box:not(.away)').count()).toBe(2);
    await depth.selectOption('2');
    expect(await page.locator('.table-box:not(.away)').count()).toBe(5);
    await depth.selectOption('0');
    expect(await page.locator('.table-box:not(.away)').count()).toBe(13);
  });

  test('double click asks for the definition', async () => {
    const { page, waitFor } = await open();
    await box(page, 'reviews').locator('.frame').dblclick(atMargin);
    expect(await waitFor('ddl')).toEqual({ type: 'ddl', database: shopGraph.path, table: 'reviews' });
  });

  test('a dragged table stays where it was put, its lines follow, and the place is told', async () => {
    const { page, waitFor, sendGraph } = await open();
    const countries = box(page, 'countries');
    const [before, line] = [await countries.getAttribute('transform'), page.locator('.relation').nth(0).locator('.line')];
    const pathBefore = await line.getAttribute('d');
    const area = await countries.locator('.frame').boundingBox();
    const [x, y] = [(area?.x ?? 0) + 20, (area?.y ?? 0) + 10];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 40, y - 60, { steps: 4 });
    await page.mouse.up();
    const move = await waitFor('move');
    expect(move).toMatchObject({ database: shopGraph.path, table: 'countries' });
    expect(await countries.getAttribute('transform')).not.toBe(before);
    expect(await line.getAttribute('d')).not.toBe(pathBefore);
    await sendGraph();
    expect(await box(page, 'countries').getAttribute('transform')).toBe(before);
  });

  test('a table that is put on a line: the line goes around it, and straight again when it has left', async () => {
    const { page } = await open();
    const line = page.locator('[data-relation="4"] .line');
    const settings = box(page, 'settings').locator('.frame');
    const before = await line.getAttribute('d');
    const [first, area] = [await middleOf(line), await settings.boundingBox()];
    const [width, height] = [area?.width ?? 0, area?.height ?? 0];
    const drag = async (from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> => {
      await page.mouse.move(from.x, from.y);
      await page.mouse.down();
      await page.mouse.move(to.x, to.y, { steps: 3 });
      await page.mouse.up();
    };
    const start = { x: (area?.x ?? 0) + width / 2, y: (area?.y ?? 0) + height / 2 };
    await drag(start, first);
    await expect.poll(() => passesBehind(line, settings)).toBe(false);
    expect(await line.getAttribute('d')).not.toBe(before);
    await picture(page, 'graph-led-lines');
    await drag(first, start);
    await expect.poll(() => line.getAttribute('d')).toBe(before);
  });

  test('places that were kept go before the layout', async () => {
    const { page } = await open([shopGraph], { moved: { [shopGraph.path]: { settings: [1234, -567] } } });
    expect(await box(page, 'settings').getAttribute('transform')).toBe('translate(1234 -567)');
  });

  test('search marks tables by name and by column; Enter goes from one to the next', async () => {
    const { page } = await open();
    const search = page.getByRole('searchbox');
    await search.fill('country');
    expect(await page.locator('.notice').textContent()).toBe('Tables found: 3');
    await page.keyboard.press('Enter');
    expect(await selected(page)).toBe('customers');
    await page.keyboard.press('Enter');
    expect(await selected(page)).toBe('suppliers');
    await page.keyboard.press('Shift+Enter');
    expect(await selected(page)).toBe('customers');
    await search.fill('nothing like it');
    expect(await page.locator('.notice').textContent()).toBe('Nothing is named like that.');
    await page.keyboard.press('Escape');
    expect(await page.locator('.table-box.match').count()).toBe(0);
  });

  test('by keys alone: from table to table, definition, zoom, moving, clearing', async () => {
    const { page, waitFor } = await open();
    // Nothing has to be focused first.
    await page.keyboard.press('ArrowRight');
    const first = await selected(page);
    expect(first).not.toBe('');
    await page.keyboard.press('ArrowLeft');
    const second = await selected(page);
    expect(second).not.toBe(first);
    expect(await stage(page).getAttribute('aria-activedescendant')).toBe(await page.locator('.table-box.selected').getAttribute('id'));
    await page.keyboard.press('Enter');
    expect(await waitFor('ddl')).toMatchObject({ table: second });
    await page.keyboard.press('Alt+ArrowDown');
    expect(await waitFor('move')).toMatchObject({ table: second });
    const transform = () => page.locator('.layer').evaluate((layer) => (layer as SVGElement).style.transform);
    const before = await transform();
    await page.keyboard.press('+');
    await page.waitForFunction((old) => (document.querySelector('.layer') as SVGElement).style.transform !== old, before);
    await page.keyboard.press('Escape');
    expect(await selected(page)).toBe('');
    await page.keyboard.press('/');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('search');
  });

  test('the whole content as a table that keys walk through', async () => {
    const { page, waitFor } = await open();
    await page.getByRole('button', { name: 'Table', exact: true }).click();
    const active = () => page.evaluate(() => document.activeElement?.querySelector('[role=gridcell]')?.textContent ?? '');
    expect(await page.getByRole('treegrid').getByRole('row').count()).toBe(14);
    expect(await active()).toBe('customers');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await active()).toBe('orders');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(await active()).toBe('id');
    await page.keyboard.press('ArrowLeft');
    expect(await active()).toBe('orders');
    const rows = await page.getByRole('row', { level: 2 }).allTextContents();
    expect(rows).toContain('Refers to: customersN:1customer_id → id, Declared');
    expect(rows).toContain('Referred to by: payments1:1order_id → id, Declared');
    expect(rows).toContain('Refers to: addressesN:1shipping_address_id → id, Inferred, 72 % sure');
    await page.keyboard.press('Enter');
    expect(await waitFor('ddl')).toMatchObject({ table: 'orders' });
    await page.keyboard.press('End');
    expect(await active()).toBe('settings');
    await picture(page, 'graph-table');
    await page.getByRole('searchbox').fill('sku');
    expect(await page.getByRole('treegrid').getByRole('row').count()).toBe(2);
  });

  test('what was chosen survives hiding the page', async () => {
    const { page } = await open();
    await box(page, 'orders').locator('.frame').click(atMargin);
    await page.getByRole('combobox', { name: 'Neighbourhood: Joins away' }).selectOption('1');
    await page.getByRole('combobox', { name: 'Detail' }).selectOption('keys');
    await page.waitForFunction(() => (sessionStorage.getItem('state') ?? '').includes('"detail":"keys"'));
    await page.waitForFunction(() => (sessionStorage.getItem('state') ?? '').includes('"around"'));
    await page.reload();
    await page.locator('.table-box').first().waitFor({ state: 'attached' });
    expect(await selected(page)).toBe('orders');
    expect(await page.getByRole('combobox', { name: 'Detail' }).inputValue()).toBe('keys');
    expect(await page.locator('.table-box:not(.away)').count()).toBe(5);
  });

  test('exports: an SVG on its own feet, a PNG, and texts of what is shown', async () => {
    const { page, waitFor } = await open();
    const save = page.getByRole('combobox', { name: 'Export' });
    await save.selectOption('svg');
    const { text } = await waitFor('saveSvg');
    expect(text).not.toContain('var(');
    expect(await faultsOfXml(page, text)).toBe(0);
    expect(text.match(/class="table-box/g)).toHaveLength(13);
    await save.selectOption('png');
    const { base64 } = await waitFor('savePng');
    const bytes = Buffer.from(base64, 'base64');
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    expect(bytes.readUInt32BE(16)).toBeGreaterThan(1000);
    await box(page, 'categories').locator('.frame').click(atMargin);
    await page.getByRole('combobox', { name: 'Neighbourhood: Joins away' }).selectOption('1');
    await save.selectOption('dbml');
    expect((await waitFor('saveText')).tables.map(({ table }) => table)).toEqual(['products', 'categories']);
  });

  test('another schema, a failure and an empty database are shown in place', async () => {
    const { page, sendGraph } = await open();
    await box(page, 'orders').locator('.frame').click(atMargin);
    const [first] = shopGraph.tables;
    await sendGraph([{ ...shopGraph, tables: first ? [first] : [], relations: [] }], ['shop.db: The file is locked.']);
    await page.waitForFunction(() => document.querySelectorAll('.table-box').length === 1);
    expect(await page.locator('.details').isVisible()).toBe(false);
    expect(await page.locator('.notice').textContent()).toBe('shop.db: The file is locked.');
    await sendGraph([{ ...shopGraph, tables: [], relations: [] }]);
    await page.waitForFunction(() => document.querySelectorAll('.table-box').length === 0);
    expect(await page.locator('.notice').textContent()).toBe('There are no tables here yet.');
  });

  test('hostile names stay text', async () => {
    const name = `<img src=x onerror=alert(1)> "&' ]]>`;
    const hostile: GraphDatabase = { ...shopGraph, label: name, tables: [graphTable(name, ['id*', `${name}_id`]), graphTable('plain', ['id*'])], relations: [graphRelation(name, `${name}_id`, 'plain')] }; // prettier-ignore
    const { page, waitFor } = await open([hostile]);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('.table-box .name').first().textContent()).toContain('<img');
    await page.getByRole('combobox', { name: 'Export' }).selectOption('svg');
    const { text } = await waitFor('saveSvg');
    expect(await faultsOfXml(page, text)).toBe(0);
  });

  test('several databases stand apart in frames; a path never crosses them', async () => {
    const other: GraphDatabase = { ...shopGraph, path: '/data/other.db', label: 'other.db' };
    const { page } = await open([shopGraph, other]);
    expect(await page.locator('.database-frame text').allTextContents()).toEqual(['data/shop.db', 'other.db']);
    await page.getByRole('button', { name: 'Join path' }).click();
    await page.getByRole('combobox', { name: 'Join path: From' }).fill('orders · data/shop.db');
    await page.getByRole('combobox', { name: 'Join path: To' }).fill('customers · other.db');
    await page.keyboard.press('Tab');
    expect(await page.locator('.path-about').textContent()).toMatch(/^No relation leads/);
  });

  test('300 tables: names from afar, rows only near, and the overview moves the view', async () => {
    const { page } = await open([largeGraph(300)]);
    await page.locator('.layer.far').waitFor({ state: 'attached' });
    expect(await page.locator('.rows').count()).toBe(0);
    await picture(page, 'graph-large');
    await stage(page).focus();
    for (let step = 0; step < 8; step++) await page.keyboard.press('+');
    await page.locator('.layer:not(.far):not(.moving)').waitFor({ state: 'attached' });
    const drawn = await page.locator('.table-box:not(.away)').count();
    expect(drawn).toBeGreaterThan(0);
    expect(drawn).toBeLessThan(150);
    const before = await page.locator('.layer').evaluate((layer) => (layer as SVGElement).style.transform);
    await page.locator('.minimap').click({ position: { x: 30, y: 30 } });
    await page.waitForFunction((old) => (document.querySelector('.layer') as SVGElement).style.transform !== old, before);
  });

  test.each(['dark', 'light', 'highContrast'] as const)('axe finds nothing serious, %s', async (theme) => {
    const { page, send } = await open([shopGraph], { theme });
    expect(await findFaults(page)).toEqual([]);
    await send({ type: 'focus', focus: { database: shopGraph.path, tables: ['payments', 'suppliers'], relations: [] } });
    await stage(page).focus();
    await page.keyboard.press('ArrowRight');
    await settled(page);
    expect(await findFaults(page)).toEqual([]);
    await picture(page, `graph-${theme}`);
    await page.getByRole('button', { name: 'Table', exact: true }).click();
    await page.keyboard.press('ArrowRight');
    expect(await findFaults(page)).toEqual([]);
  });
});
