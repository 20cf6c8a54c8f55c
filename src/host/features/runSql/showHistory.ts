/** The list of past runs: searched as one types, run again on Enter, opened in an editor or removed by its buttons. */
import * as vscode from 'vscode';
import { ParameterMemory } from '../../services/parameterMemory.js';
import { type Services } from '../../services/services.js';
import { type PastRun, type RunHistory } from './runHistory.js';
import { firstLine } from './runStatements.js';

interface RunItem extends vscode.QuickPickItem {
  readonly run: PastRun;
}

/** The run to repeat; undefined when there is none. */
export async function showHistory(services: Services, history: RunHistory): Promise<PastRun | undefined> {
  const open: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('go-to-file'), tooltip: vscode.l10n.t('Open in an editor') };
  const remove: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('trash'), tooltip: vscode.l10n.t('Remove from the history') };
  const clear: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('clear-all'), tooltip: vscode.l10n.t('Clear the history') };
  const picker = vscode.window.createQuickPick<RunItem>();
  const fill = (): void => {
    picker.items = history.list().map((run) => itemOf(run, services, [open, remove]));
  };
  picker.title = vscode.l10n.t('Statements that were run, newest first');
  picker.placeholder = vscode.l10n.t('Search statements and databases; Enter runs again');
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  picker.buttons = [clear];
  fill();
  return new Promise((resolve) => {
    picker.onDidTriggerButton(
      () =>
        void history
          .clear()
          .then(() => new ParameterMemory(services.context.workspaceState).clear())
          .then(fill),
    );
    picker.onDidTriggerItemButton(({ button, item }) => {
      if (button === remove) void history.remove(item.run).then(fill);
      else void openInEditor(item.run).then(() => picker.hide());
    });
    picker.onDidAccept(() => {
      resolve(picker.selectedItems[0]?.run);
      picker.hide();
    });
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
  });
}

function itemOf(run: PastRun, { databases }: Services, buttons: readonly vscode.QuickInputButton[]): RunItem {
  const icon = run.outcome === 'ran' ? 'check' : run.outcome === 'failed' ? 'error' : 'circle-slash';
  const when = new Date(run.at).toLocaleString();
  const description = vscode.l10n.t('{0}, {1}, {2} ms', databases.labelOf(run.database), when, run.elapsedMs);
  // The whole statement, so that a search finds what the first words do not say.
  const detail = run.sql.length > 80 ? run.sql.replace(/\s+/g, ' ').slice(80, 1_000) : undefined;
  return {
    label: firstLine(run.sql),
    description,
    iconPath: new vscode.ThemeIcon(icon),
    buttons,
    run,
    ...(detail === undefined ? {} : { detail }),
  };
}

async function openInEditor({ sql, database }: PastRun): Promise<void> {
  const content = `-- @db ${database}\n${sql};\n`;
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'sql', content }));
}
