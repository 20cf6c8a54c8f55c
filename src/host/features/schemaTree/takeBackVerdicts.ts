/** Verdicts on relations, of all databases, in a list: what is ticked is taken back. A rejected relation stands nowhere else. */
import * as vscode from 'vscode';
import { type Services } from '../../services/services.js';

interface VerdictItem extends vscode.QuickPickItem {
  readonly database: string;
  readonly id: string;
}

export async function takeBackVerdicts({ databases, schemas, log }: Services): Promise<void> {
  const items: VerdictItem[] = [];
  for (const database of await databases.list()) {
    // A database that cannot be read is shown so in the tree; the others keep their list.
    const opened = await schemas.open(database).catch((error: unknown) => log.log('warn', 'host', 'no verdicts of a database', error));
    for (const [id, { verdict }] of opened?.verdicts ?? []) {
      const icon = verdict === 'confirmed' ? '$(check)' : '$(close)';
      const word = verdict === 'confirmed' ? vscode.l10n.t('confirmed') : vscode.l10n.t('rejected');
      items.push({ label: `${icon} ${id}`, description: `${word} · ${databases.labelOf(database)}`, database, id });
    }
  }
  if (items.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No relation was confirmed or rejected in this workspace.'));
    return;
  }
  const chosen = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    matchOnDescription: true,
    title: vscode.l10n.t('Take Back Verdicts on Relations'),
    placeHolder: vscode.l10n.t('Verdicts to take back; what is inferred counts again'),
  });
  if (!chosen) return;
  for (const database of new Set(chosen.map((item) => item.database))) {
    const ids = chosen.filter((item) => item.database === database).map(({ id }) => id);
    await (await schemas.open(database)).forgetVerdicts(ids);
  }
}
