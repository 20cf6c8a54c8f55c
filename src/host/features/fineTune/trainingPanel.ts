/** The panel that shows the training of this workspace. It draws nothing itself and decides nothing: buttons become calls of the controller. */
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../../core/shared/disposable.js';
import {
  type FromTrainingPage,
  readTrainingPageMessage,
  type ToTrainingPage,
  type TrainingPageData,
  type TrainingState,
} from '../../../protocol/trainingPage.js';
import { pageHtml, pageOptions } from '../../platform/pageHtml.js';
import { pageIcon } from '../../platform/pageIcon.js';
import { pageWords } from './fineTuneWords.js';

export const trainingViewType = 'joinery.training';
/** Milliseconds between two pictures of a run at least. */
const restMs = 250;

export interface PanelPorts {
  readonly extensionUri: vscode.Uri;
  readonly state: () => TrainingState;
  readonly act: (message: Exclude<FromTrainingPage, { type: 'ready' }>) => void;
}

export class TrainingPanel implements Disposable {
  #panel: vscode.WebviewPanel | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly ports: PanelPorts) {}

  async show(): Promise<void> {
    const place = { viewColumn: vscode.ViewColumn.Active };
    const options = pageOptions(this.ports.extensionUri);
    if (this.#panel) this.#panel.reveal();
    else await this.adopt(vscode.window.createWebviewPanel(trainingViewType, vscode.l10n.t('Training'), place, options));
  }

  /** Takes a new panel, or one that VS Code kept over a reload. */
  async adopt(panel: vscode.WebviewPanel): Promise<void> {
    this.#panel?.dispose();
    this.#panel = panel;
    const { extensionUri } = this.ports;
    const { webview } = panel;
    const listeners = new DisposableStore();
    listeners.own(webview.onDidReceiveMessage((message: unknown) => this.#receive(message)));
    panel.onDidDispose(() => {
      if (this.#panel === panel) this.#panel = undefined;
      listeners.dispose();
    });
    webview.options = pageOptions(extensionUri);
    panel.iconPath = pageIcon(extensionUri, 'training');
    const data: TrainingPageData = { words: await pageWords() };
    if (this.#panel === panel) webview.html = pageHtml(webview, extensionUri, { name: 'training', title: vscode.l10n.t('Training'), data });
  }

  /** Something changed; several changes at once make one picture. */
  refresh(): void {
    if (!this.#panel) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#send();
    }, restMs);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#panel?.dispose();
  }

  #receive(message: unknown): void {
    const read = readTrainingPageMessage(message);
    if (read?.type === 'ready') this.#send();
    else if (read) this.ports.act(read);
  }

  #send(): void {
    const message: ToTrainingPage = { type: 'state', state: this.ports.state() };
    void this.#panel?.webview.postMessage(message);
  }
}
