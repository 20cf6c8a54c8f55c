/** Formats the SQL of the string under the cursor, as a command and among the refactorings. SQL files have a formatter of their own. */
import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../../core/shared/disposable.js';
import { commandIds } from '../../platform/generatedIds.js';
import { registerCommand } from '../../platform/registerCommand.js';
import { type Services } from '../../services/services.js';
import { isSqlDocument } from '../../services/sqlDocuments.js';

export function registerFormatInString(services: Services, programs: vscode.DocumentSelector): Disposable {
  const store = new DisposableStore();
  const kind = vscode.CodeActionKind.RefactorRewrite.append('sql');
  const provideCodeActions = async (document: vscode.TextDocument, { start }: vscode.Range): Promise<vscode.CodeAction[]> => {
    const edit = await editAt(services, document, start);
    return edit ? [Object.assign(new vscode.CodeAction(vscode.l10n.t('Format SQL in This String'), kind), { edit })] : [];
  };
  store.own(vscode.languages.registerCodeActionsProvider(programs, { provideCodeActions }, { providedCodeActionKinds: [kind] }));
  store.own(
    registerCommand(commandIds.formatSqlInString, services.log, async () => {
      const editor = vscode.window.activeTextEditor;
      const edit = editor && (await editAt(services, editor.document, editor.selection.active));
      if (edit) await vscode.workspace.applyEdit(edit);
      else void vscode.window.showInformationMessage(vscode.l10n.t('There is no SQL here to format, or it has its form already.'));
    }),
  );
  return store;
}

/** Undefined where nothing would change. */
async function editAt(
  { sql }: Services,
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.WorkspaceEdit | undefined> {
  if (isSqlDocument(document)) return undefined;
  const place = await sql.placeAt(document, position);
  if (!place) return undefined;
  const { start, end, script, holes } = place.region;
  const pieces = place.language.formatEmbedded(document.getText(), { start, end, sql: script.text, holes });
  if (pieces.length === 0) return undefined;
  const edit = new vscode.WorkspaceEdit();
  for (const piece of pieces)
    edit.replace(document.uri, new vscode.Range(document.positionAt(piece.start), document.positionAt(piece.end)), piece.text);
  return edit;
}
