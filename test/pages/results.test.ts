import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Page } from 'playwright-core';
import { findFaults } from './axe.js';
import { browserNote, chromiumPath } from './openPage.js';
import { makeDatabase, openResults, type ResultsHarness, type TemporaryDatabase } from './resultsHarness.js';

const many = 1_000_000;
const numbers = (count: number): string => `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})`;
const png = '89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082'; // prettier-ignore

let big: TemporaryDatabase;
let harness: ResultsHarness | undefined;

const grid = (page: Page) => page.getByRole('grid');
const cell = (page: Page, row: number, column: number) => page.locator(`#cell-${row}-${column}`);

async function open(sql: string, database = big.path, theme: 'dark' | 'light' | 'highContrast' = 'dark'): Promise<ResultsHarness> {
  harness = await openResults(theme);
  await harness.tabs.open({ database, sql });
  await cell(harness.page, 0, 0).waitFor();
  return harness;
}

async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

/** JOINERY_SCREENSHOTS names the folder that pictures for people go to. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['JOINERY_SCREENSHOTS'];
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  await page.setViewportSize({ width: 760, height: 400 });
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
}

describe.skipIf(chromiumPath === undefined)(`the results page in a browser${browserNote}`, () => {
  beforeAll(async () => {
    big = await makeDatabase(
      `CREATE TABLE big(id INTEGER PRIMARY KEY, name TEXT, amount REAL, note TEXT, far INTEGER, bytes BLOB);
       ${numbers(many)} INSERT INTO big SELECT i, 'name ' || (i * 7919 % 1000003), i * 1.5,
         CASE i % 3 WHEN 1 THEN NULL WHEN 2 THEN '' ELSE 'a|b "' || i || '"' END, 9007199254740993 + i, x'00ff' FROM n;
       CREATE TABLE shapes(id INTEGER PRIMARY KEY, value);
       INSERT INTO shapes VALUES (1, '{"a":[1,{"n":12345678901234567890}],"b":"x"}'), (2, x'${png}'), (3, 'two' || char(10) || 'lines'), (4, NULL), (5, '');
       CREATE TABLE years(year TEXT, total REAL); INSERT INTO years VALUES ('2020-01', 1.5), ('2020-02', 4), ('2020-03', 2.25);`,
    );
  });
  afterEach(async () => {
    const errors = harness?.errors ?? [];
    await harness?.close();
    harness = undefined;
    expect(errors).toEqual([]);
  });
  afterAll(() => big.remove());

  test('a million rows: the first at once, the last by one key, the middle by the scroll bar', async () => {
    const { page } = await open('SELECT * FROM big');
    await page.getByText('1,000,000 rows').waitFor();
    await grid(page).focus();
    await press(page, 'Control+End');
    await page.waitForFunction(() => document.querySelector(`[id="cell-999999-0"]`)?.textContent === '1000000');
    expect(await grid(page).getAttribute('aria-rowcount')).toBe('1000001');
    await grid(page).evaluate((element) => element.scrollTo(0, element.scrollHeight / 2));
    await page.waitForFunction(() => {
      const rows = [...document.querySelectorAll('.grid-body .row')];
      const cells = rows.map((row) => [row.children[0]?.textContent, row.children[1]?.textContent]);
      return cells.length > 5 && cells.every(([number, id]) => number === id && Math.abs(Number(id) - 500_000) < 1000);
    });
    expect(await page.locator('.grid-body .row').count()).toBeLessThan(60);
    await picture(page, 'million-rows');
  });

  test('the end of a result that nobody has counted is found on demand', async () => {
    const slow = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000000) SELECT i FROM n WHERE i % 20 = 0';
    const { page } = await open(slow);
    await grid(page).focus();
    await press(page, 'Control+End');
    await page.waitForFunction(() => document.querySelector('[id="cell-299999-0"]')?.textContent === '6000000');
  });

  test('five hundred columns: only what is in sight is drawn, the last is reached', async () => {
    const columns = Array.from({ length: 500 }, (_, at) => `i * ${at + 1} AS "c${at}"`).join(', ');
    const { page } = await open(`${numbers(1000)} SELECT ${columns} FROM n`);
    await grid(page).focus();
    await press(page, 'End');
    await page.waitForFunction(() => document.querySelector('[id="cell-0-499"]')?.textContent === '500');
    expect(await page.locator('.cell').count()).toBeLessThan(1200);
    await press(page, 'Control+End');
    await page.waitForFunction(() => document.querySelector('[id="cell-999-499"]')?.textContent === '500000');
    expect(await cell(page, 999, 499).getAttribute('aria-colindex')).toBe('501');
  });

  test('NULL, empty text, long integers, reals and bytes say what they are', async () => {
    const { page } = await open('SELECT * FROM big');
    expect(await cell(page, 0, 3).textContent()).toBe('NULL');
    expect(await cell(page, 1, 3).getAttribute('aria-label')).toBe('empty text');
    expect(await cell(page, 0, 4).textContent()).toBe('9007199254740994');
    expect(await cell(page, 1, 2).textContent()).toBe('3.0');
    expect(await cell(page, 0, 5).textContent()).toBe("2 B  x'00ff'");
  });

  test('sorting and filtering are done by the database and said to the screen reader', async () => {
    const { page } = await open('SELECT * FROM big');
    await page.getByRole('columnheader', { name: 'name' }).click();
    await page.waitForFunction(() => document.querySelector('[id="cell-0-1"]')?.textContent === 'name 1');
    expect(await cell(page, -1, 1).getAttribute('aria-sort')).toBe('ascending');
    await page.getByPlaceholder('Filter rows').fill('name 99999');
    await page.getByText('11 rows ·').waitFor();
    expect(await cell(page, 0, 1).textContent()).toBe('name 99999');
    await page.getByRole('button', { name: 'Filter…' }).click();
    await page.getByLabel('Column').selectOption({ label: 'id' });
    await page.getByLabel('Condition').selectOption('atMost');
    await page.getByLabel('Value').fill('3');
    await press(page, 'Enter');
    await page.getByText('No rows').waitFor();
    await page.getByPlaceholder('Filter rows').fill('');
    await page.getByText('3 rows ·').waitFor();
    await page.getByRole('button', { name: 'Remove filter id at most 3' }).click();
    await page.getByText('1,000,000 rows ·').waitFor();
  });

  test.each([
    ['TSV', 'id\tnote\n1\t\n2\t\n3\t"a|b ""3"""'],
    ['CSV', 'id,note\r\n1,\r\n2,""\r\n3,"a|b ""3"""'],
    ['JSON', '[\n  {"id": 1, "note": null},\n  {"id": 2, "note": ""},\n  {"id": 3, "note": "a|b \\"3\\""}\n]'],
    ['Markdown', '| id | note |\n| ---: | --- |\n| 1 | NULL |\n| 2 |  |\n| 3 | a\\|b "3" |'],
    ['INSERT Statements', `INSERT INTO big (id, note) VALUES (1, NULL);\nINSERT INTO big (id, note) VALUES (2, '');\nINSERT INTO big (id, note) VALUES (3, 'a|b "3"');`], // prettier-ignore
  ])('a selection is copied as %s', async (format, expected) => {
    const { page, clipboard } = await open('SELECT id, note FROM big');
    await grid(page).focus();
    await press(page, 'Shift+ArrowRight', 'Shift+ArrowDown', 'Shift+ArrowDown');
    await page.getByRole('button', { name: 'Copy As' }).click();
    await page.getByRole('menuitem', { name: format, exact: true }).click();
    await page.getByText('3 rows copied').waitFor();
    expect(clipboard()).toBe(expected);
  });

  test('values open beside the grid as JSON, image, text and bytes; Escape goes back', async () => {
    const { page } = await open('SELECT * FROM shapes');
    await grid(page).focus();
    await press(page, 'ArrowRight', 'Enter');
    await page.getByText('"n": 12345678901234567890').waitFor();
    await press(page, 'Escape', 'ArrowDown', 'Enter');
    const image = page.getByRole('img', { name: 'Value of value, row 2' });
    await image.waitFor();
    expect(await image.evaluate((element) => (element as HTMLImageElement).naturalWidth)).toBe(1);
    await page.getByRole('combobox', { name: 'Value of value, row 2' }).selectOption('hex');
    await page.getByText('00000000  89 50 4e 47').waitFor();
    await press(page, 'Escape');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('grid');
  });

  test('columns are frozen and resized, and the page remembers it over a reload', async () => {
    const { page, send } = await open('SELECT * FROM big');
    await grid(page).focus();
    await press(page, 'ArrowRight', 'Alt+Shift+ArrowRight', 'Alt+Shift+ArrowRight', 'ArrowUp', 'Shift+F10');
    await page.getByRole('menuitem', { name: 'Freeze Columns up to Here' }).click();
    await page.waitForFunction(() => document.querySelector('[id="cell-0-1"]')?.classList.contains('frozen-edge'));
    await press(page, 'PageDown', 'PageDown');
    const width = await cell(page, 40, 1).evaluate((element) => element.style.width);
    const active = (await grid(page).getAttribute('aria-activedescendant')) ?? '';
    const row = /^cell-(\d+)-/.exec(active)?.[1];
    // Memory is written a moment after the last change.
    await page.waitForFunction((kept) => (sessionStorage.getItem('state') ?? '').includes(kept), `"frozen":2,"row":${row},`);
    await page.reload();
    await page.waitForFunction(() => document.querySelector('[id="cell-40-1"]')?.classList.contains('frozen'));
    expect(await cell(page, 40, 1).evaluate((element) => element.style.width)).toBe(width);
    expect(typeof send).toBe('function');
  });

  test('tabs: a group stands together, pinned ones stay, two are compared row by row', async () => {
    const { page, tabs } = await open("SELECT 1 AS id, 'a' AS name UNION ALL SELECT 2, 'b' UNION ALL SELECT 3, 'c'");
    await page.getByRole('button', { name: 'Pin', exact: true }).click();
    const second = "SELECT 1 AS id, 'a' AS name UNION ALL SELECT 3, 'C' UNION ALL SELECT 4, 'd'";
    await tabs.open({ database: big.path, sql: second, title: 'second' });
    await tabs.open({ database: big.path, sql: second, title: 'third' });
    expect(await page.getByRole('tab').allTextContents()).toEqual([expect.stringContaining('SELECT 1'), 'third']);
    await page.getByRole('button', { name: 'Compare' }).click();
    await press(page, 'Enter');
    await page.getByText('1 same, 1 changed, 1 only right, 1 only left').waitFor();
    // The grid draws its rows a frame after the sentence above it.
    const rows = async () => (await page.locator('.grid-body .row').allInnerTexts()).map((text) => text.split('\n').slice(1).join(' '));
    await expect.poll(rows).toEqual(['≠ 3 C ⟶ c', '− 4 d', '+ 2 b']);
    await page.getByRole('tab').last().focus();
    await press(page, 'Delete');
    await page.waitForFunction(() => document.querySelectorAll('[role=tab]').length === 2);
  });

  test('a chart suits the columns and is drawn under the policy of the page', async () => {
    const { page } = await open('SELECT * FROM years');
    await page.getByRole('button', { name: 'Chart' }).click();
    await page.locator('.chart svg').waitFor();
    await expect.poll(() => page.locator('.chart svg path').count()).toBeGreaterThan(3);
    expect(await page.getByLabel('Kind of chart').inputValue()).toBe('line');
    expect(await page.getByRole('img', { name: 'Line: total / year, 3 rows' }).count()).toBe(1);
    for (const kind of ['bar', 'scatter', 'histogram']) {
      await page.getByLabel('Kind of chart').selectOption(kind);
      await page.getByRole('img', { name: new RegExp(`^${kind}`, 'i') }).waitFor();
    }
  });

  test('everything is reached by keys alone', async () => {
    const { page, exports } = await open('SELECT * FROM big');
    // The page has the keyboard as a whole at first, and the grid takes it.
    const role = () => page.evaluate(() => document.activeElement?.getAttribute('role') ?? document.activeElement?.tagName ?? '');
    const roles = [await role()];
    for (const key of ['Shift+Tab', 'Shift+Tab', 'Shift+Tab', 'Shift+Tab', 'Tab', 'Tab', 'Tab', 'Tab']) {
      await press(page, key);
      roles.push(await role());
    }
    expect(roles).toEqual(['grid', 'BUTTON', 'INPUT', 'BUTTON', 'tab', 'BUTTON', 'INPUT', 'BUTTON', 'grid']);
    await press(page, 'ArrowUp', 'Enter');
    await page.waitForFunction(() => document.querySelector('[id="cell--1-0"]')?.getAttribute('aria-sort') === 'ascending');
    await press(
      page,
      'Shift+Tab',
      'Shift+Tab',
      'Shift+Tab',
      'End',
      'Home',
      'ArrowRight',
      'ArrowRight',
      'ArrowRight',
      'ArrowRight',
      'Enter',
    );
    await page.getByRole('menu', { name: 'Export' }).waitFor();
    await press(page, 'ArrowDown', 'ArrowDown', 'Enter');
    await expect.poll(exports).toEqual(['parquet SELECT * FROM big']);
  });

  test.each(['dark', 'light', 'highContrast'] as const)('axe finds nothing serious in %s', async (theme) => {
    const { page } = await open('SELECT * FROM shapes UNION ALL SELECT 6, 7', big.path, theme);
    expect(await findFaults(page)).toEqual([]);
    await grid(page).focus();
    await press(page, 'ArrowRight', 'Control+a', 'Enter');
    await page.getByRole('button', { name: 'Close Value' }).waitFor();
    await page.getByRole('button', { name: 'Filter…' }).click();
    await page.getByRole('button', { name: 'Copy As' }).click();
    expect(await findFaults(page)).toEqual([]);
    await press(page, 'Escape');
    await page.getByRole('button', { name: 'Chart' }).click();
    await page.locator('.chart svg').waitFor();
    expect(await findFaults(page)).toEqual([]);
  });
});

describe.skipIf(chromiumPath === undefined)(`databases that change while their rows are shown${browserNote}`, () => {
  let small: TemporaryDatabase;
  const fill = `CREATE TABLE t(id INTEGER PRIMARY KEY, x); ${numbers(5000)} INSERT INTO t SELECT i, 'old' FROM n;`;
  afterEach(async () => {
    await harness?.close();
    harness = undefined;
    await small.remove();
  });

  async function scrollFar(page: Page): Promise<void> {
    await grid(page).evaluate((element) => element.scrollTo(0, 24 * 3000));
  }

  /** Only what was counted can be scrolled to. */
  async function counted(page: Page): Promise<void> {
    await page.getByText('5,000 rows').waitFor();
  }

  test('new rows make the result out of date, running again shows them', async () => {
    small = await makeDatabase(fill);
    const { page, tabs } = await open('SELECT * FROM t', small.path);
    await page.getByText('5,000 rows').waitFor();
    await small.run("INSERT INTO t VALUES (5001, 'new')");
    await expect.poll(async () => { await tabs.checkStale(); return page.getByText('The data has changed since.').count(); }, { timeout: 10_000 }).toBe(1); // prettier-ignore
    await page.getByRole('button', { name: 'Run Again' }).click();
    await page.getByText('5,001 rows').waitFor();
  });

  test.each([
    ['deleted', async (): Promise<void> => rm(small.path)],
    [
      'replaced',
      async (): Promise<void> => {
        const other = await makeDatabase("CREATE TABLE t(id INTEGER PRIMARY KEY, x); INSERT INTO t VALUES (1, 'other')");
        await rename(other.path, small.path);
        await other.remove();
      },
    ],
  ])('%s: the grid keeps what it has, says so, and does not hang', async (kind, change) => {
    // prettier-ignore
    small = await makeDatabase(fill);
    const { page } = await open('SELECT * FROM t', small.path);
    await counted(page);
    await change();
    await scrollFar(page);
    await page.getByRole('alert').getByText('could not be read').waitFor();
    await page.getByRole('button', { name: 'Run Again' }).click();
    if (kind === 'replaced') await page.waitForFunction(() => document.querySelector('[id="cell-0-1"]')?.textContent === 'other');
    else await page.getByRole('alert').getByText('shop.db').waitFor();
  });

  test('migrated: no value stands under the name of another column', async () => {
    small = await makeDatabase(fill);
    const { page } = await open('SELECT * FROM t', small.path);
    await counted(page);
    await small.run("ALTER TABLE t RENAME COLUMN x TO old; ALTER TABLE t ADD COLUMN x DEFAULT 'new'");
    await scrollFar(page);
    await page.getByRole('alert').getByText('The statement has other columns now').waitFor();
    await page.getByText('The data has changed since.').waitFor();
    // It stays: what came after it was that the data has changed.
    await page.getByRole('alert').getByText('The statement has other columns now').waitFor();
    await page.getByRole('button', { name: 'Run Again' }).click();
    await page.getByRole('columnheader', { name: 'old' }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  test('vacuumed: the rows that are scrolled to are the right ones, and said to be of another state', async () => {
    small = await makeDatabase(fill);
    const { page, tabs } = await open('SELECT * FROM t', small.path);
    await counted(page);
    await small.run('PRAGMA page_size = 1024; VACUUM');
    await scrollFar(page);
    await page.waitForFunction(() => document.querySelector('[id="cell-3005-0"]')?.textContent === '3006');
    await expect.poll(async () => { await tabs.checkStale(); return page.getByText('The data has changed since.').count(); }, { timeout: 10_000 }).toBe(1); // prettier-ignore
    expect(await page.getByRole('alert').getByText('could not be read').count()).toBe(0);
  });

  test('locked: the rows come when the writer is done', async () => {
    small = await makeDatabase(fill);
    const { page } = await open('SELECT * FROM t', small.path);
    await counted(page);
    const writer = await small.lock();
    await scrollFar(page);
    await page.getByRole('alert').getByText('could not be read').waitFor();
    await writer.release();
    await page.getByRole('button', { name: 'Try Again' }).click();
    await page.waitForFunction(() => document.querySelector('[id="cell-3005-1"]')?.textContent === 'old');
  });
});
