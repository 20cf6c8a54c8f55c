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
import { requireTrust } from '../../services/requireTrust.js';
import { type Services } from '../../services/services.js';

const folderName = 'joinery-sample';
/** Set when the sample is there; a step of the walkthrough waits for it. */
const readyContext = 'joinery.sampleReady';

export function registerWalkthrough(services: Services): Disposable {
  return registerCommand(commandIds.createSample, services.log, () => createAndOpen(services));
}

async function createAndOpen({ context, databases, log }: Services): Promise<void> {
  requireTrust();
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  const folder = path.join(workspace ?? context.globalStorageUri.fsPath, folderName);
  const questions = path.join(folder, 'questions.sql');
  const options = { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Making the sample database'), cancellable: true };
  const isNew = await vscode.window.withProgress(options, (_, token) =>
    createSample({
      program: path.join(context.extensionPath, 'dist', 'sample.mjs'),
      file: path.join(folder, 'shop.db'),
      // The editor's own program runs it: as Node, not as a second editor.
      env: { ELECTRON_RUN_AS_NODE: '1' },
      token,
    }),
  );
  log.log('info', 'host', `sample database ${isNew ? 'made' : 'found'} in ${folder}`);
  if (!existsSync(questions)) await vscode.workspace.fs.writeFile(vscode.Uri.file(questions), new TextEncoder().encode(questionText()));
  await vscode.commands.executeCommand('setContext', readyContext, true);
  if (isNew) databases.refresh();
  // Without a folder the schema view stays empty: the sample becomes the folder, and the window starts anew with it.
  if (workspace === undefined)
    await vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(folder), { forceReuseWindow: true });
  else await openAtEnd(questions);
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
