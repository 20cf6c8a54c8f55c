/** Results as a user meets them: rows in the page beside the file, sorted, opened and drawn, under VS Code's own policy for pages. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';

const patience = { timeout: 120_000 };

function expect(condition, what) {
  if (!condition) throw new Error(what);
}

/** The document of the page: VS Code puts it into a frame inside a frame. */
function pageOf(page) {
  return page.frameLocator('iframe.webview.ready').last().frameLocator('#active-frame');
}

/**
 * VS Code in a browser keeps its state every few seconds; a reload before that is a reload of what was there earlier. Each of `together` is a list
 * of texts that stand in one kept entry, `key=value`.
 */
async function stateIsKept(page, ...together) {
  const deadline = Date.now() + patience.timeout;
  // Asked again from here: the page's own waiting takes a promise for a yes.
  for (;;) {
    // It keeps nothing while its window has no focus.
    await page.bringToFront();
    await page.locator('.tab', { hasText: 'genres.sql' }).first().click();
    const kept = await page.evaluate(keptEntries);
    if (together.every((texts) => kept.some((entry) => texts.every((text) => entry.includes(text))))) return;
    if (Date.now() > deadline) throw new Error(`VS Code has not kept ${JSON.stringify(together)}`);
    await page.waitForTimeout(500);
  }
}

/** Runs in the page. */
async function keptEntries() {
  const kept = [];
  const found = await indexedDB.databases();
  for (const { name } of found.filter((one) => one.name?.startsWith('vscode-web-state-db'))) {
    const entries = await new Promise((resolve, reject) => {
      const opening = indexedDB.open(name);
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const store = opening.result.transaction('ItemTable').objectStore('ItemTable');
        const [keys, values] = [store.getAllKeys(), store.getAll()];
        store.transaction.onerror = () => reject(store.transaction.error);
        store.transaction.oncomplete = () => {
          opening.result.close();
          resolve(keys.result.map((key, at) => `${key}=${values.result[at]}`));
        };
      };
    });
    kept.push(...entries);
  }
  return kept;
}

export function writeResultsFiles(workspace) {
  const sql = 'SELECT genre, count(*) AS books, sum(pages) AS pages, NULL AS none FROM books GROUP BY genre;';
  writeFileSync(path.join(workspace, 'genres.sql'), `-- @db data/library.db\n\n${sql}\n`);
}

export const resultsCases = [
  {
    name: 'rows of a statement are shown, sorted, opened and drawn',
    async run({ page, editor, picture }) {
      await editor.command('View: Close All Editors');
      await editor.open('genres.sql');
      await page.locator('.codelens-decoration a', { hasText: 'Run' }).first().click();
      const results = pageOf(page);
      await results.getByText(/\d+ rows? ·/).waitFor(patience);
      await results.getByRole('columnheader', { name: 'books' }).click();
      await results.locator('[aria-sort=ascending]').waitFor(patience);
      await results.locator('#cell-0-0').dblclick();
      await results.getByRole('button', { name: 'Close Value' }).click();
      await results.getByRole('button', { name: 'Chart' }).click();
      await results.locator('.chart svg').waitFor(patience);
      await picture('results');
      expect((await results.locator('.grid-body .row').count()) > 1, 'there are rows');
    },
  },
  {
    name: 'results come back after the window was reloaded',
    async run({ page }) {
      // The page beside its file among the editors, and the tab with its order.
      await stateIsKept(
        page,
        ['workbench.parts.editor=', 'Webview-joinery.results', 'genres.sql'],
        ['FROM books GROUP BY genre', '"descending":false'],
      );
      await page.reload();
      await page.locator('.monaco-workbench').waitFor(patience);
      const results = pageOf(page);
      await results.getByText(/\d+ rows? ·/).waitFor(patience);
      await results.locator('[aria-sort=ascending]').waitFor(patience);
    },
  },
  {
    name: 'the graph comes back after the window was reloaded, and the tree lists and opens its databases again',
    async run({ page, editor, picture }) {
      // A click on the icon of the view that is shown hides it.
      if ((await page.locator('.sidebar .title-label', { hasText: 'Joinery' }).count()) === 0)
        await page.locator('.activitybar .action-item a[aria-label^="Joinery"]').first().click();
      const row = (name) => page.locator('.sidebar .monaco-list-row', { hasText: name }).first();
      const expand = async () => {
        await row('library.db').waitFor(patience);
        // VS Code itself does not keep what was expanded over a reload.
        if ((await row('library.db').getAttribute('aria-expanded')) !== 'true') await row('library.db').click();
        await row('loans').waitFor(patience);
      };
      await expand();
      await editor.command('View: Close All Editors');
      await editor.open('genres.sql');
      await editor.command('Joinery: Open Schema Graph');
      await page.locator('.quick-input-list .monaco-list-row', { hasText: 'library.db' }).first().click();
      const drawn = () =>
        pageOf(page)
          .locator('.table-box[aria-label^="loans, "]')
          .waitFor({ ...patience, state: 'attached' });
      await drawn();
      // With what the page says of itself: whose graph it is.
      await stateIsKept(page, ['workbench.parts.editor=', 'Webview-joinery.graph', 'workspace/data/library.db']);
      await page.reload();
      await page.locator('.monaco-workbench').waitFor(patience);
      await expand();
      await page.locator('.tab', { hasText: 'Schema graph: data/library.db' }).first().click();
      await drawn();
      await picture('graph-reloaded');
    },
  },
];
