/** The workbench without a mouse: every step here is a key, from the schema tree over the graph to the grid of results. */
const patience = { timeout: 120_000 };

function expect(condition, what) {
  if (!condition) throw new Error(what);
}

/** Presses a key until the page says that it is enough. */
async function pressUntil(page, key, isEnough, what, most = 60) {
  for (let pressed = 0; pressed < most; pressed++) {
    if (await isEnough()) return;
    await page.keyboard.press(key);
    await page.waitForTimeout(100);
  }
  throw new Error(`${most} times ${key}, and still not ${what}`);
}

/** The document of the webview that has this element: VS Code puts each into a frame inside a frame. */
async function frameWith(page, selector) {
  const deadline = Date.now() + patience.timeout;
  while (Date.now() < deadline) {
    for (const frame of page.frames()) if ((await frame.locator(selector).count().catch(() => 0)) > 0) return frame; // prettier-ignore
    await page.waitForTimeout(200);
  }
  throw new Error(`no page has ${selector}`);
}

const focusedRow = async (page) => (await page.locator('.sidebar .monaco-list-row.focused').first().innerText({ timeout: 5_000 }).catch(() => '')).trim(); // prettier-ignore
const isOn = (page, name) => async () => (await focusedRow(page)).startsWith(name);
/** Class of what has the keyboard in a webview. */
const focusIn = (frame) => frame.evaluate(() => (document.hasFocus() ? (document.activeElement?.className ?? '') : 'elsewhere'));

export const keyboardCases = [
  {
    name: 'without a mouse: from the tree over the graph to the grid',
    async run({ page, editor, picture }) {
      await editor.command('View: Close All Editors');
      const tree = 'Focus on Databases View';
      await editor.command(tree);
      // A view that is still empty has nothing that could take the keyboard.
      await page.locator('.sidebar .monaco-list-row', { hasText: 'library.db' }).first().waitFor(patience);
      await editor.command(tree);
      await page.locator('.sidebar .monaco-list:focus').first().waitFor(patience);

      // The tree: a database is opened, a table found, its hover read.
      await page.keyboard.press('Home');
      await pressUntil(page, 'ArrowDown', isOn(page, 'library.db'), 'on library.db');
      await page.keyboard.press('ArrowRight');
      await page.locator('.sidebar .monaco-list-row', { hasText: 'loans' }).first().waitFor(patience);
      await pressUntil(page, 'ArrowDown', isOn(page, 'loans'), 'on loans');
      const hover = page.locator('.monaco-hover:visible', { hasText: 'books' }).first();
      await page.keyboard.press('Control+K');
      await page.keyboard.press('Control+I');
      await hover.waitFor(patience);
      await picture('keys-tree');
      await page.keyboard.press('Escape');
      await hover.waitFor({ ...patience, state: 'hidden' });

      expect(await isOn(page, 'loans')(), `the keyboard is still in the tree, not on "${await focusedRow(page)}"`);

      // The graph has the keyboard at once; keys go from table to table, and a path is chosen.
      await editor.command('Joinery: Open Schema Graph');
      await page.locator('.quick-input-list .monaco-list-row', { hasText: 'library.db' }).first().waitFor(patience);
      await page.keyboard.type('library');
      await page.keyboard.press('Enter');
      const graph = await frameWith(page, '.stage');
      await graph.locator('.table-box[aria-label^="loans, "]').waitFor({ ...patience, state: 'attached' });
      await pressUntil(page, 'Shift', async () => (await focusIn(graph)) === 'stage', 'in the graph', 30);
      const selected = () => graph.locator('.table-box.selected').getAttribute('aria-label', { timeout: 5_000 });
      await page.keyboard.press('ArrowRight');
      const first = await selected();
      await page.keyboard.press('ArrowLeft');
      expect(first !== (await selected()), `arrows go from table to table, not from ${first} to itself`);
      await picture('keys-graph');
      const active = () => graph.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
      await page.keyboard.press('/');
      await pressUntil(page, 'Tab', async () => /path/i.test(await active()), 'on the button of paths', 30);
      await page.keyboard.press('Enter');
      // The chosen table is one end already; another is put in its place.
      await pressUntil(page, 'Shift', async () => /: To/.test(await active()), 'in the second field of the path', 10);
      await page.keyboard.press('Shift+Tab');
      await page.keyboard.type('loans');
      await page.keyboard.press('Tab');
      await page.keyboard.type('authors');
      await page.keyboard.press('Enter');
      await graph.locator('.path-about', { hasText: 'loans → books → book_authors → authors' }).waitFor(patience);
      await picture('keys-path');
      await pressUntil(page, 'Tab', async () => /SQL/.test(await active()), 'on the button that writes the join', 10);
      await page.keyboard.press('Enter');

      // Its statement stands in an editor, and runs.
      await page.locator('.editor-instance .view-line', { hasText: 'JOIN' }).first().waitFor(patience);
      expect(/FROM loans\s+JOIN books/.test(await editor.text()), await editor.text());
      await page.keyboard.press('Control+Alt+Enter');
      const results = await frameWith(page, '#cell-0-0');

      // The rows are reached by the editor's own keys for the group on the right, and walked through.
      await page.keyboard.press('Control+K');
      await page.keyboard.press('Control+ArrowRight');
      await pressUntil(page, 'Shift', async () => /grid/.test(await focusIn(results)), 'in the grid', 50);
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowRight');
      await results.locator('[role=grid][aria-activedescendant="cell-1-1"]').waitFor(patience);
      await page.keyboard.press('Enter');
      await results.getByRole('button', { name: 'Close Value' }).waitFor(patience);
      await picture('keys-grid');
      await page.keyboard.press('Escape');
      await pressUntil(page, 'Shift', async () => /grid/.test(await focusIn(results)), 'in the grid again', 10);
      await page.keyboard.press('Shift+F10');
      await results.locator('[role=menu]').waitFor(patience);
      await page.keyboard.press('Escape');

      // What follows looks for the only group of editors; an empty text without a file closes unasked.
      await page.keyboard.press('Control+K');
      await page.keyboard.press('Control+ArrowLeft');
      await page.locator('.monaco-editor.focused').first().waitFor(patience);
      await page.keyboard.press('Control+A');
      await page.keyboard.press('Delete');
      await editor.command('View: Close All Editors');
      await page.locator('.editor-group-container.empty').waitFor(patience);
    },
  },
];
