/** `Joinery: Fetch Model`: the only thing in the extension that contacts the network, and only when the user starts it. */
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../../core/shared/disposable.js';
import { type FetchProgress } from '../../../engine/models/types.js';
import { commandIds } from '../../platform/generatedIds.js';
import { registerCommand } from '../../platform/registerCommand.js';
import { type Services } from '../../services/services.js';

/** Set when the model is there; a step of the walkthrough waits for it. */
const readyContext = 'joinery.modelReady';

export function registerModelSetup(services: Services): Disposable {
  const store = new DisposableStore();
  store.own(registerCommand(commandIds.fetchModel, services.log, () => fetchModel(services)));
  // Fetched by the terminal, or before this window: the first question that gets as far as the model says so.
  store.own(services.status.onChanged(({ state }) => (state.kind === 'thinking' ? void setReady() : undefined)));
  return store;
}

async function fetchModel({ engines, status, log }: Services): Promise<void> {
  const { models } = await engines.get();
  const id = await engines.modelId();
  const title = vscode.l10n.t('Fetching the model {0}', id);
  status.setState({ kind: 'fetchingModel' });
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  try {
    await vscode.window.withProgress(options, async (progress, token) => {
      let shownPercent = 0;
      await models.fetch(id, token, (facts) => {
        const percent = facts.totalBytes === 0 ? 0 : (100 * facts.receivedBytes) / facts.totalBytes;
        progress.report({ message: progressText(facts), increment: Math.max(0, percent - shownPercent) });
        shownPercent = Math.max(shownPercent, percent);
        status.setState({ kind: 'fetchingModel', fraction: percent / 100 });
      });
    });
  } catch (error) {
    status.setState({ kind: 'noModel' });
    throw error;
  }
  log.log('info', 'models', `${id} is there`);
  status.setState({ kind: 'ready' });
  await setReady();
}

async function setReady(): Promise<void> {
  await vscode.commands.executeCommand('setContext', readyContext, true);
}

function progressText({ phase, receivedBytes, totalBytes }: FetchProgress): string {
  const megabytes = (bytes: number): string => String(Math.round(bytes / 1_000_000));
  switch (phase) {
    case 'waiting':
      return vscode.l10n.t('another window is fetching it');
    case 'connecting':
      return vscode.l10n.t('connecting');
    case 'checking':
      return vscode.l10n.t('checking the sum');
    case 'downloading':
      return vscode.l10n.t('{0} of {1} MB', megabytes(receivedBytes), megabytes(totalBytes));
  }
}
