/** `Joinery: Open Schema Graph` and `Show in Graph`: a panel per database, and one for all. Panels come back after a reload. */
import path from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../../core/shared/disposable.js';
import { JoineryError } from '../../../core/shared/errors.js';
import { type GraphFocus } from '../../../protocol/graphPage.js';
import { commandIds } from '../../platform/generatedIds.js';
import { pageOptions } from '../../platform/pageHtml.js';
import { pageIcon } from '../../platform/pageIcon.js';
import { registerCommand } from '../../platform/registerCommand.js';
import { type Services } from '../../services/services.js';
import { graphArgument } from './graphArgument.js';
import { GraphPanel } from './graphPanel.js';
import { MovedTablesMemory } from './movedTables.js';

const viewType = 'joinery.graph';

export function registerGraphPanel(services: Services): Disposable {
  const store = new DisposableStore();
  const graphs = store.own(new GraphPanels(services));
  store.own(
    registerCommand(commandIds.openGraph, services.log, async (given, selection) => {
      const focus = graphArgument(given, selection);
      const scope = focus?.database ?? (await chooseScope(services));
      if (scope !== undefined) graphs.show(scope, focus);
    }),
  );
  store.own(
    registerCommand(commandIds.showInGraph, services.log, async (given, selection) => {
      const focus = graphArgument(given, selection);
      if (focus) graphs.show(focus.database, focus);
      else await vscode.commands.executeCommand(commandIds.openGraph);
    }),
  );
  store.own(
    vscode.window.registerWebviewPanelSerializer(viewType, {
      deserializeWebviewPanel: (panel, state: unknown) => {
        graphs.adopt(panel, scopeOf(state));
        return Promise.resolve();
      },
    }),
  );
  return store;
}

class GraphPanels implements Disposable {
  readonly #open = new Map<string, GraphPanel>();
  readonly #moved: MovedTablesMemory;

  constructor(private readonly services: Services) {
    this.#moved = new MovedTablesMemory(services.context.workspaceState);
  }

  show(scope: string, focus?: GraphFocus): void {
    const graph = this.#open.get(scope) ?? this.adopt(this.#create(), scope);
    graph.show(focus);
  }

  /** Takes a panel that VS Code kept over a reload, or a new one. */
  adopt(panel: vscode.WebviewPanel, scope: string): GraphPanel {
    const { extensionUri } = this.services.context;
    panel.webview.options = pageOptions(extensionUri);
    panel.iconPath = pageIcon(extensionUri, 'graph');
    const graph = new GraphPanel(this.services, panel, scope, this.#moved, () => {
      if (this.#open.get(scope) === graph) this.#open.delete(scope);
      graph.dispose();
    });
    this.#open.set(scope, graph);
    return graph;
  }

  dispose(): void {
    for (const graph of [...this.#open.values()]) graph.dispose();
    this.#open.clear();
  }

  #create(): vscode.WebviewPanel {
    return vscode.window.createWebviewPanel(viewType, '', vscode.ViewColumn.Active, pageOptions(this.services.context.extensionUri));
  }
}

/** The database of the SQL file, when it is clear; else the user chooses, all databases being one of the choices. */
async function chooseScope({ databases, working }: Services): Promise<string | undefined> {
  const found = await databases.list();
  if (found.length === 0) throw new JoineryError('ask.noDatabase', {});
  if (found.length === 1) return found[0];
  const resolution = await databases.resolve(working.editor?.document, undefined);
  const likely = resolution.kind === 'one' ? resolution.path : undefined;
  const sorted = likely !== undefined && found.includes(likely) ? [likely, ...found.filter((other) => other !== likely)] : found;
  const all = { label: vscode.l10n.t('All databases'), iconPath: new vscode.ThemeIcon('type-hierarchy'), scope: '' };
  const items = sorted.map((scope) => ({ label: path.basename(scope), description: databases.labelOf(scope), iconPath: new vscode.ThemeIcon('database'), scope })); // prettier-ignore
  const title = vscode.l10n.t('Schema graph');
  const picked = await vscode.window.showQuickPick([...items, all], { title, matchOnDescription: true });
  return picked?.scope;
}

function scopeOf(state: unknown): string {
  return typeof state === 'object' && state !== null && 'scope' in state && typeof state.scope === 'string' ? state.scope : '';
}
