/** Quick fixes for faults of SQL, as edits of the document. */
import * as vscode from 'vscode';
import { type FaultFix } from '../../../core/language/fixFault.js';
import { fixTitle } from './faultWords.js';
import { type DocumentFault, type SqlDiagnostics } from './sqlDiagnostics.js';

export function provideFixes(
  diagnostics: SqlDiagnostics,
  document: vscode.TextDocument,
  range: vscode.Range,
  context: vscode.CodeActionContext,
): vscode.CodeAction[] {
  const found = diagnostics.faultsOf(document).filter((entry) => entry.range.intersection(range) !== undefined);
  return found.flatMap((entry) => {
    const shown = context.diagnostics.find(({ source, range: place }) => source === 'SQLite' && place.isEqual(entry.range));
    return entry.language
      .fixFault(entry.region.script, entry.fault, entry.schema)
      .map((fix, at) => actionOf(document, entry, fix, at === 0, shown));
  });
}

function actionOf(
  document: vscode.TextDocument,
  { region }: DocumentFault,
  fix: FaultFix,
  isFirst: boolean,
  shown: vscode.Diagnostic | undefined,
): vscode.CodeAction {
  const action = new vscode.CodeAction(fixTitle(fix), vscode.CodeActionKind.QuickFix);
  action.edit = new vscode.WorkspaceEdit();
  for (const { start, end, text } of fix.edits) {
    const place = new vscode.Range(document.positionAt(region.start + start), document.positionAt(region.start + end));
    action.edit.replace(document.uri, place, text);
  }
  if (shown) action.diagnostics = [shown];
  action.isPreferred = isFirst;
  return action;
}
