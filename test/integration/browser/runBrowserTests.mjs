/**
 * The packaged extension in a real browser, by keyboard: what a user does and sees. The pictures of the documentation come from here:
 * JOINERY_SCREENSHOTS names the folder that they go to; the frames of the animated one are numbered there.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openBrowser, startCodeServer } from '../../support/vscode/codeServer.mjs';
import { createVSIX } from '@vscode/vsce';
import { Editor } from './editor.mjs';
import { dialogCases } from './dialogCases.mjs';
import { keyboardCases } from './keyboardCases.mjs';
import { firstRunCases } from './firstRunCases.mjs';
import { treeCases, writeTreeFiles } from './treeCases.mjs';
import { languageCases, writeLanguageFiles } from './languageCases.mjs';
import { resultsCases, writeResultsFiles } from './resultsCases.mjs';
import { runningCases, writeRunningFiles } from './runningCases.mjs';

/** Models are slow on a busy machine; nothing here measures time. */
const patience = { timeout: 240_000 };

function expect(condition, what) {
  if (!condition) throw new Error(what);
}

const cases = [
  {
    name: 'a question typed as a comment shows ghost text, Tab takes it, the status bar says what was checked',
    async run({ page, editor, picture, frame }) {
      await editor.open('first.sql');
      await editor.status(/shop\.db/);
      await frame();
      for (const word of ['-- how', ' many', ' customers', ' are', ' there']) {
        await page.keyboard.type(word);
        await frame();
      }
      await page.keyboard.press('Enter');
      await frame();
      await page
        .locator('[class*="ghost-text"]')
        .first()
        .waitFor({ ...patience, state: 'attached' });
      await editor.status(/ran, \d+ row/);
      await picture('ghost-text');
      await frame();
      await page.keyboard.press('Tab');
      const text = await editor.text();
      expect(/SELECT[\s\S]+customers/i.test(text), `the statement is in the editor: ${text}`);
      await frame();
      await picture('accepted');
    },
  },
  {
    name: 'Ask… lists the answer with its first rows and inserts it',
    async run({ page, editor, picture }) {
      await editor.open('second.sql');
      await editor.command('Joinery: Ask');
      await page.locator('.quick-input-title', { hasText: 'Ask data/shop.db' }).waitFor(patience);
      await page.keyboard.type('which stores are there');
      await page.locator('.quick-input-list .monaco-list-row', { hasText: 'which stores are there' }).first().waitFor(patience);
      await page.keyboard.press('Enter');
      await page
        .locator('.quick-input-list .monaco-list-row', { hasText: /SELECT/i })
        .first()
        .waitFor(patience);
      await page.locator('.quick-input-widget input[placeholder^="Enter inserts"]').waitFor(patience);
      await picture('ask');
      await page.keyboard.press('Enter');
      await page
        .locator('.editor-instance .view-line', { hasText: /SELECT/i })
        .first()
        .waitFor(patience);
      expect(/stores/i.test(await editor.text()), 'the statement names the table');
    },
  },
  {
    name: 'a sql: comment in TypeScript becomes a template literal',
    async run({ page, editor, picture }) {
      await editor.open('orders.ts');
      await page.keyboard.type('// sql: how many books are there');
      await page.keyboard.press('Enter');
      await page
        .locator('[class*="ghost-text"]')
        .first()
        .waitFor({ ...patience, state: 'attached' });
      await picture('typescript');
      await page.keyboard.press('Tab');
      const text = await editor.text();
      expect(/const sql = `/.test(text), `a template literal is in the editor: ${text}`);
    },
  },
];

function writeFiles(workspace) {
  writeFileSync(path.join(workspace, 'first.sql'), '-- @db data/shop.db\n\n');
  writeFileSync(path.join(workspace, 'second.sql'), '-- @db data/shop.db\n\n');
  writeFileSync(path.join(workspace, 'why.sql'), '-- @db data/shop.db\n\n');
  writeFileSync(path.join(workspace, 'orders.ts'), '// @db data/library.db\n\n');
}

/** In the order in which they run; JOINERY_BROWSER_CASES, a regular expression, chooses some by name while one is being written. */
function allCases(workspace) {
  const wanted = new RegExp(process.env.JOINERY_BROWSER_CASES ?? '', 'i');
  const all = [
    ...cases,
    ...treeCases(workspace),
    ...keyboardCases,
    ...firstRunCases,
    ...languageCases,
    ...runningCases(workspace),
    ...resultsCases,
    ...dialogCases(workspace),
  ];
  return all.filter(({ name }) => wanted.test(name));
}

/** An extension that calls what only extensions can call. */
async function packProbe(folder) {
  const packagePath = path.join(folder, 'probe.vsix');
  const cwd = path.join(import.meta.dirname, 'probe');
  await createVSIX({ cwd, packagePath, dependencies: false, skipLicense: true, allowMissingRepository: true });
  return packagePath;
}

/** One result per case: `{name, state, reason?}`. */
export async function runBrowserTests({ ide, workspace, vsix, settings }) {
  const named = (name) => `Browser: ${name}`;
  const reason = ide.node === undefined ? 'code-server is for Linux on x64' : 'no Chromium on this machine';
  if (ide.node === undefined || ide.browser === undefined)
    return allCases(workspace).map(({ name }) => ({ name: named(name), state: 'skipped', reason }));
  writeFiles(workspace);
  writeRunningFiles(workspace);
  writeResultsFiles(workspace);
  writeLanguageFiles(workspace);
  writeTreeFiles(workspace);
  const pictures = process.env.JOINERY_SCREENSHOTS ?? path.join(path.dirname(workspace), 'pictures');
  mkdirSync(pictures, { recursive: true });
  const look = {
    'workbench.colorTheme': 'Default Dark Modern',
    'editor.fontSize': 15,
    'chat.commandCenter.enabled': false,
    'typescript.validate.enable': false,
  };
  const server = await startCodeServer(ide, { vsix: [vsix, await packProbe(path.dirname(workspace))], settings: { ...settings, ...look } });
  const { page, close } = await openBrowser(ide, { width: 1100, height: 560 });
  const picture = (name, of = page) => of.screenshot({ path: path.join(pictures, `${name}.png`) });
  /** Another window of the same editor. */
  const newEditor = async (address) => {
    const other = await page.context().newPage();
    await other.goto(address);
    await other.locator('.monaco-workbench').waitFor(patience);
    return { page: other, editor: new Editor(other), close: () => other.close().then(() => page.bringToFront()) };
  };
  let frames = 0;
  const frame = async () => {
    if (process.env.JOINERY_SCREENSHOTS) await picture(`frame-${String(frames++).padStart(2, '0')}`);
  };
  const results = [];
  try {
    await page.goto(`${server.url}/?folder=${encodeURIComponent(workspace)}`);
    await page.locator('.monaco-workbench').waitFor(patience);
    await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor(patience);
    for (const { name, run } of allCases(workspace)) {
      const problem = await run({ page, editor: new Editor(page), newEditor, picture, frame }).then(() => undefined, (error) => error); // prettier-ignore
      if (problem) await picture(`failed-${results.length}`);
      console.log(`  ${problem ? 'FAIL' : 'ok  '} ${name}${problem ? `\n${problem.stack}` : ''}`);
      results.push({ name: named(name), state: problem ? 'failed' : 'passed', ...(problem ? { reason: String(problem) } : {}) });
      await page.keyboard.press('Escape');
    }
  } finally {
    await close();
    await server.stop();
  }
  return results;
}
