/**
 * Writing statements: tried on a copy, shown as a difference, applied to the real file on a confirmation that names it. Nothing of it
 * works in an untrusted workspace.
 */
import path from 'node:path';
import * as vscode from 'vscode';
import { type CancellationToken } from '../../../core/shared/cancellation.js';
import { type Disposable, DisposableStore } from '../../../core/shared/disposable.js';
import { JoineryError } from '../../../core/shared/errors.js';
import { fillParameters } from '../../../core/sql/fillParameters.js';
import { type PreparedWrite } from '../../../engine/writes/prepareWrite.js';
import { commandIds } from '../../platform/generatedIds.js';
import { registerCommand } from '../../platform/registerCommand.js';
import { askParameters } from '../../services/askParameters.js';
import { requireTrust } from '../../services/requireTrust.js';
import { type Services } from '../../services/services.js';
import { sqlRequest } from '../../services/sqlRequest.js';
import { OpenPreviews } from './openPreviews.js';
import { summaryLines } from './previewWords.js';

const settings = { timeoutMs: 10 * 60_000, rows: 200 };

export function registerWritePreview(services: Services): Disposable {
  const store = new DisposableStore();
  const previews = store.own(new OpenPreviews(commandIds.applyWrite, services.log));
  store.own(registerCommand(commandIds.previewWrite, services.log, (given) => preview(services, previews, given)));
  store.own(registerCommand(commandIds.applyWrite, services.log, (given) => apply(services, previews, given)));
  return store;
}

/** Of `{ database, sql }`; what is missing comes from the active editor: the selection, or the statement under the cursor. */
async function preview(services: Services, previews: OpenPreviews, given: unknown): Promise<void> {
  requireTrust();
  const request = await sqlRequest(services.databases, given, 'statement');
  if (!request) return;
  const { database, sql } = request;
  // SQLite would take a parameter without a value for NULL.
  const parameters = await askParameters(sql, services.context.workspaceState);
  if (parameters === undefined) return;
  const label = services.databases.labelOf(database);
  const { prepareWrite } = await import('../../../engine/writes/prepareWrite.js');
  const title = vscode.l10n.t('Joinery: trying the changes on a copy of {0}', label);
  const write = await withProgress(title, (token, onCopied) =>
    prepareWrite(database, fillParameters(sql, parameters), { ...settings, token, onCopied }),
  );
  await previews.show(write, label);
}

async function apply(services: Services, previews: OpenPreviews, given: unknown): Promise<void> {
  requireTrust();
  const found = previews.find(given);
  if (found?.preview.state !== 'open') return;
  const { write, label } = found.preview;
  if (!(await write.isCurrent())) throw new JoineryError('write.changed', { path: label });
  if (!(await confirm(write, label))) return;
  const backups = path.join(services.context.globalStorageUri.fsPath, 'backups');
  const title = vscode.l10n.t('Joinery: writing to {0}', label);
  const { backup } = await withProgress(title, (token) => write.apply(backups, new Date(), token));
  services.log.log('info', 'host', `changes written to ${write.preview.database}, backup ${backup}`);
  await previews.applied(found.uri);
  // Not awaited: the command is done, whether or not somebody reads the message.
  void tellBackup(label, backup);
}

async function confirm({ preview: changes }: PreparedWrite, label: string): Promise<boolean> {
  const write = vscode.l10n.t('Write to {0}', path.basename(changes.database));
  const detail = [...summaryLines(changes), '', changes.database, vscode.l10n.t('A backup is made first.')].join('\n');
  const pressed = await vscode.window.showWarningMessage(
    vscode.l10n.t('Write these changes to {0}?', label),
    { modal: true, detail },
    write,
  );
  return pressed === write;
}

async function tellBackup(label: string, backup: string): Promise<void> {
  const show = vscode.l10n.t('Show Backup');
  const copy = vscode.l10n.t('Copy Path');
  const pressed = await vscode.window.showInformationMessage(vscode.l10n.t('Written to {0}. Backup: {1}', label, backup), show, copy);
  if (pressed === show) await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(backup));
  if (pressed === copy) await vscode.env.clipboard.writeText(backup);
}

type Work<T> = (token: CancellationToken, onShare: (share: number) => void) => Promise<T>;

async function withProgress<T>(title: string, work: Work<T>): Promise<T> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (progress, token) => {
    let shown = 0;
    return work(token, (share) => {
      // A copy that begins anew goes back, which the bar cannot.
      progress.report({ increment: Math.max(0, share - shown) * 100 });
      shown = Math.max(shown, share);
    });
  });
}
