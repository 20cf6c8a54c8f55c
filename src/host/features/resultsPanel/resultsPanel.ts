/**
 * The webview that holds all results, and its line to the tabs of the engine. The panel may be closed and opened again, and comes back
 * after a reload with the statements that it showed; their rows are read anew.
 */
import path from 'node:path';
import * as vscode from 'vscode';
import { neverCancelled } from '../../../core/shared/cancellation.js';
import { type Disposable, DisposableStore } from '../../../core/shared/disposable.js';
import { type ResultTabs, type SavedTab } from '../../../engine/results/resultTabs.js';
import { readPageMessage } from '../../../protocol/resultsPage.js';
import { pageHtml, pageOptions } from '../../platform/pageHtml.js';
import { pageIcon } from '../../platform/pageIcon.js';
import { rowCount } from '../../platform/rowCount.js';
import { describeThrown } from '../../platform/words.js';
import { type ResultRequest } from '../../services/resultViewer.js';
import { type Services } from '../../services/services.js';
import { pageWords } from './pageWords.js';
import { saveResult, saveValue } from './saveResult.js';

export const resultsViewType = 'joinery.results';
const savedKey = 'joinery.resultTabs';

interface Opened extends Disposable {
  readonly panel: vscode.WebviewPanel;
  readonly tabs: ResultTabs;
}

export class ResultsPanel implements Disposable {
  #opened: Promise<Opened> | undefined;

  constructor(private readonly services: Services) {}

  /** Resolves when the first rows are there. Throws what went wrong with the statement. */
  async show(request: ResultRequest): Promise<void> {
    const { panel, tabs } = await this.#open();
    panel.reveal(panel.viewColumn, true);
    const { token = neverCancelled, ...rest } = request;
    await tabs.open(rest, token);
  }

  /** VS Code kept the panel over a reload. */
  async restore(panel: vscode.WebviewPanel): Promise<void> {
    this.#opened = this.#fill(panel);
    const { tabs } = await this.#opened;
    const saved = this.services.context.workspaceState.get<readonly SavedTab[]>(savedKey, []);
    await tabs.restore(saved, undefined);
  }

  dispose(): void {
    const opened = this.#opened;
    this.#opened = undefined;
    void opened?.then(({ panel, dispose }) => {
      dispose();
      panel.dispose();
    });
  }

  #open(): Promise<Opened> {
    if (!this.#opened) {
      const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
      const title = vscode.l10n.t('Results');
      this.#opened = this.#fill(
        vscode.window.createWebviewPanel(resultsViewType, title, place, pageOptions(this.services.context.extensionUri)),
      );
    }
    return this.#opened;
  }

  async #fill(panel: vscode.WebviewPanel): Promise<Opened> {
    const { extensionUri } = this.services.context;
    const { ResultTabs } = await import('../../../engine/results/resultTabs.js');
    const { webview } = panel;
    const tabs = new ResultTabs(this.#ports(webview));
    const store = new DisposableStore();
    store.own(webview.onDidReceiveMessage((message: unknown) => this.#receive(tabs, message)));
    store.own(panel.onDidChangeViewState(() => this.#look(tabs)));
    store.own(vscode.window.onDidChangeWindowState(() => this.#look(tabs)));
    store.own(panel.onDidDispose(() => this.#closed(tabs, store)));
    webview.options = pageOptions(extensionUri);
    panel.iconPath = pageIcon(extensionUri, 'results');
    const charts = webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', 'webview', 'charts.js')).toString();
    webview.html = pageHtml(webview, extensionUri, {
      name: 'results',
      title: vscode.l10n.t('Results'),
      data: { words: pageWords(), charts },
    });
    return { panel, tabs, dispose: () => store.dispose() };
  }

  #ports(webview: vscode.Webview): ConstructorParameters<typeof ResultTabs>[0] {
    const { context, databases, log } = this.services;
    return {
      send: (message) => void webview.postMessage(message),
      describe: (error) => {
        log.log('debug', 'results', 'a result could not be shown', error);
        const { sentence, next } = describeThrown(error);
        return { sentence, next };
      },
      labelOf: (database) => databases.labelOf(database),
      writeClipboard: async (text) => vscode.env.clipboard.writeText(text),
      copied: (rows, isCut) =>
        isCut ? vscode.l10n.t('In the clipboard: the first {0}.', rowCount(rows)) : vscode.l10n.t('In the clipboard: {0}.', rowCount(rows)),
      exportRows: (tab, format) => saveResult(tab, format, path.join(context.extensionPath, 'dist', 'export.mjs')),
      saveValue: (tab, bytes, isText) => saveValue(tab.request.database, bytes, isText),
      openSql: async ({ request }) => {
        const content = `-- @db ${request.database}\n${request.sql}\n`;
        await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'sql', content }), vscode.ViewColumn.One);
      },
      remember: (saved) => {
        context.workspaceState.update(savedKey, saved).then(undefined, (error: unknown) => {
          log.log('warn', 'results', 'the tabs were not remembered', error);
        });
      },
    };
  }

  #receive(tabs: ResultTabs, message: unknown): void {
    const read = readPageMessage(message);
    if (read) void tabs.receive(read);
    else this.services.log.log('warn', 'results', 'the page sent something else than a message');
  }

  /** Somebody came back to the window: the database may have changed meanwhile. */
  #look(tabs: ResultTabs): void {
    tabs.checkStale().catch((error: unknown) => this.services.log.log('debug', 'results', 'the database could not be looked at', error));
  }

  #closed(tabs: ResultTabs, store: Disposable): void {
    this.#opened = undefined;
    store.dispose();
    tabs.dispose().catch((error: unknown) => this.services.log.log('warn', 'results', 'results were not closed', error));
  }
}
