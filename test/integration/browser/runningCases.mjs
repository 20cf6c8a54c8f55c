/** Running, explaining and changing as a user does it in a browser; the database is read afterwards to see what became of it. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sqlite3 from '@vscode/sqlite3';

const patience = { timeout: 120_000 };
const sum = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');

function query(file, sql) {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(file, sqlite3.OPEN_READONLY, (failure) => {
      if (failure) reject(failure);
      else database.all(sql, (error, rows) => database.close(() => (error ? reject(error) : resolve(rows))));
    });
  });
}

function expect(condition, what) {
  if (!condition) throw new Error(what);
}

export function writeRunningFiles(workspace) {
  const plan = "SELECT title FROM books WHERE genre = 'poetry' ORDER BY title;";
  const change = "UPDATE books SET genre = 'verse' WHERE genre = 'poetry' AND pages < 120;";
  writeFileSync(path.join(workspace, 'plan.sql'), `-- @db data/library.db\n\n${plan}\n`);
  writeFileSync(path.join(workspace, 'change.sql'), `-- @db data/library.db\n\n${change}\n`);
}

/** `workspace` is the folder that is open. */
export function runningCases(workspace) {
  const library = path.join(workspace, 'data', 'library.db');
  return [
    {
      name: 'a statement is run from its lens, and its plan names the index that would help',
      async run({ page, editor, picture }) {
        await editor.open('plan.sql');
        const lens = page.locator('.codelens-decoration a', { hasText: 'Explain' }).first();
        await lens.waitFor(patience);
        await lens.click();
        const rows = page.locator('.pane-body .monaco-list-row');
        await rows.filter({ hasText: 'SCAN books' }).waitFor(patience);
        await rows.filter({ hasText: 'An index on books(genre' }).waitFor(patience);
        await picture('query-plan');
        await page.locator('.codelens-decoration a', { hasText: 'Run' }).first().click();
        await page
          .locator('iframe.webview')
          .first()
          .waitFor({ ...patience, state: 'attached' });
      },
    },
    {
      name: 'changes are shown as a difference, written on a confirmation that names the database, after a backup',
      async run({ page, editor, picture }) {
        const [before, [{ n }]] = [
          sum(library),
          await query(library, "SELECT count(*) AS n FROM books WHERE genre = 'poetry' AND pages < 120"),
        ];
        await editor.command('View: Close All Editors');
        await editor.command('View: Hide Panel');
        await editor.open('change.sql');
        await page.keyboard.press('Control+Home');
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('ArrowDown');
        await editor.command('Joinery: Preview Changes on a Copy');
        await page
          .locator('.view-line', { hasText: /books:.{1,12}updated/ })
          .first()
          .waitFor(patience);
        const lens = page.locator('.codelens-decoration a', { hasText: 'Apply to' });
        await lens.waitFor(patience);
        await picture('write-preview');
        expect(sum(library) === before, 'the preview leaves the database as it is');
        await lens.click();
        const dialog = page.locator('.monaco-dialog-box');
        await dialog.waitFor(patience);
        await picture('write-confirm');
        expect((await dialog.innerText()).includes('library.db'), 'the confirmation names the database');
        await dialog.locator('.monaco-button', { hasText: 'Cancel' }).click();
        await dialog.waitFor({ ...patience, state: 'detached' });
        expect(sum(library) === before, 'a confirmation that was dismissed writes nothing');
        await lens.click();
        await dialog.waitFor(patience);
        await dialog.locator('.monaco-button', { hasText: 'Write to library.db' }).click();
        const notice = page.locator('.notification-toast', { hasText: 'Backup:' });
        await notice.waitFor(patience);
        await picture('write-done');
        const backup = /Backup: (.+\.db)/.exec(await notice.innerText())?.[1] ?? '';
        const verses = "SELECT count(*) AS n FROM books WHERE genre = 'verse'";
        expect((await query(library, verses))[0].n === n && n > 0, 'the rows are changed');
        expect((await query(backup, verses))[0].n === 0, 'the backup is what was');
      },
    },
  ];
}
