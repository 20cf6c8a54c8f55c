/**
 * The tabs of the results page: what runs, what is shown, what is pinned, and the answers to the page's messages. It knows neither editor
 * nor page; dialogs, clipboard and words come through its ports.
 */
import { type CancellationToken, neverCancelled } from '../../core/shared/cancellation.js';
import { isCancelled, JoineryError } from '../../core/shared/errors.js';
import { exactCell } from '../../core/presentation/exactCell.js';
import { fillParameters } from '../../core/sql/fillParameters.js';
import { plainView, type ResultView } from '../../core/sql/resultTypes.js';
import { type CopyFormat, type ErrorWords, type ExportFormat, type FromPage, type PageOfRows, type TabFacts, type ToPage } from '../../protocol/resultsPage.js'; // prettier-ignore
import { compareResults } from './compareResults.js';
import { copySelection } from './copySelection.js';
import { readCell } from './readCell.js';
import { ResultTab, type TabRequest } from './resultTab.js';

export interface ResultTabsPorts {
  send(message: ToPage): void;
  describe(error: unknown): ErrorWords;
  /** Short name of a database. */
  labelOf(database: string): string;
  writeClipboard(text: string): Promise<void>;
  /** Shown and read out in the status line. */
  copied(rows: number, isCut: boolean): string;
  exportRows(tab: ResultTab, format: ExportFormat): Promise<void>;
  saveValue(tab: ResultTab, bytes: Uint8Array, isText: boolean): Promise<void>;
  openSql(tab: ResultTab): Promise<void>;
  /** Tabs came, went or changed: what is needed to open them again. */
  remember(tabs: readonly SavedTab[]): void;
}

export interface SavedTab {
  readonly id: number;
  readonly request: TabRequest;
  readonly pinned: boolean;
  readonly view: ResultView;
}

/** Rows that a chart draws at most. */
const chartRows = 10_000;
/** Unpinned comparisons and results beyond this many tabs are closed, oldest first. */
const mostTabs = 20;

export class ResultTabs {
  #tabs: readonly ResultTab[] = [];
  #active: number | undefined;
  #lastId = 0;

  constructor(private readonly ports: ResultTabsPorts) {}

  /** Shows a statement's rows in a free tab, or in a new one. Throws what went wrong, which the tab shows, too. */
  async open(request: TabRequest, token: CancellationToken = neverCancelled): Promise<void> {
    const free = this.#tabs.filter((tab) => !tab.pinned && (request.group === undefined || tab.request.group !== request.group));
    const [taken, ...others] = free;
    const tab = this.#add({ id: taken?.id ?? ++this.#lastId, request, pinned: false, view: plainView });
    this.#active = tab.id;
    for (const other of others) void this.#close(other);
    const link = token.onCancellationRequested(() => tab.cancel());
    await tab.run();
    link.dispose();
    if (tab.failure !== undefined) throw tab.failure;
  }

  /** Takes over tabs of an earlier life; only the one in front is run. */
  async restore(saved: readonly SavedTab[], active: number | undefined): Promise<void> {
    for (const entry of saved) this.#add(entry);
    this.#lastId = Math.max(this.#lastId, ...saved.map(({ id }) => id));
    await this.#select(active ?? saved[0]?.id);
  }

  /** Marks the tab in front when its database has changed. */
  async checkStale(): Promise<void> {
    await this.#find(this.#active)?.checkStale();
  }

  /** Never throws: what fails is shown or said. */
  async receive(message: FromPage): Promise<void> {
    try {
      await this.#receive(message);
    } catch (error) {
      if (isCancelled(error)) return;
      const { sentence, next } = this.ports.describe(error);
      this.ports.send({ type: 'notice', text: `${sentence} ${next}` });
    }
  }

  async dispose(): Promise<void> {
    const tabs = this.#tabs;
    this.#tabs = [];
    await Promise.all(tabs.map((tab) => tab.close()));
  }

  async #receive(message: FromPage): Promise<void> {
    if (message.type === 'ready') return this.#sendTabs();
    const tab = this.#find(message.tab);
    if (!tab) return;
    switch (message.type) {
      case 'rows':
        return tab.sendRows(message.generation, message.from, message.count);
      case 'view':
        return tab.setView(message.view);
      case 'cell':
        return this.ports.send({ ...message, content: await readCell(tab.rows, message.row, message.column) });
      case 'saveCell':
        return this.#saveValue(tab, message.row, message.column);
      case 'copy':
        return this.#copy(tab, message);
      case 'export':
        return this.ports.exportRows(tab, message.format);
      case 'chart':
        return this.#chart(tab, message.columns);
      case 'compare':
        return this.#compare(tab, message.other);
      case 'matchBy':
        return tab.matchBy(message.keys);
      case 'pin':
        tab.pinned = message.pinned;
        return this.#changed();
      case 'sql':
        return this.ports.openSql(tab);
      case 'rerun':
        return tab.run();
      case 'cancel':
        return tab.cancel();
      case 'count':
        return tab.count();
      case 'select':
        return this.#select(tab.id);
      case 'close':
        return this.#close(tab);
    }
  }

  #find(id: number | undefined): ResultTab | undefined {
    return this.#tabs.find((tab) => tab.id === id);
  }

  /** In the place of the tab of the same number, if there is one. */
  #add(saved: SavedTab): ResultTab {
    const { ports } = this;
    const old = this.#find(saved.id);
    const tab = new ResultTab(saved, old?.generation ?? 0, {
      send: ports.send,
      describe: ports.describe,
      changed: (first) => this.#changed(first),
    });
    if (old) void old.close();
    const at = old ? this.#tabs.indexOf(old) : this.#tabs.length;
    this.#tabs = [...this.#tabs.slice(0, at), tab, ...this.#tabs.slice(at + 1)];
    const surplus = this.#tabs.length > mostTabs ? this.#tabs.find((other) => !other.pinned && other !== tab) : undefined;
    if (surplus) void this.#close(surplus);
    return tab;
  }

  async #select(id: number | undefined): Promise<void> {
    const tab = this.#find(id);
    if (!tab) return this.#sendTabs();
    this.#active = tab.id;
    this.#changed();
    if (tab.isIdle) await tab.run();
    else await tab.checkStale();
  }

  async #close(tab: ResultTab): Promise<void> {
    const at = this.#tabs.indexOf(tab);
    this.#tabs = this.#tabs.filter((other) => other !== tab);
    if (this.#active === tab.id) this.#active = (this.#tabs[at] ?? this.#tabs[at - 1])?.id;
    this.#changed();
    await tab.close();
    if (this.#find(this.#active)?.isIdle) await this.#select(this.#active);
  }

  async #saveValue(tab: ResultTab, row: number, column: number): Promise<void> {
    const [found] = await tab.rows.exact(row, 1, neverCancelled, [column]);
    const value = found?.values[0] ?? '';
    const bytes = value instanceof Uint8Array ? value : new TextEncoder().encode(String(value));
    await this.ports.saveValue(tab, bytes, !(value instanceof Uint8Array));
  }

  async #copy(tab: ResultTab, message: FromPage & { readonly type: 'copy' }): Promise<void> {
    const format: CopyFormat = message.format;
    const { text, rows, isCut } = await copySelection(tab.rows, { ...message, format, sql: tab.request.sql }, neverCancelled);
    await this.ports.writeClipboard(text);
    this.ports.send({ type: 'notice', text: this.ports.copied(rows, isCut) });
  }

  async #chart(tab: ResultTab, columns: readonly number[]): Promise<void> {
    const found = await tab.rows.exact(0, chartRows + 1, neverCancelled, columns);
    const rows = found.slice(0, chartRows).map((row) => columns.map((_, at) => exactCell(row, at)));
    this.ports.send({ type: 'chart', tab: tab.id, rows, cut: found.length > chartRows });
  }

  async #compare(left: ResultTab, otherId: number): Promise<void> {
    const right = this.#find(otherId);
    if (!right || left === right) throw new JoineryError('internal', { reason: 'there is no such tab to compare with' });
    const request: TabRequest = { ...left.request, title: `${left.title} ↔ ${right.title}` };
    const tab = this.#add({ id: ++this.#lastId, request, pinned: false, view: plainView });
    this.#active = tab.id;
    await tab.compare((keys, token) => compareResults(left, right, keys, token));
  }

  #sendTabs(first?: PageOfRows): void {
    const tabs = this.#tabs.map((tab): TabFacts => ({ ...tab.facts(), database: this.ports.labelOf(tab.request.database) }));
    this.ports.send({ type: 'tabs', tabs, active: this.#active, ...(first ? { first } : {}) });
  }

  #changed(first?: PageOfRows): void {
    this.#sendTabs(first);
    const kept = this.#tabs.filter((tab) => !tab.comparison);
    this.ports.remember(kept.map(({ id, request, pinned, view, title }) => ({ id, request: plainRequest(request, title), pinned, view })));
  }
}

/** Values stand in the statement, so that bytes and big integers can be kept as text. */
function plainRequest({ database, sql, parameters }: TabRequest, title: string): TabRequest {
  return { database, title, sql: parameters ? fillParameters(sql, parameters) : sql };
}
