/**
 * `Joinery: Regenerate from Comment`: the question stays as a comment, the statement (or the string literal) below it is written
 * anew, in one step of undo.
 */
import * as vscode from 'vscode';
import { questionAround } from '../../../core/presentation/commentQuestion.js';
import { DisposableStore, type Disposable } from '../../../core/shared/disposable.js';
import { JoineryError } from '../../../core/shared/errors.js';
import { commandIds } from '../../platform/generatedIds.js';
import { registerCommand } from '../../platform/registerCommand.js';
import { readSetting } from '../../platform/settings.js';
import { describeCode } from '../../platform/words.js';
import { requireDatabase } from '../../services/databasePicker.js';
import { documentLanguage } from '../../services/documentLanguage.js';
import { isWritable, linesOf } from '../../services/documentLines.js';
import { requireTrust } from '../../services/requireTrust.js';
import { type Services } from '../../services/services.js';
import { closedStatement, writeBelow } from '../../services/writeStatement.js';
import { registerEditedQuestions } from './editedQuestions.js';

export function registerRegenerate(services: Services): Disposable {
  const store = new DisposableStore();
  store.own(registerCommand(commandIds.regenerate, services.log, () => regenerate(services, false)));
  store.own(registerCommand(commandIds.regenerateWithParameters, services.log, () => regenerate(services, true)));
  store.own(registerEditedQuestions(services));
  return store;
}

async function regenerate(services: Services, bound: boolean): Promise<void> {
  requireTrust();
  const editor = vscode.window.activeTextEditor;
  const language = editor && documentLanguage(editor.document.languageId);
  if (!editor || !language || !(await isWritable(editor.document))) return;
  const { document, selection } = editor;
  const comment = questionAround(linesOf(document), selection.active.line, language.marker);
  if (!comment) throw new JoineryError('ask.empty');
  const database = await requireDatabase(services.databases, document, comment.lastLine);
  if (database === undefined) return;
  const version = document.version;
  const options = { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Joinery: {0}', comment.question), cancellable: true };
  const question = { question: comment.question, database, candidates: readSetting('candidates'), priority: 'interactive' as const, deadlineMs: 0 }; // prettier-ignore
  const outcome = await vscode.window.withProgress(options, (_, token) => services.asker.ask(question, token));
  if (outcome.kind === 'refusal') throw new JoineryError(outcome.code, outcome.details);
  // The text has moved on since: what would be replaced is no longer what was asked about.
  if (document.version !== version) {
    services.log.log('info', 'host', `not written, the document was changed: ${describeCode('cancelled', {}).sentence}`);
    return;
  }
  await writeBelow(document, comment, { sql: outcome.sql, bound: bound || comment.bound });
  if (language.kind === 'sql')
    services.taken.add(document.uri, { question: comment.question, sql: closedStatement(outcome.sql), database });
}
