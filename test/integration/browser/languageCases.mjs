/** Writing SQL by hand, as a user sees it: the finished join in the list, the fault with its fix. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';

const patience = { timeout: 120_000 };

export function writeLanguageFiles(workspace) {
  writeFileSync(path.join(workspace, 'typed.sql'), '-- @db data/shop.db\n\n');
  const text = 'SELECT c.first_name, p.nam\nFROM customers c\nJOIN orders o ON o.customer_id = c.customer_id;\n';
  writeFileSync(path.join(workspace, 'faulty.sql'), `-- @db data/shop.db\n\n${text}`);
}

export const languageCases = [
  {
    name: 'JOIN is followed by the finished condition, Enter takes it',
    async run({ page, editor, picture }) {
      await editor.open('typed.sql');
      await page.keyboard.type('SELECT * FROM orders o JOIN ');
      const first = page.locator('.suggest-widget .monaco-list-row').first();
      await first.waitFor(patience);
      await page.locator('.suggest-widget .monaco-list-row', { hasText: 'customers c' }).first().waitFor(patience);
      await picture('join-completion');
      await page.keyboard.press('Enter');
      const joined = page.locator('.editor-instance .view-line', { hasText: /JOIN\s\w+\s\w+\sON\s\w+\.\w+\s=\s\w+\.\w+/ });
      await joined.first().waitFor(patience);
    },
  },
  {
    name: 'a fault is underlined where it stands, and a fix is offered',
    async run({ page, editor, picture }) {
      await editor.open('faulty.sql');
      await page.locator('.squiggly-error').first().waitFor(patience);
      await page.keyboard.press('F8');
      await page
        .locator('.peekview-widget, .marker-widget', { hasText: /no such column/ })
        .first()
        .waitFor(patience);
      await picture('fault');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+.');
      await page
        .locator('.action-widget', { hasText: /Join|Change to/ })
        .first()
        .waitFor(patience);
      await picture('fault-fixes');
      await page.keyboard.press('Escape');
    },
  },
];
