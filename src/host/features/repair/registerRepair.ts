/**
 * `Joinery: Repair with the Model`: a statement that SQLite refuses is given to the model with SQLite's message; what comes back has run,
 * and takes its place in one step of undo. Also offered as a quick fix wherever a problem is reported in SQL.
 */
import * as vscode from 'vscode';
import { type CancellationToken, neverCancelled } from '../../../core/shared/cancellation.js';
import { DisposableStore, type Disposable } from '../../../core/shared/disposable.js';
import { isJoineryError, JoineryError } from '../../../core/shared/errors.js';
import { questionFromSql } from '../../../core/presentation/questionFromSql.js';
import { commandIds } from '../../platform/generatedIds.js';
import { registerCommand } from '../../platform/registerCommand.js';
import { readSetting } from '../../platform/settings.js';
import { requireDatabase } from '../../services/databasePicker.js';
import { documentLanguage } from '../../services/documentLanguage.js';
import { isWritable } from '../../services/documentLines.js';
import { requireTrust } from '../../services/requireTrust.js';
import { type Services } from '../../services/services.js';
import { meantStatement, type MeantStatement } from '../../services/meantStatement.js';
import { closedStatement, replaceRange } from '../../services/writeStatement.js';

export function registerRepair(services: Services): Disposable {
  const store = new DisposableStore();
  store.own(registerCommand(commandIds.repair, services.log, (line) => repair(services, line)));
  const kinds = { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] };
  store.own(vscode.languages.registerCodeActionsProvider([{ language: 'sql' }, { language: 'sqlite' }], { provideCodeActions }, kinds));
  return store;
}

/** Whoever reported the problem: the command looks for itself whether there is one. */
function provideCodeActions(_: vscode.TextDocument, range: vscode.Range, { diagnostics }: vscode.CodeActionContext): vscode.CodeAction[] {
  const errors = diagnostics.filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error);
  if (errors.length === 0 || !vscode.workspace.isTrusted) return [];
  const title = vscode.l10n.t('Repair with the model');
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.diagnostics = errors;
  action.command = { command: commandIds.repair, title, arguments: [range.start.line] };
  return [action];
}

/** `line` is a line of the active document that the statement covers; the cursor's otherwise. */
async function repair(services: Services, line: unknown): Promise<void> {
  requireTrust();
  const editor = vscode.window.activeTextEditor;
  if (!editor || documentLanguage(editor.document.languageId)?.kind !== 'sql' || !(await isWritable(editor.document))) return;
  const { document } = editor;
  const place = typeof line === 'number' && line < document.lineCount ? document.lineAt(line).range.end : undefined;
  const statement = meantStatement(document, place ? new vscode.Selection(place, place) : editor.selection);
  if (!statement) throw new JoineryError('sql.empty');
  const database = await requireDatabase(services.databases, document, document.positionAt(statement.start).line);
  if (database === undefined) return;
  const { version } = document;
  const options = { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Joinery repairs the statement'), cancellable: true };
  const repaired = await vscode.window.withProgress(options, (_, token) => askForRepair(services, database, statement, token));
  if (repaired === undefined) {
    // Not awaited: the command is done.
    void vscode.window.showInformationMessage(vscode.l10n.t('SQLite accepts this statement; there is nothing to repair.'));
    return;
  }
  if (document.version !== version) return;
  const text = document.getText()[statement.end] === ';' ? closedStatement(repaired).slice(0, -1) : closedStatement(repaired);
  if (!(await replaceRange(document, statement, text)) || !statement.comment) return;
  const { question } = statement.comment;
  services.taken.add(document.uri, { question, sql: repaired, database });
  await services.pairs.accept({ question, sql: repaired, database, kind: 'corrected', answered: statement.sql });
}

/** Undefined when nothing is wrong. Throws what says why there is no repair. */
async function askForRepair(
  services: Services,
  path: string,
  { sql, comment }: MeantStatement,
  token: CancellationToken = neverCancelled,
): Promise<string | undefined> {
  const { database } = await (await services.engines.get()).catalogue.open(path, token);
  const error = await faultOf(sql, (text) => database.prepare(text));
  if (error === undefined) return undefined;
  const question = comment?.question ?? questionFromSql(sql);
  const asked = { question, database: path, candidates: readSetting('candidates'), priority: 'interactive' as const, deadlineMs: 0 };
  const outcome = await services.asker.ask({ ...asked, failed: { sql, error } }, token);
  if (outcome.kind === 'refusal') throw new JoineryError(outcome.code, outcome.details);
  return outcome.sql;
}

/** SQLite's message. A statement that would write is no broken question: its refusal goes on to the user. */
async function faultOf(sql: string, prepare: (sql: string) => Promise<void>): Promise<string | undefined> {
  try {
    await prepare(sql);
    return undefined;
  } catch (error) {
    if (!isJoineryError(error) || !error.code.startsWith('sql.') || error.code === 'sql.notReadOnly') throw error;
    const { message } = error.details;
    return typeof message === 'string' ? message : error.code;
  }
}
