/** The schema tree as a user meets it in a browser: a table is hovered, its join is put into the open SQL file by the link. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import sqlite3 from '@vscode/sqlite3';

const patience = { timeout: 120_000 };

function expect(condition, what) {
  if (!condition) throw new Error(what);
}

export function writeTreeFiles(workspace) {
  writeFileSync(
    path.join(workspace, 'joins.sql'),
    '-- @db data/library.db\n\nSELECT authors.name\nFROM authors\nWHERE authors.birth_year > 1950;\n',
  );
}

const row = (page, name) => page.locator('.sidebar .monaco-list-row', { hasText: name }).first();

async function expand(page, name) {
  await row(page, name).waitFor(patience);
  if ((await row(page, name).getAttribute('aria-expanded')) !== 'true') await row(page, name).click();
}

/** Hovers fade in; a picture waits for the end of it. */
async function clear(hover) {
  const seen = () =>
    hover.evaluate((element) => Number(getComputedStyle(element.closest('.workbench-hover-container') ?? element).opacity));
  for (let tries = 0; tries < 50 && (await seen()) < 1; tries++) await hover.page().waitForTimeout(50);
  return hover;
}

/** The hover of a row, once it says what is wanted; the mouse comes again until the facts have been read. */
async function hoverOf(page, name, wanted) {
  const hover = page.locator('.monaco-hover:visible', { hasText: wanted }).first();
  for (let tries = 0; tries < 30; tries++) {
    await page.mouse.move(900, 500);
    await row(page, name).hover();
    if (await hover.waitFor({ timeout: 4_000 }).then(() => true, () => false)) return clear(hover); // prettier-ignore
  }
  throw new Error(`no hover of ${name} says ${wanted}`);
}

/** Changes a database as another program would. */
function change(file, sql) {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(file, (failure) => {
      if (failure) reject(failure);
      else database.exec(sql, (error) => database.close(() => (error ? reject(error) : resolve())));
    });
  });
}

/** `workspace` is the folder that is open. */
export const treeCases = (workspace) => [
  {
    name: 'hovering a table shows its join path to the table of the open file, and the link inserts it',
    async run({ page, editor, picture }) {
      await editor.open('joins.sql');
      await page.keyboard.press('Control+Home');
      for (let line = 0; line < 3; line++) await page.keyboard.press('ArrowDown');
      await page.locator('.activitybar .action-item a[aria-label^="Joinery"]').first().click();
      await expand(page, 'library.db');
      await row(page, 'loans').waitFor(patience);
      const hover = await hoverOf(page, 'loans', 'loans → books → book_authors → authors');
      const text = await hover.innerText();
      for (const part of ['open SQL file', 'JOIN books ON books.book_id = loans.book_id', 'N:1, 1:N, N:1', 'Show in graph'])
        expect(text.replaceAll('\u00a0', ' ').includes(part), `${part} in ${text}`);
      await picture('tree-hover');
      await hover.locator('a', { hasText: 'Insert this join' }).first().click();
      await page.locator('.editor-instance .view-line', { hasText: 'JOIN' }).first().waitFor(patience);
      const written = await editor.text();
      expect(/FROM authors\s+JOIN book_authors ON book_authors\.author_id = authors\.author_id/.test(written), written);
      await picture('tree-inserted');
    },
  },
  {
    name: 'a migration shows at once, and what is expanded and selected stays',
    async run({ page, picture }) {
      await expand(page, 'loans');
      await row(page, 'loan_id').click();
      await change(path.join(workspace, 'data', 'library.db'), 'ALTER TABLE loans ADD COLUMN note TEXT; CREATE TABLE zz_last (a)');
      await row(page, 'zz_last').waitFor(patience);
      await row(page, 'note').waitFor(patience);
      const selected = await page.locator('.sidebar .monaco-list-row.selected').innerText();
      expect(selected.startsWith('loan_id'), selected);
      await picture('tree-live');
    },
  },
  {
    name: 'columns and relations have hovers of their own',
    async run({ page, picture }) {
      await expand(page, 'loans');
      await row(page, 'returned_on').waitFor(patience);
      await hoverOf(page, 'returned_on', 'distinct values');
      await picture('tree-column');
      await expand(page, 'Relations');
      await hoverOf(page, '(book_id) → books', 'distinct values exist there');
      await picture('tree-relation');
    },
  },
];
