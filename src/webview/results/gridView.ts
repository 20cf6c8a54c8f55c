/**
 * A grid of any number of rows and columns that draws what is in sight, after the ARIA pattern for grids: one stop of the tab key, arrows
 * inside, the header as the row above the first. Rows come from the model's cache, which asks for what is missing.
 */
import { type Cell } from '../../core/sql/resultTypes.js';
import { type ResultsWords } from '../../protocol/resultsWords.js';
import { ColumnLayout, fittingWidth } from './columnLayout.js';
import { type GridModel, selectedRectangle } from './gridModel.js';
import { cellId, fillHeader, fillRow, numberWidth, type RowFrame } from './gridRows.js';
import { ScrollMap } from './scrollMap.js';
import { moveByKey, type Selection } from './selection.js';

export interface GridEvents {
  /** `added` keeps the columns that are sorted by already. */
  sort(column: number, added: boolean): void;
  openCell(row: number, column: number): void;
  /** At these page coordinates; row -1 is the header. */
  menu(row: number, column: number, x: number, y: number): void;
  copy(): void;
  /** Selection, widths or position changed. */
  changed(): void;
  /** The last row was asked for and nobody knows which it is. */
  seekEnd(): void;
}

/** What a row element shows now. */
interface FilledRow {
  readonly row: number;
  readonly look: string;
  readonly cells: readonly Cell[] | undefined;
  readonly layout: ColumnLayout;
}

export const rowHeight = 24;
/** Rows drawn above and below those in sight. */
const margin = 3;
const resizeStep = 20;
const widestFit = 900;

export class GridView {
  readonly #head = document.createElement('div');
  readonly #body = document.createElement('div');
  readonly #rows = new Map<number, HTMLElement>();
  readonly #spare: HTMLElement[] = [];
  readonly #filled = new WeakMap<HTMLElement, FilledRow>();
  #model: GridModel | undefined;
  #frameAsked = false;
  /** Scroll positions that we set ourselves are not taken for the user's. */
  #ownScrollTop = -1;
  #direction: 1 | -1 = 1;

  constructor(
    readonly element: HTMLElement,
    private readonly words: ResultsWords,
    private readonly events: GridEvents,
  ) {
    element.className = 'grid';
    setAttributes(element, { role: 'grid', tabindex: '0', 'aria-multiselectable': 'true', 'aria-label': words.grid });
    const headGroup = group('grid-head', this.#head);
    setAttributes(this.#head, { role: 'row' });
    this.#head.className = 'row';
    this.#body.className = 'grid-body';
    setAttributes(this.#body, { role: 'rowgroup' });
    element.append(headGroup, this.#body);
    element.addEventListener('scroll', () => this.#scrolled());
    element.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    element.addEventListener('keydown', (event) => this.#key(event));
    new ResizeObserver(() => this.draw()).observe(element);
  }

  get model(): GridModel | undefined {
    return this.#model;
  }

  show(model: GridModel): void {
    this.#model = model;
    for (const row of this.#rows.values()) this.#spare.push(row);
    this.#rows.clear();
    this.#body.replaceChildren();
    this.#applyHeight();
    this.element.scrollLeft = model.left;
    this.#scrollTo(model.top);
    this.draw();
  }

  /** Draws at the next frame; called as often as anything changes. */
  draw(): void {
    if (this.#frameAsked) return;
    this.#frameAsked = true;
    requestAnimationFrame(() => {
      this.#frameAsked = false;
      this.#drawNow();
    });
  }

  select(selection: Selection): void {
    const model = this.#model;
    if (!model) return;
    model.selection = selection;
    this.#reveal(selection);
    this.draw();
    this.events.changed();
  }

  freeze(count: number): void {
    this.#model?.layout.freeze(count);
    this.draw();
    this.events.changed();
  }

  resize(column: number, width: number): void {
    this.#model?.layout.resize(column, width);
    this.draw();
    this.events.changed();
  }

  /** As wide as the header and the rows in sight want to be. */
  fit(column: number): void {
    const model = this.#model;
    if (!model) return;
    const cells = [...this.#rows.keys()].map((row) => model.cache.row(row)?.[column]);
    this.resize(column, fittingWidth(model.columns[column] ?? '', cells, widestFit));
  }

  /** Row and column of an element inside; undefined elsewhere. The row of the header is -1, the column of the numbers too. */
  placeOf(target: EventTarget | null): { readonly row: number; readonly column: number } | undefined {
    const cell = target instanceof Element ? target.closest<HTMLElement>('.cell') : null;
    const row = cell?.parentElement;
    if (!cell || !row || !this.element.contains(cell)) return undefined;
    return { row: Number(row.dataset['row'] ?? -1), column: Number(cell.dataset['column'] ?? -1) };
  }

  #map(model: GridModel): ScrollMap {
    const height = this.element.clientHeight - this.#head.offsetHeight;
    return new ScrollMap(model.cache.reach, rowHeight, Math.max(rowHeight, height));
  }

  #applyHeight(): void {
    const model = this.#model;
    if (!model) return;
    this.#body.style.height = `${this.#map(model).height}px`;
    const width = `${numberWidth + model.layout.totalWidth}px`;
    this.#body.style.width = width;
    this.#head.style.width = width;
  }

  #drawNow(): void {
    const model = this.#model;
    if (!model || this.element.clientHeight === 0) return;
    this.#fitFirst(model);
    this.#applyHeight();
    const map = this.#map(model);
    model.top = Math.min(model.top, map.mostTop);
    const [first, end] = map.visible(model.top);
    model.cache.want(first, end, this.#direction);
    const columns = model.layout.visible(model.left, this.element.clientWidth - numberWidth);
    const frame: RowFrame = { model, words: this.words, rectangle: selectedRectangle(model), columns };
    fillHeader(this.#head, frame);
    this.#drawRows(frame, map, Math.max(0, first - margin), Math.min(model.cache.reach, end + margin));
    const { active } = model.selection;
    const total = model.cache.total;
    setAttributes(this.element, {
      'aria-rowcount': String(total === undefined ? -1 : total + 1),
      'aria-colcount': String(model.columns.length + 1),
    });
    const id = cellId(active.row, active.column);
    if (document.getElementById(id)) this.element.setAttribute('aria-activedescendant', id);
    else this.element.removeAttribute('aria-activedescendant');
  }

  /** Widths come from the first rows, once. */
  #fitFirst(model: GridModel): void {
    if (model.isFitted || model.cache.row(0) === undefined) return;
    const rows = Array.from({ length: 50 }, (_, at) => model.cache.row(at)).filter((row) => row !== undefined);
    const { frozen } = model.layout;
    model.layout = ColumnLayout.fitting(model.columns, rows);
    model.layout.freeze(frozen);
    model.isFitted = true;
  }

  #drawRows(frame: RowFrame, map: ScrollMap, first: number, end: number): void {
    for (const [row, element] of this.#rows) {
      if (row >= first && row < end) continue;
      this.#rows.delete(row);
      element.remove();
      this.#spare.push(element);
    }
    const look = lookOfFrame(frame);
    const shift = map.isScaled ? this.element.scrollTop - frame.model.top : 0;
    for (let row = first; row < end; row++) {
      let element = this.#rows.get(row);
      if (!element) {
        element = this.#spare.pop() ?? newRow();
        this.#rows.set(row, element);
        this.#body.append(element);
      }
      element.style.top = `${row * rowHeight + shift}px`;
      this.#fill(element, row, frame, look);
    }
  }

  /** A row that looks the same as before is left alone: while one scrolls, most do. */
  #fill(element: HTMLElement, row: number, frame: RowFrame, look: string): void {
    const cells = frame.model.cache.row(row);
    const before = this.#filled.get(element);
    if (before?.row === row && before.look === look && before.cells === cells && before.layout === frame.model.layout) return;
    this.#filled.set(element, { row, look, cells, layout: frame.model.layout });
    fillRow(element, row, frame);
  }

  #scrolled(): void {
    const model = this.#model;
    if (!model) return;
    const { scrollTop, scrollLeft } = this.element;
    model.left = scrollLeft;
    if (Math.abs(scrollTop - this.#ownScrollTop) > 1) {
      const top = this.#map(model).topOf(scrollTop);
      this.#direction = top >= model.top ? 1 : -1;
      model.top = top;
    }
    this.#ownScrollTop = -1;
    this.draw();
    this.events.changed();
  }

  /** Where the scroll bar is too coarse, the wheel moves by its own distance. */
  #wheel(event: WheelEvent): void {
    const model = this.#model;
    if (!model || event.deltaY === 0 || event.ctrlKey || event.shiftKey || !this.#map(model).isScaled) return;
    event.preventDefault();
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * rowHeight : event.deltaY;
    this.#direction = pixels > 0 ? 1 : -1;
    this.#scrollTo(model.top + pixels);
    this.draw();
  }

  #scrollTo(top: number): void {
    const model = this.#model;
    if (!model) return;
    const map = this.#map(model);
    model.top = Math.max(0, Math.min(top, map.mostTop));
    this.#ownScrollTop = map.scrollTopOf(model.top);
    this.element.scrollTop = this.#ownScrollTop;
  }

  #reveal({ active }: Selection): void {
    const model = this.#model;
    if (!model) return;
    this.#applyHeight();
    this.element.scrollLeft = model.layout.scrollTo(active.column, model.left, this.element.clientWidth - numberWidth);
    model.left = this.element.scrollLeft;
    if (active.row < 0) return;
    const top = this.#map(model).reveal(active.row, model.top);
    if (top === model.top) return;
    this.#direction = top > model.top ? 1 : -1;
    this.#scrollTo(top);
  }

  #key(event: KeyboardEvent): void {
    const model = this.#model;
    if (!model || event.target !== this.element) return;
    const { active } = model.selection;
    const control = event.ctrlKey || event.metaKey;
    if (this.#command(event, active.row, active.column)) {
      event.preventDefault();
      return;
    }
    const size = { rows: model.cache.known, columns: model.columns.length, page: Math.floor(this.element.clientHeight / rowHeight) - 2 };
    const next = moveByKey(model.selection, { key: event.key, control, shift: event.shiftKey }, size);
    if (!next || event.altKey) return;
    event.preventDefault();
    this.select(next);
    if (control && (event.key === 'End' || event.key === 'ArrowDown') && model.cache.total === undefined) this.events.seekEnd();
  }

  /** Keys that do something with the active cell or its column. */
  #command(event: KeyboardEvent, row: number, column: number): boolean {
    const width = this.#model?.layout.width(column) ?? 0;
    const isMenu = event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey);
    if (isMenu) {
      const box = document.getElementById(cellId(row, column))?.getBoundingClientRect();
      this.events.menu(row, column, box?.left ?? 0, box?.bottom ?? 0);
    } else if (event.altKey && event.shiftKey && event.key === 'ArrowRight') this.resize(column, width + resizeStep);
    else if (event.altKey && event.shiftKey && event.key === 'ArrowLeft') this.resize(column, width - resizeStep);
    else if (event.key === 'Enter' && row < 0) this.events.sort(column, event.shiftKey);
    else if (event.key === 'Enter' || event.key === 'F2') this.events.openCell(Math.max(0, row), column);
    else return false;
    return true;
  }
}

/** Equal when every row of equal cells looks equal. */
function lookOfFrame({ model, rectangle, columns }: RowFrame): string {
  return JSON.stringify([columns, model.layout.version, rectangle, model.selection.active]);
}

function newRow(): HTMLElement {
  const row = document.createElement('div');
  row.className = 'row';
  row.setAttribute('role', 'row');
  return row;
}

function group(className: string, child: HTMLElement): HTMLElement {
  const element = document.createElement('div');
  element.className = className;
  element.setAttribute('role', 'rowgroup');
  element.append(child);
  return element;
}

function setAttributes(element: HTMLElement, attributes: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}
