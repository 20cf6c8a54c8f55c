/**
 * The questions that Joinery puts before something leaves the user's hands, each answered with yes and with no, and what came of it: VS Code
 * shows no dialogs to tests inside its extension host, so they are pressed here.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';

const patience = { timeout: 120_000 };

function expect(condition, what) {
  if (!condition) throw new Error(what);
}

const dialogOf = (page) => page.locator('.monaco-dialog-box');

/** The text of the dialog; it is gone afterwards. */
async function press(page, button) {
  const dialog = dialogOf(page);
  await dialog.waitFor(patience);
  const text = (await dialog.innerText()).replaceAll('\u00a0', ' ');
  await dialog.locator('.monaco-button', { hasText: button }).first().click();
  await dialog.waitFor({ ...patience, state: 'detached' });
  return text;
}

let calls = 0;

/** Has the probe make the calls; `answer` presses what comes of them. The results, in order. */
async function probe(editor, folder, wanted, answer = async () => undefined) {
  const id = ++calls;
  const results = path.join(folder, 'probe-results.json');
  rmSync(results, { force: true });
  writeFileSync(path.join(folder, 'probe.json'), JSON.stringify({ id, calls: wanted }));
  await editor.command('Probe: Run the Calls');
  await answer();
  for (let tries = 0; tries < 1200 && !existsSync(results); tries++) await editor.page.waitForTimeout(100);
  const found = JSON.parse(readFileSync(results, 'utf8'));
  expect(found.id === id, 'the results are those of the calls');
  return found.results;
}

const settingsOf = (folder) => {
  const file = path.join(folder, '.vscode', 'settings.json');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
};

/** What a team's server would be asked for. */
async function startServer() {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ object: 'list', data: [{ id: 'team-model', object: 'model' }] }));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { asked, url: `http://127.0.0.1:${server.address().port}/v1`, stop: () => new Promise((resolve) => server.close(resolve)) };
}

async function typeInto(page, title, text) {
  await page.locator('.quick-input-title', { hasText: title }).waitFor(patience);
  const input = page.locator('.quick-input-widget input').first();
  await input.fill(text);
  await page.keyboard.press('Enter');
}

async function useServer({ page, editor }, url, button) {
  await editor.command("Joinery: Use a Team's Server");
  await typeInto(page, 'Server', url);
  await page.locator('.quick-input-widget input[type="password"]').waitFor(patience);
  await page.keyboard.press('Enter');
  return press(page, button);
}

const query = { tool: 'joinery_run_readonly_query', input: { database: 'data/library.db', sql: 'SELECT count(*) AS n FROM authors' } };
const pairOf = (folder) => ({ question: 'how many books', sql: 'SELECT count(*) FROM books', database: path.join(folder, 'data', 'library.db') }); // prettier-ignore
const accept = (folder) => ({ command: 'joinery.accepted', args: [pairOf(folder)] });

/** A window on a folder of its own, where nobody has accepted an answer yet: elsewhere earlier cases may have been asked already. */
async function inFreshWorkspace(workspace, name, { page, newEditor }, work) {
  const folder = path.join(path.dirname(workspace), name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(path.join(folder, 'data'), { recursive: true });
  const { page: other, editor, close } = await newEditor(`${new URL(page.url()).origin}/?folder=${encodeURIComponent(folder)}`);
  try {
    await other.locator('.activitybar .action-item a[aria-label^="Joinery"]').first().waitFor(patience);
    await work({ editor, folder, toast: other.locator('.notification-toast', { hasText: 'Keep accepted questions' }) });
  } finally {
    await close();
  }
}

/** `workspace` is the folder that is open. */
export const dialogCases = (workspace) => [
  {
    name: 'a query of an agent is confirmed with its text; cancelled, nothing of the data is given',
    async run({ page, editor, picture }) {
      let said = '';
      const [refused] = await probe(editor, workspace, [query], async () => {
        await dialogOf(page).waitFor(patience);
        await picture('agent-confirm');
        said = await press(page, 'Cancel');
      });
      expect(/Run this query\?/.test(said), said);
      expect(said.includes('library.db') && said.includes('SELECT count(*) AS n FROM authors'), said);
      expect(refused.error !== undefined && refused.value === undefined, JSON.stringify(refused));
      const [given] = await probe(editor, workspace, [query], async () => {
        await dialogOf(page).waitFor(patience);
        await page.keyboard.press('Enter');
      });
      expect(/\b\d+\b/.test(given.value ?? ''), JSON.stringify(given));
    },
  },
  {
    name: 'keeping accepted answers is asked once; No keeps nothing and is not asked again',
    run: (context) =>
      inFreshWorkspace(workspace, 'refusing', context, async ({ editor, folder, toast }) => {
        await probe(editor, folder, [accept(folder), accept(folder), accept(folder)]);
        await toast.waitFor(patience);
        await context.picture('consent', editor.page);
        await toast.locator('.monaco-button', { hasText: 'No' }).click();
        await toast.waitFor({ ...patience, state: 'detached' });
        await probe(editor, folder, [accept(folder), accept(folder), accept(folder)]);
        expect((await toast.count()) === 0, 'it is not asked again');
        expect(!existsSync(path.join(folder, '.joinery', 'pairs.jsonl')), 'nothing is kept');
        expect(!settingsOf(folder).includes('keepAcceptedPairs'), settingsOf(folder));
      }),
  },
  {
    name: 'keeping accepted answers, agreed to in another workspace, keeps them from then on',
    run: (context) =>
      inFreshWorkspace(workspace, 'agreeing', context, async ({ editor, folder, toast }) => {
        await probe(editor, folder, [accept(folder), accept(folder), accept(folder)]);
        await toast.waitFor(patience);
        await toast.locator('.monaco-button', { hasText: 'Keep Them' }).click();
        for (let tries = 0; tries < 300 && !settingsOf(folder).includes('keepAcceptedPairs'); tries++)
          await editor.page.waitForTimeout(100);
        expect(/"joinery\.keepAcceptedPairs": true/.test(settingsOf(folder)), settingsOf(folder));
        // Extensions hear of a setting a moment after it stands in the file.
        const pairs = path.join(folder, '.joinery', 'pairs.jsonl');
        for (let tries = 0; tries < 10 && !existsSync(pairs); tries++) await probe(editor, folder, [accept(folder)]);
        expect(readFileSync(pairs, 'utf8').includes('how many books'), 'the answer is kept');
      }),
  },
  {
    name: "a team's server is asked nothing before the notice was agreed to; refused, nothing changes",
    async run({ page, editor, picture }) {
      const server = await startServer();
      try {
        const said = await useServer({ page, editor }, server.url, 'Cancel');
        expect(/Questions will leave this machine/.test(said) && said.includes(server.url), said);
        expect(server.asked.length === 0, `asked: ${server.asked.join(' ')}`);
        await useServer({ page, editor }, server.url, 'Send Them');
        for (let tries = 0; tries < 300 && server.asked.length === 0; tries++) await page.waitForTimeout(100);
        expect(server.asked.includes('/v1/models'), `asked: ${server.asked.join(' ')}`);
        await picture('server-agreed');
        await editor.command("Joinery: Use a Team's Server");
        // Agreed once, it is not told again for this server: the models are looked at right away.
        const before = server.asked.length;
        await typeInto(page, 'Server', server.url);
        await page.locator('.quick-input-widget input[type="password"]').waitFor(patience);
        await page.keyboard.press('Enter');
        for (let tries = 0; tries < 300 && server.asked.length === before; tries++) await page.waitForTimeout(100);
        expect(server.asked.length > before && (await dialogOf(page).count()) === 0, 'it is told once');
      } finally {
        await editor.command('Joinery: Use the Model on This Machine');
        await server.stop();
      }
    },
  },
];
