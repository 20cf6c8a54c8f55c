/**
 * The page: tabs, actions, filters, grid and panels, kept in step with what the extension says. It holds no result of its own beyond the
 * rows that are or were in sight.
 */
import { type Filter, type SortKey } from '../../core/sql/resultTypes.js';
import { type CopyFormat, type FromPage, type PageOfRows, type TabFacts, type ToPage } from '../../protocol/resultsPage.js';
import { fillWords, type ResultsWords } from '../../protocol/resultsWords.js';
import { type DrawChart } from '../shared/chartRequest.js';
import { type HostConnection } from '../shared/connectHost.js';
import { element } from '../shared/element.js';
import { landFocus } from '../shared/landFocus.js';
import { CellPanel } from './cellPanel.js';
import { cellMenu, columnMenu } from './cellMenus.js';
import { ChartPanel } from './chartPanel.js';
import { button } from './elements.js';
import { FilterBar } from './filterBar.js';
import { type GridModel, makeModel, selectedRectangle } from './gridModel.js';
import { attachPointer } from './gridPointer.js';
import { type GridEvents, GridView } from './gridView.js';
import { openMenu } from './menu.js';
import { type PageMemory, recall, remember } from './pageMemory.js';
import { RowCache } from './rowCache.js';
import { selectPlace } from './selection.js';
import { nextSort } from './sorting.js';
import { statusText } from './statusText.js';
import { tabId, TabStrip } from './tabStrip.js';
import { ToolBar } from './toolBar.js';

/** Milliseconds after the last change until the page's memory is written. */
const memoryPauseMs = 200;

export class ResultsPage {
  readonly #strip: TabStrip;
  readonly #tools: ToolBar;
  readonly #filters: FilterBar;
  readonly #grid: GridView;
  readonly #cell: CellPanel;
  readonly #chart: ChartPanel;
  readonly #panel = element('main', { id: 'result-panel', role: 'tabpanel', class: 'result', tabindex: '-1' });
  readonly #problem = element('div', { class: 'problem', role: 'alert' });
  readonly #status = element('div', { class: 'status', role: 'status', 'aria-live': 'polite' });
  readonly #facts = element('span');
  readonly #notice = element('span', { class: 'notice' });
  readonly #models = new Map<number, GridModel>();
  readonly #generations = new Map<number, number>();
  #tabs: readonly TabFacts[] = [];
  #active: number | undefined;
  /** What the alert says. */
  #said: string | undefined;
  /** The tab whose end was asked for before anybody knew where it is. */
  #seeking: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    body: HTMLElement,
    private readonly words: ResultsWords,
    private readonly host: HostConnection<FromPage, PageMemory>,
    loadCharts: () => Promise<DrawChart>,
  ) {
    const focusGrid = (): void => this.#grid.element.focus();
    this.#strip = new TabStrip(element('div'), words, {
      select: (tab) => this.#post({ type: 'select', tab }),
      close: (tab) => this.#post({ type: 'close', tab }),
    });
    this.#tools = new ToolBar(element('div'), words, {
      rerun: () => this.#act('rerun'),
      cancel: () => this.#act('cancel'),
      sql: () => this.#act('sql'),
      count: () => this.#act('count'),
      pin: (pinned) => this.#withTab((tab) => this.#post({ type: 'pin', tab, pinned })),
      copy: (format) => this.#copy(format, true),
      export: (format) => this.#withTab((tab) => this.#post({ type: 'export', tab, format })),
      chart: () => this.#openChart(),
      compare: (other) => this.#withTab((tab) => this.#post({ type: 'compare', tab, other })),
      matchBy: (keys) => this.#withTab((tab) => this.#post({ type: 'matchBy', tab, keys })),
    });
    this.#filters = new FilterBar(element('div', { class: 'filter-bar' }), words, (filters) => this.#filter(filters));
    const events = this.#gridEvents();
    this.#grid = new GridView(element('div'), words, events);
    attachPointer(this.#grid, events);
    this.#cell = new CellPanel(element('section', { class: 'panel' }), words, { close: focusGrid, save: () => this.#saveCell() });
    this.#chart = new ChartPanel(element('section', { class: 'panel' }), words, loadCharts, {
      close: focusGrid,
      load: (columns) => this.#withTab((tab) => this.#post({ type: 'chart', tab, columns })),
    });
    this.#status.append(this.#facts, this.#notice);
    const split = element('div', { class: 'split' }, this.#grid.element, this.#cell.root, this.#chart.root);
    this.#panel.append(this.#tools.root, this.#filters.root, this.#problem, split, this.#status);
    body.append(this.#strip.root, this.#panel);
    document.addEventListener('copy', (event) => {
      if (document.activeElement !== this.#grid.element) return;
      event.preventDefault();
      this.#copy('tsv', false);
    });
    this.#draw();
  }

  /** What the keyboard is for. */
  get main(): HTMLElement {
    return this.#grid.element;
  }

  /** Anything that is no message of the extension is ignored. */
  receive(message: unknown): void {
    if (typeof message !== 'object' || message === null || !('type' in message)) return;
    this.#receive(message as ToPage);
  }

  #receive(message: ToPage): void {
    switch (message.type) {
      case 'tabs':
        this.#tabs = message.tabs;
        this.#active = message.active;
        this.#takeTabs(message.first);
        break;
      case 'rows':
        if (this.#generations.get(message.tab) !== message.generation) return;
        this.#models.get(message.tab)?.cache.put(message.from, message.rows);
        this.#grid.draw();
        this.#drawProblem();
        this.#drawStatus();
        break;
      case 'rowsFailed':
        if (this.#generations.get(message.tab) !== message.generation) return;
        this.#models.get(message.tab)?.cache.fail(message.from, `${message.error.sentence} ${message.error.next}`);
        this.#drawProblem();
        break;
      case 'cell':
        if (message.tab === this.#active) this.#cell.show(this.#tab?.columns[message.column] ?? '', message.row, message.content);
        break;
      case 'chart':
        if (message.tab === this.#active) void this.#chart.take(message.rows, message.cut);
        break;
      case 'notice':
        this.#notice.textContent = message.text;
    }
  }

  get #tab(): TabFacts | undefined {
    return this.#tabs.find(({ id }) => id === this.#active);
  }

  get #model(): GridModel | undefined {
    return this.#active === undefined ? undefined : this.#models.get(this.#active);
  }

  #takeTabs(first: PageOfRows | undefined): void {
    const ids = new Set(this.#tabs.map(({ id }) => id));
    for (const id of this.#models.keys()) if (!ids.has(id)) this.#forget(id);
    for (const tab of this.#tabs) {
      const isOld = this.#generations.get(tab.id) !== tab.generation;
      if (isOld || !hasColumns(this.#models.get(tab.id), tab.columns)) this.#makeModel(tab);
      const model = this.#models.get(tab.id);
      if (model) model.view = tab.view;
      if (tab.total !== undefined) model?.cache.setTotal(tab.total);
    }
    if (first && this.#generations.get(first.tab) === first.generation) this.#models.get(first.tab)?.cache.put(first.from, first.rows);
    this.#draw();
    this.#seekEnd();
  }

  #seekEnd(): void {
    const model = this.#model;
    if (this.#seeking !== this.#active || model?.cache.total === undefined) return;
    this.#seeking = undefined;
    this.#grid.select(selectPlace(model.cache.total - 1, model.selection.active.column));
  }

  #forget(id: number): void {
    this.#models.delete(id);
    this.#generations.delete(id);
  }

  /** Another run, sort or filter of the same columns keeps widths and the active cell. */
  #makeModel(tab: TabFacts): void {
    const { id, generation } = tab;
    const old = this.#models.get(id);
    const ask = (from: number, count: number): void => this.#post({ type: 'rows', tab: id, generation, from, count });
    const model = makeModel(tab.columns, tab.view, new RowCache(tab.columns.length, ask));
    if (old && hasColumns(old, tab.columns))
      Object.assign(model, { layout: old.layout, isFitted: old.isFitted, selection: old.selection, left: old.left }); // prettier-ignore
    else if (!old || old.columns.length === 0) recall(this.host.state, id, model);
    this.#models.set(id, model);
    this.#generations.set(id, generation);
  }

  #draw(): void {
    const tab = this.#tab;
    const model = this.#model;
    this.#strip.show(this.#tabs, this.#active);
    this.#tools.show(tab, this.#tabs);
    const isShown = tab?.state === 'shown' && model !== undefined;
    this.#filters.root.hidden = !isShown || tab.comparison !== undefined;
    this.#grid.element.hidden = !isShown;
    if (tab) {
      this.#panel.setAttribute('aria-labelledby', tabId(tab.id));
      this.#filters.show(tab.columns, tab.view.filters);
    } else this.#panel.removeAttribute('aria-labelledby');
    this.#drawProblem();
    if (isShown && this.#grid.model !== model) {
      this.#cell.close();
      this.#chart.close();
      this.#grid.show(model);
    } else this.#grid.draw();
    this.#drawStatus();
    landFocus(this.main);
  }

  #drawProblem(): void {
    const tab = this.#tab;
    const failure = tab?.state === 'shown' ? this.#model?.cache.failure : undefined;
    if (!tab) this.#showProblem(this.words.noResult, false);
    else if (failure !== undefined) this.#showProblem(fillWords(this.words.failedRows, failure), true);
    else this.#showProblem(tab.error ? `${tab.error.sentence} ${tab.error.next}` : '', false);
  }

  #showProblem(text: string, canRetry: boolean): void {
    // The same alert again would be read out again.
    if (this.#said === text) return;
    this.#said = text;
    const retry = button(this.words.retry, () => {
      this.#model?.cache.retry();
      this.#drawProblem();
      this.#grid.draw();
    });
    this.#problem.hidden = text === '';
    this.#problem.replaceChildren(...(text === '' ? [] : [element('p', {}, text)]), ...(canRetry ? [retry] : []));
  }

  #drawStatus(): void {
    const tab = this.#tab;
    const model = this.#model;
    const facts = tab && { tab, known: model?.cache.known ?? 0, total: model?.cache.total, selected: model && selectedRectangle(model) };
    const text = facts ? statusText(facts, this.words, document.documentElement.lang || 'en') : '';
    // The same text again would be read out again.
    if (this.#facts.textContent !== text) this.#facts.textContent = text;
  }

  #gridEvents(): GridEvents {
    return {
      sort: (column, added) => this.#sort(nextSort(this.#tab?.view.sort ?? [], column, added)),
      openCell: (row, column) => this.#withTab((tab) => this.#post({ type: 'cell', tab, row, column })),
      menu: (row, column, x, y) => this.#openMenu(row, column, x, y),
      copy: () => this.#copy('tsv', false),
      seekEnd: () => {
        this.#seeking = this.#active;
        this.#act('count');
      },
      changed: () => {
        this.#drawStatus();
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.host.save(remember(this.#models)), memoryPauseMs);
      },
    };
  }

  #openMenu(row: number, column: number, x: number, y: number): void {
    const tab = this.#tab;
    const model = this.#model;
    if (!tab || !model) return;
    const { words } = this;
    const target = {
      words,
      column,
      freeze: (count: number): void => this.#grid.freeze(count),
      fit: (): void => this.#grid.fit(column),
      sort: (sort: readonly SortKey[]): void => this.#sort(sort),
      filterForm: (): void => this.#filters.openForm(column),
      addFilter: (filter: Filter): void => this.#filter([...tab.view.filters, filter]),
      open: (): void => this.#post({ type: 'cell', tab: tab.id, row, column }),
      copy: (format: CopyFormat): void => this.#copy(format, true),
    };
    const items = row < 0 ? columnMenu(target, model.layout.frozen) : cellMenu(target, model.cache.row(row)?.[column]);
    openMenu(tab.columns[column] ?? '', tab.comparison ? [] : items, x, y);
  }

  #sort(sort: readonly SortKey[]): void {
    const tab = this.#tab;
    if (tab && !tab.comparison) this.#post({ type: 'view', tab: tab.id, view: { ...tab.view, sort } });
  }

  #filter(filters: readonly Filter[]): void {
    const tab = this.#tab;
    if (tab) this.#post({ type: 'view', tab: tab.id, view: { ...tab.view, filters } });
  }

  #copy(format: CopyFormat, header: boolean): void {
    const tab = this.#tab;
    const model = this.#model;
    if (!tab || !model) return;
    const { from, to, firstColumn, lastColumn } = selectedRectangle(model);
    const columns = Array.from({ length: lastColumn - firstColumn + 1 }, (_, at) => firstColumn + at);
    this.#post({ type: 'copy', tab: tab.id, format, from, columns, header, ...(to === undefined ? {} : { to }) });
  }

  #saveCell(): void {
    const place = this.#model?.selection.active;
    if (place) this.#withTab((tab) => this.#post({ type: 'saveCell', tab, row: Math.max(0, place.row), column: place.column }));
  }

  #openChart(): void {
    const model = this.#model;
    if (!model) return;
    const sample = Array.from({ length: model.cache.blockRows }, (_, at) => model.cache.row(at)).filter((row) => row !== undefined);
    this.#cell.close();
    this.#chart.open(model.columns, sample);
  }

  #act(type: 'rerun' | 'cancel' | 'sql' | 'count'): void {
    this.#withTab((tab) => this.#post({ type, tab }));
  }

  #withTab(work: (tab: number) => void): void {
    if (this.#active !== undefined) work(this.#active);
  }

  #post(message: FromPage): void {
    this.host.post(message);
  }
}

function hasColumns(model: GridModel | undefined, columns: readonly string[]): boolean {
  return model?.columns.length === columns.length && columns.every((name, at) => model.columns[at] === name);
}
