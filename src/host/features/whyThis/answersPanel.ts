/** The panel that shows answers beside the editor: one for all questions, drawn anew for each. It asks nothing and writes nothing. */
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../../core/shared/disposable.js';
import { type AnswersMessage, type AnswersPage, answersRequestOf, type AnswersRequest } from '../../../protocol/answersPage.js';
import { pageHtml, pageOptions } from '../../platform/pageHtml.js';
import { pageIcon } from '../../platform/pageIcon.js';

/** What a press of a button is to do; the number is that of an answer on the page. */
export type AnswersHandler = (request: Exclude<AnswersRequest, { kind: 'ready' }>) => void;

export class AnswersPanel implements Disposable {
  #panel: vscode.WebviewPanel | undefined;
  #page: AnswersPage | undefined;
  #handle: AnswersHandler = () => undefined;

  constructor(private readonly extensionUri: vscode.Uri) {}

  show(page: AnswersPage, handle: AnswersHandler): void {
    this.#page = page;
    this.#handle = handle;
    this.#panel ??= this.#create();
    this.#panel.title = vscode.l10n.t('Answers');
    this.#panel.reveal(undefined, page.focus === 'answers');
    this.#send();
  }

  dispose(): void {
    this.#panel?.dispose();
  }

  #create(): vscode.WebviewPanel {
    const title = vscode.l10n.t('Answers');
    const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    const panel = vscode.window.createWebviewPanel('joinery.answers', title, place, pageOptions(this.extensionUri));
    const listeners = new DisposableStore();
    panel.iconPath = pageIcon(this.extensionUri, 'answers');
    listeners.own(panel.webview.onDidReceiveMessage((message) => this.#receive(message)));
    panel.onDidDispose(() => {
      this.#panel = undefined;
      listeners.dispose();
    });
    panel.webview.html = pageHtml(panel.webview, this.extensionUri, { name: 'answers', title, data: null });
    return panel;
  }

  #receive(message: unknown): void {
    const request = answersRequestOf(message);
    if (request?.kind === 'ready') this.#send();
    else if (request) this.#handle(request);
  }

  #send(): void {
    if (!this.#page) return;
    const message: AnswersMessage = { kind: 'show', page: this.#page };
    void this.#panel?.webview.postMessage(message);
  }
}
