/** One item: the database that the active document means, and what Joinery is doing. A click does what the state asks for. */
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../../core/shared/disposable.js';
import { documentLanguage } from '../../services/documentLanguage.js';
import { namedDatabaseAt } from '../../services/documentLines.js';
import { type Services } from '../../services/services.js';
import { type JoineryState } from '../../services/statusService.js';
import { statusContent } from './statusContent.js';

export function registerStatusBar(services: Services): Disposable {
  const { status, databases, log } = services;
  const store = new DisposableStore();
  const item = store.own(vscode.window.createStatusBarItem('joinery.status', vscode.StatusBarAlignment.Right, 100));
  item.name = 'Joinery';
  const draw = (): void => {
    const { state, database } = status.current;
    const content = statusContent(state, database === undefined ? undefined : databases.labelOf(database));
    item.text = content.text;
    item.tooltip = content.tooltip;
    item.accessibilityInformation = { label: content.spoken };
    item.command = content.command;
    if (isShown(state)) item.show();
    else item.hide();
  };
  const follow = (): void => {
    followDocument(services).then(draw, (error: unknown) => log.log('warn', 'status', 'the database of the document is unknown', error));
  };
  store.own(status.onChanged(draw));
  store.own(databases.onChanged(follow));
  store.own(vscode.window.onDidChangeActiveTextEditor(follow));
  store.own(vscode.workspace.onDidGrantWorkspaceTrust(follow));
  follow();
  return store;
}

/** SQL always; other languages only while something goes on, for most of their files ask nothing. */
function isShown(state: JoineryState): boolean {
  const document = vscode.window.activeTextEditor?.document;
  const language = document && documentLanguage(document.languageId);
  if (language?.kind === 'sql') return true;
  return state.kind === 'fetchingModel' || (language !== undefined && state.kind !== 'ready' && state.kind !== 'noDatabase' && state.kind !== 'severalDatabases'); // prettier-ignore
}

async function followDocument({ status, databases }: Services): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (!document || !documentLanguage(document.languageId) || status.current.state.kind === 'fetchingModel') return;
  const line = vscode.window.activeTextEditor?.selection.active.line ?? 0;
  const resolution = await databases.resolve(document, namedDatabaseAt(document, line));
  const rest: JoineryState = vscode.workspace.isTrusted ? { kind: 'ready' } : { kind: 'untrusted' };
  switch (resolution.kind) {
    case 'one':
      // The same database again: what was said about the last question still holds.
      if (status.current.database !== resolution.path || !vscode.workspace.isTrusted) status.setDatabase(resolution.path, rest);
      return;
    case 'none':
      return status.setDatabase(undefined, { kind: 'noDatabase' });
    case 'several':
      return status.setDatabase(undefined, { kind: 'severalDatabases', count: resolution.paths.length });
  }
}
