/** The training page in a browser: its policy, its memory, its keys, its accessibility in three themes. */
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type ToTrainingPage, type TrainingState } from '../../src/protocol/trainingPage.js';
import { trainingWords } from '../../src/protocol/trainingWords.js';
import { atTheEnd, atWork } from '../support/trainingStates.js';
import { findFaults } from './axe.js';
import { browserNote, chromiumPath, openPage, type OpenedPage } from './openPage.js';
import { type ThemeName } from './pageThemes.js';

let opened: OpenedPage | undefined;
const messages: unknown[] = [];

async function open(state: TrainingState, theme: ThemeName = 'dark', width = 1100): Promise<OpenedPage> {
  messages.length = 0;
  const data = (): unknown => ({ words: trainingWords });
  opened = await openPage({ bundles: ['training'], data, theme, width, height: 1_300, onMessage: (message) => messages.push(message) });
  const message: ToTrainingPage = { type: 'state', state };
  await opened.send(message);
  await opened.page.getByRole('heading', { level: 1 }).waitFor();
  return opened;
}

describe.skipIf(chromiumPath === undefined)(`the training page${browserNote}`, () => {
  afterEach(async () => {
    const errors = opened?.errors ?? [];
    await opened?.close();
    opened = undefined;
    expect(errors).toEqual([]);
  });

  test('buttons are reached and pressed by keyboard', async () => {
    const { page } = await open(atWork);
    await page.getByRole('button', { name: 'Pause' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await expect.poll(() => messages).toEqual([{ type: 'ready' }, { type: 'pause' }, { type: 'cancel' }]);
  });

  test('a page that was hidden comes back with what it showed', async () => {
    const { page } = await open(atTheEnd);
    await page.reload();
    await page.getByText(trainingWords.better).waitFor();
  });

  test('a narrow page does not scroll sideways', async () => {
    const { page } = await open(atTheEnd, 'dark', 420);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  });

  for (const [name, state] of Object.entries({ running: atWork, finished: atTheEnd }))
    for (const theme of ['dark', 'light', 'highContrast'] as const)
      test(`nothing serious for axe, ${name}, ${theme}`, async () => {
        const { page } = await open(state, theme);
        expect(await findFaults(page)).toEqual([]);
        const pictures = process.env['JOINERY_SCREENSHOTS'];
        if (pictures !== undefined) await page.screenshot({ path: path.join(pictures, `training-${name}-${theme}.png`), fullPage: true });
      });
});
