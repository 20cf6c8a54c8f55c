/**
 * Fine-tuning from the installed package as a user does it: choices, start, a reload of the window half way, the end, accept, a question, back.
 * As a rule the trainer only pretends and the model is minute: the flow is tried, not the training (trainingTrials.mjs). An editor of its own, for it
 * needs other settings.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openBrowser, startCodeServer } from '../../support/vscode/codeServer.mjs';
import { Editor } from './editor.mjs';
import { trainingTrial } from './trainingTrials.mjs';

const patience = { timeout: 120_000 };
export const trainingFlowName = 'Browser: a model is fine-tuned, over a reload of the window, accepted, asked and left again';

function pageOf(page) {
  return page.frameLocator('iframe.webview.ready').last().frameLocator('#active-frame');
}

async function step(page, placeholder) {
  await page.locator(`.quick-input-widget input[placeholder="${placeholder}"]`).waitFor(patience);
}

async function choose({ page, editor, picture, trial }) {
  await editor.command('Joinery: Fine-Tune on My Databases');
  await step(page, 'Databases that the model shall know better');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: trial.database }).first().click();
  await picture('training-databases');
  await page.keyboard.press('Enter');
  await step(page, 'What it shall learn from');
  await page.keyboard.press('Enter');
  await step(page, 'How it shall learn; each step counts only if it helps');
  await page.keyboard.press('Enter');
  await step(page, 'How long it may train; the machine stays usable meanwhile');
  if (trial.minutes) await page.keyboard.type(trial.minutes);
  await page.keyboard.press('Enter');
  await step(page, 'Model to start from; its own file stays as it is');
  await page.keyboard.press('Enter');
  await step(page, 'What it will cost');
  await picture('training-cost');
  await page.keyboard.press('Enter');
}

/** A question typed as a comment, answered by whatever model and adapter are in use. */
async function ask({ page, editor, picture }, file) {
  await editor.open(file);
  await page.keyboard.type('-- How many loans does each member have?');
  await page.keyboard.press('Enter');
  await page.locator('[class*="ghost-text"]').first().waitFor({ timeout: 240_000, state: 'attached' }); // prettier-ignore
  await picture('training-asked');
}

async function flow({ page, editor, picture, open, trial }) {
  await choose({ page, editor, picture, trial });
  await pageOf(page).getByText(trial.step).first().waitFor(trial.patience);
  await picture('training-running');
  await open();
  await editor.command('Joinery: Show Training');
  await pageOf(page).getByText(trial.step).first().waitFor(patience);
  trial.goOn();
  await pageOf(page).getByText('Better: even the lower end of the interval is above zero.').waitFor(trial.patience);
  await picture('training-finished');
  await pageOf(page).getByRole('button', { name: 'Accept' }).click();
  await pageOf(page).locator('.adapters', { hasText: 'in use' }).waitFor(patience);
  await picture('training-accepted');
  await editor.command('Joinery: Doctor');
  await page.locator('.editor-instance .view-line', { hasText: 'tuned-' }).first().waitFor(patience);
  if (trial.file) await ask({ page, editor, picture }, trial.file);
  await editor.command('Joinery: Show Training');
  await pageOf(page).getByRole('button', { name: 'Roll Back' }).click();
  await pageOf(page).locator('.adapters tbody tr', { hasText: 'Without an adapter of your own' }).getByText('in use').waitFor(patience);
  await picture('training-rolled-back');
}

/** @returns {Promise<{name: string, state: string, reason?: string}>} */
export async function runTrainingFlow({ ide, workspace, vsix, settings }) {
  const name = trainingFlowName;
  if (ide.node === undefined) return { name, state: 'skipped', reason: 'code-server is for Linux on x64' };
  if (ide.browser === undefined) return { name, state: 'skipped', reason: 'no Chromium on this machine' };
  const folder = mkdtempSync(path.join(tmpdir(), 'joinery-flow-'));
  const pictures = process.env.JOINERY_SCREENSHOTS ?? path.join(path.dirname(workspace), 'pictures');
  mkdirSync(pictures, { recursive: true });
  const look = { 'workbench.colorTheme': 'Default Dark Modern', 'chat.commandCenter.enabled': false };
  const trial = trainingTrial(folder);
  const server = await startCodeServer(ide, { vsix, settings: { ...settings, ...look, ...trial.settings } });
  const { page, close } = await openBrowser(ide, { width: 1100, height: 900 });
  const picture = (title) => page.screenshot({ path: path.join(pictures, `${title}.png`) });
  const open = async () => {
    await page.goto(`${server.url}/?folder=${encodeURIComponent(workspace)}`);
    await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor(patience);
  };
  try {
    await open();
    await flow({ page, editor: new Editor(page), picture, open, trial });
    return { name, state: 'passed' };
  } catch (error) {
    await picture('failed-training');
    console.log(error.stack);
    return { name, state: 'failed', reason: String(error) };
  } finally {
    await close();
    await server.stop();
    trial.end();
    rmSync(folder, { recursive: true, force: true });
  }
}
