/** Shows results of statements: attaches the viewer that everybody else reaches through `services.results`. */
import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../../core/shared/disposable.js';
import { reportError } from '../../platform/reportError.js';
import { requireTrust } from '../../services/requireTrust.js';
import { type Services } from '../../services/services.js';
import { ResultsPanel, resultsViewType } from './resultsPanel.js';

export function registerResultsPanel(services: Services): Disposable {
  const store = new DisposableStore();
  const panel = store.own(new ResultsPanel(services));
  store.own(services.results.attach(panel));
  store.own(
    vscode.window.registerWebviewPanelSerializer(resultsViewType, {
      async deserializeWebviewPanel(restored) {
        try {
          requireTrust();
          await panel.restore(restored);
        } catch (error) {
          restored.dispose();
          void reportError(error, services.log);
        }
      },
    }),
  );
  return store;
}
