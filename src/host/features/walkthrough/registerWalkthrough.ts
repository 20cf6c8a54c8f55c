/**
 * `Joinery: Create Sample Database`, the first step of the walkthrough: a shop to ask, and a file of questions beside it, which is opened. It
 * touches nothing else of the workspace and keeps what is there.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { type Disposable } from '../../../core/shared/disposable.js';
import { createSample } from '../../../engine/sample/createSample.js';
import { commandIds } from '../../platform/generatedIds.js';
import { registerCommand } from '../../platform/registerCommand.js';
import { workspaceFolders } from '../../platform/workspaceFolders.js';
import { requireTrust } from '../../services/requireTrust.js';
import { type Services } from '../../services/services.js';
import { markForOpening, samplePlace, sampleToOpen } from './samplePlace.js';

/** Set when the sample is there; a step of the walkthrough waits for it. */
const readyContext = 'joinery.sampleReady';

export function registerWalkthrough(services: Services): Disposable {
  let making: Promise<void> | undefined;
  openAfterRestart(services).catch((error: unknown) => services.log.log('warn', 'host', 'the sample questions were not opened', error));
  // A second click while the database is being made waits for the first.
  return registerCommand(commandIds.createSample, services.log, () => {
    making ??= createAndOpen(services).finally(() => (making = undefined));
    return making;
  });
}

async function createAndOpen({ context, databases, log }: Services): Promise<void> {
  requireTrust();
  const storage = context.globalStorageUri.fsPath;
  const { folder, database, questions } = samplePlace(workspaceFolders(), storage);
  const options = { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Making the sample database'), cancellable: true };
  const isNew = await vscode.window.withProgress(options, (_, token) =>
    createSample({
      program: path.join(context.extensionPath, 'dist', 'sample.mjs'),
      file: database,
      // The editor's own program runs it: as Node, not as a second editor.
      env: { ELECTRON_RUN_AS_NODE: '1' },
      token,
    }),
  );
  log.log('info', 'host', `sample database ${isNew ? 'made' : 'found'} in ${folder}`);
  if (!existsSync(questions)) await vscode.workspace.fs.writeFile(vscode.Uri.file(questions), new TextEncoder().encode(questionText()));
  await vscode.commands.executeCommand('setContext', readyContext, true);
  if (isNew) databases.refresh();
  if (workspaceFolders().length > 0) return openAtEnd(questions);
  // Without a folder the schema view stays empty: the sample becomes the folder, and the window starts anew with it.
  await markForOpening(storage);
  await vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(folder), { forceReuseWindow: true });
}

/** The window that started anew has no editor: what was asked for comes now. */
async function openAfterRestart({ context }: Services): Promise<void> {
  const place = await sampleToOpen(workspaceFolders(), context.globalStorageUri.fsPath);
  if (!place) return;
  await vscode.commands.executeCommand('setContext', readyContext, true);
  await openAtEnd(place.questions);
}

async function openAtEnd(file: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(file);
  const editor = await vscode.window.showTextDocument(document);
  const end = document.lineAt(Math.min(questionLine, document.lineCount - 1)).range.end;
  editor.selection = new vscode.Selection(end, end);
}

/** Line of the first question: there Enter brings the first answer. */
const questionLine = 3;

/** Not translated: the model is asked in English. */
const questions = [
  'Which five customers spent the most in 2024?',
  'How many orders were shipped to an address in Switzerland?',
  'Which products have never been ordered?',
];

function questionText(): string {
  const hint = vscode.l10n.t('Put the cursor at the end of a question and press Enter; Tab takes the answer.');
  return [`-- @db shop.db`, `-- ${hint}`, '', ...questions.flatMap((question) => [`-- ${question}`, ''])].join('\n');
}
