/** The page of answers in a browser: what it shows, what its buttons say to the extension, its accessibility in three themes. */
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type AnswersMessage, type AnswersPage } from '../../src/protocol/answersPage.js';
import { findFaults } from './axe.js';
import { browserNote, chromiumPath, openPage, type OpenedPage } from './openPage.js';
import { type ThemeName } from './pageThemes.js';

const actions = [
  { id: 'insert', label: 'Use This', icon: 'check' },
  { id: 'copy', label: 'Copy', icon: 'copy' },
] as const;

const shown: AnswersPage = {
  heading: 'top customers <b>by</b> revenue',
  database: 'data/shop.db',
  answers: [
    {
      title: 'Answer',
      sql: 'SELECT c.name, SUM(l.amount)\nFROM customers AS c\nJOIN orders AS o ON o.customer_id = c.customer_id\nGROUP BY c.name',
      facts: ['2 rows', '4 ms', '3 of 5 agree', 'customers ⋈ orders'],
      warnings: ['Careful: rows of customers are counted several times by a one-to-many join.'],
      explanation: 'Reads customers. Joins orders.',
      result: { columns: ['name', 'sum'], rows: [['Ann <i>', '12'], [null, '']], note: 'The first 2 rows.', own: [1] }, // prettier-ignore
      actions,
    },
    { title: 'Other answer 1', sql: 'SELECT 1', facts: [], warnings: [], explanation: '', result: { columns: ['1'], rows: [], note: 'No rows.', own: [] }, actions }, // prettier-ignore
  ],
  reasonsTitle: 'Why this SQL',
  reasons: [
    { title: 'Words of the question that met the database', columns: ['Words', 'Meaning'], rows: [['customers', 'a table']], empty: '' },
    { title: 'Ways to join them', columns: ['Path'], rows: [], empty: 'One table is enough.' },
  ],
  focus: 'answers',
  nullText: 'NULL',
  ownRow: 'Only this answer has this row.',
};

let opened: OpenedPage | undefined;
const messages: unknown[] = [];

async function open(page: AnswersPage, theme: ThemeName = 'dark', width = 1100): Promise<OpenedPage> {
  messages.length = 0;
  opened = await openPage({
    bundles: ['answers'],
    data: () => null,
    theme,
    width,
    height: 900,
    onMessage: (message) => messages.push(message),
  });
  const message: AnswersMessage = { kind: 'show', page };
  await opened.send(message);
  await opened.page.getByRole('heading', { level: 1 }).waitFor();
  return opened;
}

describe.skipIf(chromiumPath === undefined)(`the page of answers${browserNote}`, () => {
  afterEach(async () => {
    const errors = opened?.errors ?? [];
    await opened?.close();
    opened = undefined;
    expect(errors).toEqual([]);
  });

  test('answers stand side by side, and below each other in a narrow page', async () => {
    const { page } = await open(shown);
    const boxes = await Promise.all([0, 1].map((at) => page.locator('.answer').nth(at).boundingBox()));
    expect(boxes[0]?.y).toBe(boxes[1]?.y);
    await page.setViewportSize({ width: 500, height: 900 });
    const narrow = await Promise.all([0, 1].map((at) => page.locator('.answer').nth(at).boundingBox()));
    expect(narrow[0]?.x).toBe(narrow[1]?.x);
  });

  test('text is text, NULL is told apart from an empty text, rows of its own are marked', async () => {
    const { page } = await open(shown);
    expect(await page.locator('h1').textContent()).toBe(shown.heading);
    expect(await page.locator('.answer i').count()).toBe(0);
    expect(await page.locator('tbody tr').nth(1).locator('td').allTextContents()).toEqual(['NULL', '']);
    expect(await page.locator('tr.own').getAttribute('title')).toBe(shown.ownRow);
    await page.getByText('One table is enough.').waitFor();
  });

  test('buttons say which answer is meant, by keyboard too', async () => {
    const { page } = await open(shown);
    await page.getByRole('button', { name: 'Use This' }).nth(1).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Copy' }).first().click();
    await expect.poll(() => messages).toEqual([{ kind: 'ready' }, { kind: 'insert', answer: 1 }, { kind: 'copy', answer: 0 }]);
  });

  test('the focus goes to the reasons when they were asked for', async () => {
    const { page } = await open({ ...shown, focus: 'reasons' });
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('reasons');
  });

  test('a page that was hidden comes back with what it showed', async () => {
    const { page } = await open(shown);
    await page.reload();
    await page.getByRole('heading', { level: 1, name: shown.heading }).waitFor();
  });

  for (const theme of ['dark', 'light', 'highContrast'] as const)
    test(`nothing serious for axe, ${theme}`, async () => {
      const { page } = await open(shown, theme);
      expect(await findFaults(page)).toEqual([]);
      const pictures = process.env['JOINERY_SCREENSHOTS'];
      if (pictures !== undefined) await page.screenshot({ path: path.join(pictures, `answers-${theme}.png`) });
    });
});
