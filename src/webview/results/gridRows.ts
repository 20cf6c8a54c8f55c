/** Draws one row and the header of a grid into elements that are used again. What is in sight is decided in gridView.ts. */
import { type ResultsWords } from '../../protocol/resultsWords.js';
import { lookOf } from './cellText.js';
import { type GridModel } from './gridModel.js';
import { isSelected, type Rectangle } from './selection.js';

/** Pixels of the column that numbers the rows. */
export const numberWidth = 76;

export interface RowFrame {
  readonly model: GridModel;
  readonly words: ResultsWords;
  readonly rectangle: Rectangle;
  /** First and one past the last scrolling column. */
  readonly columns: readonly [first: number, end: number];
}

export function cellId(row: number, column: number): string {
  return `cell-${row}-${column}`;
}

export function fillRow(element: HTMLElement, row: number, frame: RowFrame): void {
  const { model, words, rectangle } = frame;
  const cells = model.cache.row(row);
  element.setAttribute('aria-rowindex', String(row + 2));
  element.classList.toggle('odd', row % 2 === 1);
  element.classList.toggle('loading', cells === undefined);
  element.dataset['row'] = String(row);
  const number = child(element, 0, 'rowheader');
  number.className = 'cell number-cell';
  number.textContent = String(row + 1);
  number.setAttribute('aria-colindex', '1');
  number.style.width = `${numberWidth}px`;
  number.style.left = '0px';
  let at = 1;
  for (const column of shownColumns(frame)) {
    const cell = child(element, at++, 'gridcell');
    const { text, look } = lookOf(cells?.[column]);
    const selected = isSelected(rectangle, row, column);
    const { active } = model.selection;
    cell.className = `cell ${look}${selected ? ' selected' : ''}${active.row === row && active.column === column ? ' active' : ''}`;
    cell.textContent = text;
    cell.id = cellId(row, column);
    cell.setAttribute('aria-selected', String(selected));
    setLabel(cell, cells === undefined ? words.loading : look === 'empty' ? words.emptyText : undefined);
    place(cell, column, frame);
  }
  trim(element, at);
}

export function fillHeader(element: HTMLElement, frame: RowFrame): void {
  const { model, words } = frame;
  element.setAttribute('aria-rowindex', '1');
  const corner = child(element, 0, 'columnheader');
  corner.className = 'cell number-cell';
  corner.textContent = '#';
  corner.setAttribute('aria-colindex', '1');
  setLabel(corner, words.rowNumber);
  corner.style.width = `${numberWidth}px`;
  corner.style.left = '0px';
  let at = 1;
  for (const column of shownColumns(frame)) {
    const cell = child(element, at++, 'columnheader');
    const { active } = model.selection;
    const position = model.view.sort.findIndex((key) => key.column === column);
    const key = model.view.sort[position];
    const sort = key === undefined ? 'none' : key.descending ? 'descending' : 'ascending';
    const isFiltered = model.view.filters.some((filter) => filter.column === column);
    cell.className = `cell head-cell${active.row === -1 && active.column === column ? ' active' : ''}${isFiltered ? ' filtered' : ''}`;
    cell.id = cellId(-1, column);
    cell.setAttribute('aria-sort', sort);
    drawHeader(cell, model.columns[column] ?? '', sort, model.view.sort.length > 1 ? position + 1 : 0);
    place(cell, column, frame);
  }
  trim(element, at);
}

function drawHeader(cell: HTMLElement, name: string, sort: string, rank: number): void {
  const mark = sort === 'none' ? '' : `${sort === 'ascending' ? '▲' : '▼'}${rank > 0 ? rank : ''}`;
  if (cell.childElementCount !== 3) {
    const [label, sign, handle] = ['name', 'sort', 'resize'].map((part) => {
      const element = document.createElement('span');
      element.className = part;
      return element;
    });
    if (sign && handle) for (const element of [sign, handle]) element.setAttribute('aria-hidden', 'true');
    cell.replaceChildren(...[label, sign, handle].filter((part) => part !== undefined));
  }
  const [label, sign] = cell.children;
  if (label) label.textContent = name;
  if (sign) sign.textContent = mark;
  cell.title = name;
}

/** Frozen columns first, then those in sight. */
export function shownColumns({ model, columns: [first, end] }: RowFrame): number[] {
  const frozen = Array.from({ length: model.layout.frozen }, (_, at) => at);
  return [...frozen, ...Array.from({ length: Math.max(0, end - first) }, (_, at) => first + at)];
}

function place(cell: HTMLElement, column: number, { model, columns: [first] }: RowFrame): void {
  const { layout } = model;
  const isFrozen = column < layout.frozen;
  cell.dataset['column'] = String(column);
  cell.setAttribute('aria-colindex', String(column + 2));
  cell.style.width = `${layout.width(column)}px`;
  cell.classList.toggle('frozen', isFrozen);
  cell.classList.toggle('frozen-edge', column === layout.frozen - 1);
  cell.style.left = isFrozen ? `${numberWidth + layout.left(column)}px` : '';
  // The first scrolling cell stands where the ones before it would end.
  cell.style.marginLeft = column === first && !isFrozen ? `${layout.left(first) - layout.frozenWidth}px` : '';
}

function setLabel(element: HTMLElement, label: string | undefined): void {
  if (label === undefined) element.removeAttribute('aria-label');
  else element.setAttribute('aria-label', label);
}

function child(parent: HTMLElement, at: number, role: string): HTMLElement {
  const found = parent.children[at];
  if (found instanceof HTMLElement) return found;
  const made = document.createElement('div');
  made.setAttribute('role', role);
  parent.append(made);
  return made;
}

function trim(parent: HTMLElement, count: number): void {
  while (parent.childElementCount > count) parent.lastElementChild?.remove();
}
