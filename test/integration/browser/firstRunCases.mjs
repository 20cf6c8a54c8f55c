/** The first minutes with the packaged extension, in a browser: the reasons of an answer, and the walkthrough with its sample database. */
import { existsSync } from 'node:fs';
import path from 'node:path';

const patience = { timeout: 240_000 };
const title = 'Ask your databases in plain words';

async function openWalkthrough({ page, editor }) {
  await editor.command('Welcome: Open Walkthrough');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().waitFor(patience);
  await page.keyboard.type(title);
  await page.keyboard.press('Enter');
  await page.locator('.getting-started-step').first().waitFor(patience);
}

export const firstRunCases = [
  {
    name: 'Why This SQL? shows answers side by side with words, tables, paths and votes',
    async run({ page, editor, picture }) {
      await editor.open('why.sql');
      await page.keyboard.type('-- how many orders are there');
      await page.keyboard.press('Enter');
      await page.locator('[class*="ghost-text"]').first().waitFor({ ...patience, state: 'attached' }); // prettier-ignore
      await page.keyboard.press('Tab');
      await editor.command('Joinery: Why This SQL');
      const answers = page.frameLocator('iframe.webview').frameLocator('iframe').locator('.answers-page');
      await answers.getByText('Statements that were tried, and their votes').waitFor(patience);
      await picture('why');
      // The page stands in a group of its own; what follows looks for the only one.
      await editor.command('View: Close All Editors');
    },
  },
  {
    name: 'the walkthrough has five steps, and its first makes a sample database and is done',
    async run({ page, editor, picture }) {
      await openWalkthrough({ page, editor });
      const steps = page.locator('.getting-started-step');
      const count = await steps.count();
      if (count !== 5) throw new Error(`the walkthrough has ${count} steps`);
      await picture('walkthrough');
      await page.locator('.getting-started-step.expanded').getByRole('button', { name: 'Create Sample Database' }).click();
      await page.locator('.tab.active[data-resource-name="questions.sql"]').waitFor(patience);
      await openWalkthrough({ page, editor });
      await steps.first().locator('.codicon-getting-started-step-checked').waitFor(patience);
    },
  },
  {
    name: 'without a folder the sample becomes the folder, and its questions are open in the window that starts anew',
    async run({ page, newEditor, picture }) {
      const address = new URL(page.url());
      const { page: empty, editor, close } = await newEditor(`${address.origin}/?ew=true`);
      try {
        await empty.locator('.activitybar .action-item a[aria-label^="Joinery"]').first().waitFor(patience);
        await editor.command('Joinery: Create Sample Database');
        await empty.waitForURL(/folder=.*joinery-sample/, patience);
        await empty.locator('.tab.active[data-resource-name="questions.sql"]').waitFor(patience);
        await empty.locator('.editor-instance .view-line', { hasText: 'Which five customers' }).first().waitFor(patience);
        await picture('sample-window', empty);
        const folder = decodeURIComponent(new URL(empty.url()).searchParams.get('folder') ?? '');
        await editor.command('View: Close All Editors');
        await editor.command('Joinery: Create Sample Database');
        await empty.locator('.tab.active[data-resource-name="questions.sql"]').waitFor(patience);
        if (!existsSync(path.join(folder, 'shop.db'))) throw new Error(`no sample in ${folder}`);
        if (existsSync(path.join(folder, 'joinery-sample'))) throw new Error('a second sample was made inside the first');
      } finally {
        await close();
      }
    },
  },
];
