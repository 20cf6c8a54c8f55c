/** Dialogs around exports: where to, how far, what was left out. The writing itself is done by a process of the engine. */
import path from 'node:path';
import * as vscode from 'vscode';
import { fillParameters } from '../../../core/sql/fillParameters.js';
import { singleTable } from '../../../core/sql/singleTable.js';
import { type ResultTab } from '../../../engine/results/resultTab.js';
import { type ExportOutcome } from '../../../protocol/exportProcess.js';
import { type ExportFormat } from '../../../protocol/resultsPage.js';
import { rowCount } from '../../platform/rowCount.js';

const labels: Readonly<Record<ExportFormat, string>> = { csv: 'CSV', json: 'JSON', parquet: 'Parquet', xlsx: 'Excel' };

/** Asks for a file and writes the rows as the tab shows them: filtered and sorted. Throws as the export does. */
export async function saveResult(tab: ResultTab, format: ExportFormat, program: string): Promise<void> {
  const { database, sql, parameters } = tab.request;
  const name = `${singleTable(sql) ?? 'result'}.${format}`;
  const target = await vscode.window.showSaveDialog({ defaultUri: defaultPlace(database, name), filters: { [labels[format]]: [format] } });
  if (!target) return;
  const { exportInProcess } = await import('../../../engine/results/exportInProcess.js');
  const request = { database, sql: parameters ? fillParameters(sql, parameters) : sql, view: tab.view, format, file: target.fsPath };
  const title = vscode.l10n.t('Exporting {0}', path.basename(target.fsPath));
  const outcome = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    (progress, token) =>
      exportInProcess(request, {
        program,
        // The editor's own program runs the export: as Node, not as a second editor.
        env: { ELECTRON_RUN_AS_NODE: '1' },
        token,
        progress: (rows) => progress.report({ message: rowCount(rows) }),
      }),
  );
  // Not awaited: the page must not stay busy until somebody closes the message.
  void showOutcome(target, outcome);
}

/** A single value, bytes as they are. */
export async function saveValue(database: string, bytes: Uint8Array, isText: boolean): Promise<void> {
  const target = await vscode.window.showSaveDialog({ defaultUri: defaultPlace(database, isText ? 'value.txt' : 'value.bin') });
  if (target) await vscode.workspace.fs.writeFile(target, bytes);
}

async function showOutcome(target: vscode.Uri, { rows, cutValues }: ExportOutcome): Promise<void> {
  const name = path.basename(target.fsPath);
  const cut = cutValues > 0 ? ` ${vscode.l10n.t('Values that were too long for the format and are cut: {0}.', cutValues)}` : '';
  const show = vscode.l10n.t('Show in Folder');
  const pressed = await vscode.window.showInformationMessage(`${vscode.l10n.t('{0} written to {1}.', rowCount(rows), name)}${cut}`, show);
  if (pressed === show) await vscode.commands.executeCommand('revealFileInOS', target);
}

function defaultPlace(database: string, name: string): vscode.Uri {
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(database))?.uri.fsPath ?? path.dirname(database);
  return vscode.Uri.file(path.join(folder, name));
}
