/**
 * One graph in an editor tab: reads what it shows through the schema service, has it laid out, keeps it up to date, and does what the page
 * asks for. The page holds nothing that could not be sent again.
 */
import * as vscode from 'vscode';
import { firstDetail, type GraphDetail } from '../../../core/presentation/graphBoxes.js';
import { graphInNumbers } from '../../../core/presentation/graphInNumbers.js';
import { type GraphDatabase } from '../../../core/presentation/graphModel.js';
import { CancellationSource, type CancellationToken } from '../../../core/shared/cancellation.js';
import { DisposableStore, type Disposable } from '../../../core/shared/disposable.js';
import { type GraphFocus, type Place, readGraphPageMessage, type ToGraphPage } from '../../../protocol/graphPage.js';
import { pageHtml } from '../../platform/pageHtml.js';
import { reportError } from '../../platform/reportError.js';
import { describeThrown } from '../../platform/words.js';
import { type Services } from '../../services/services.js';
import { answerPage } from './answerPage.js';
import { type GraphContent, readGraphContent } from './graphContent.js';
import { layOut } from './layoutThread.js';
import { type MovedTablesMemory } from './movedTables.js';
import { graphPageWords } from './pageWords.js';

/** Milliseconds of quiet after a change: one transaction is told several times. */
const settleMs = 150;

export class GraphPanel implements Disposable {
  readonly #store = new DisposableStore();
  #reading = new CancellationSource();
  #timer: NodeJS.Timeout | undefined;
  #detail: GraphDetail | undefined;
  #isPageReady = false;
  /** Waits for the page. */
  #focus: GraphFocus | undefined;
  /** What was laid out last, and where it came to stand. */
  #laidOut: { readonly key: string; readonly places: readonly Place[] } | undefined;
  #sent = '';

  /** `scope` is the path of the database, or '' for all of the workspace. */
  constructor(
    private readonly services: Services,
    readonly panel: vscode.WebviewPanel,
    readonly scope: string,
    private readonly moved: MovedTablesMemory,
    onClosed: () => void,
  ) {
    const { schemas, databases, context } = services;
    const { webview } = panel;
    const words = graphPageWords();
    panel.title = `${words.graph}: ${this.#label}`;
    this.#store.own(webview.onDidReceiveMessage((value: unknown) => void this.#receive(value)));
    this.#store.own(panel.onDidDispose(onClosed));
    this.#store.own(panel.onDidChangeViewState(() => (this.#isPageReady &&= panel.visible)));
    this.#store.own(schemas.onChanged(({ path }) => this.#shows(path) && this.#refreshSoon()));
    this.#store.own(databases.onChanged(() => scope === '' && this.#refreshSoon()));
    webview.html = pageHtml(webview, context.extensionUri, { name: 'graph', title: panel.title, data: { words, scope } });
  }

  get detail(): GraphDetail {
    return this.#detail ?? 'columns';
  }

  /** Brings the panel to the front and shows the tables, as soon as they are there. */
  show(focus?: GraphFocus): void {
    this.panel.reveal();
    if (!focus || focus.tables.length === 0) return;
    if (this.#isPageReady) void this.#post({ type: 'focus', focus });
    else this.#focus = focus;
  }

  notice(text: string): void {
    void this.#post({ type: 'notice', text });
  }

  /** Reads, lays out and sends; the page gets nothing when nothing that it shows has changed, unless it asks. */
  async refresh(isAsked = true): Promise<void> {
    this.#reading.cancel();
    const source = new CancellationSource();
    this.#reading = source;
    try {
      const content = await this.#read(source.token);
      this.#detail ??= firstDetail(content.databases.reduce((sum, { tables }) => sum + tables.length, 0));
      const key = JSON.stringify([this.#detail, content]);
      if (!isAsked && key === this.#sent) return;
      const places = await this.#layOut(content.databases, this.#detail, source.token);
      const { scope, detail } = this;
      await this.#post({ type: 'graph', title: this.#label, detail, ...content, places, moved: this.moved.get(scope, detail) });
      this.#sent = key;
      if (this.#focus) await this.#post({ type: 'focus', focus: this.#focus });
      this.#focus = undefined;
    } catch (error) {
      void reportError(error, this.services.log);
    }
  }

  async setDetail(detail: GraphDetail): Promise<void> {
    this.#detail = detail;
    await this.refresh();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#reading.cancel();
    this.#store.dispose();
    this.panel.dispose();
  }

  get #label(): string {
    return this.scope === '' ? graphPageWords().allDatabases : this.services.databases.labelOf(this.scope);
  }

  #shows(path: string): boolean {
    return this.scope === '' || this.scope === path;
  }

  /** A hidden page asks when it comes back. */
  #refreshSoon(): void {
    if (!this.#isPageReady) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.refresh(false), settleMs);
  }

  async #receive(value: unknown): Promise<void> {
    const message = readGraphPageMessage(value);
    if (!message) return this.services.log.log('warn', 'graph', 'the page sent an unknown message');
    try {
      if (message.type === 'ready') {
        this.#isPageReady = true;
        this.#detail = message.detail ?? this.#detail;
        await this.refresh();
      } else await answerPage(message, this, this.services, this.moved);
    } catch (error) {
      void reportError(error, this.services.log);
    }
  }

  async #read(token: CancellationToken): Promise<GraphContent> {
    const { schemas, databases } = this.services;
    const words = {
      labelOf: (path: string) => databases.labelOf(path),
      sentenceOf: (failure: unknown) => describeThrown(failure).sentence,
    };
    return readGraphContent(this.scope === '' ? await databases.list() : [this.scope], schemas, words, token);
  }

  async #layOut(databases: readonly GraphDatabase[], detail: GraphDetail, token: CancellationToken): Promise<readonly Place[]> {
    const request = graphInNumbers(databases, detail);
    if (request.sizes.length === 0) return [];
    const key = JSON.stringify(request);
    if (this.#laidOut?.key === key) return this.#laidOut.places;
    const started = performance.now();
    const program = vscode.Uri.joinPath(this.services.context.extensionUri, 'dist', 'layout.mjs').fsPath;
    const places = await layOut(program, request, token);
    this.services.log.log('info', 'graph', `${places.length} tables laid out in ${Math.round(performance.now() - started)} ms`);
    this.#laidOut = { key, places };
    return places;
  }

  async #post(message: ToGraphPage): Promise<void> {
    await this.panel.webview.postMessage(message);
  }
}
