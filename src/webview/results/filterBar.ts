/** The filters of a result: words for any column, and conditions on single columns that can be added and taken away. */
import { type Filter, type FilterOperator, filterOperators } from '../../core/sql/resultTypes.js';
import { fillWords, type ResultsWords } from '../../protocol/resultsWords.js';
import { element } from '../shared/element.js';
import { button, choice } from './elements.js';

/** Milliseconds after the last key until the database is asked. */
const pauseMs = 350;

export class FilterBar {
  readonly #quick: HTMLInputElement;
  readonly #list = element('div', { class: 'filters' });
  #filters: readonly Filter[] = [];
  #columns: readonly string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly root: HTMLElement,
    private readonly words: ResultsWords,
    private readonly change: (filters: readonly Filter[]) => void,
  ) {
    this.#quick = element('input', { type: 'search', placeholder: words.filterAny, 'aria-label': words.filterAny, class: 'quick-filter' });
    this.#quick.addEventListener('input', () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#applyQuick(), pauseMs);
    });
    this.#quick.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      clearTimeout(this.#timer);
      this.#applyQuick();
    });
    root.append(this.#quick, button(`${words.filter}…`, () => this.openForm(0), { class: 'button add-filter' }), this.#list); // prettier-ignore
  }

  show(columns: readonly string[], filters: readonly Filter[]): void {
    this.#columns = columns;
    this.#filters = filters;
    const quick = filters.find(isQuick)?.value ?? '';
    if (document.activeElement !== this.#quick) this.#quick.value = quick;
    const chips = filters.filter((filter) => !isQuick(filter)).map((filter) => this.#chip(filter));
    const form = this.#list.querySelector('form');
    this.#list.replaceChildren(...chips, ...(form ? [form] : []));
  }

  focus(): void {
    this.#quick.focus();
  }

  /** A small form for one more condition; `column` is chosen beforehand. */
  openForm(column: number): void {
    this.#list.querySelector('form')?.remove();
    const { words } = this;
    let operator: FilterOperator = 'contains';
    let chosen = column;
    const columns = this.#columns.map((name, at) => [String(at), name] as const);
    const value = element('input', { type: 'text', 'aria-label': words.filterValue });
    const form = element('form', { class: 'filter-form' },
      choice(words.filterColumn, columns, String(column), (at) => { chosen = Number(at); }),
      choice(words.filterOperator, filterOperators.map((name) => [name, words[name]] as const), operator, (name) => {
        operator = name as FilterOperator;
        value.hidden = name === 'isNull' || name === 'isNotNull';
      }), value, element('button', { type: 'submit', class: 'button' }, words.addFilter)); // prettier-ignore
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      form.remove();
      this.change([...this.#filters, { column: chosen, operator, value: value.value }]);
    });
    form.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      form.remove();
      this.#quick.focus();
    });
    this.#list.append(form);
    value.focus();
  }

  #chip(filter: Filter): HTMLElement {
    const { words } = this;
    const name = filter.column < 0 ? words.anyColumn : (this.#columns[filter.column] ?? '');
    const hasValue = filter.operator !== 'isNull' && filter.operator !== 'isNotNull';
    const text = `${name} ${words[filter.operator]}${hasValue ? ` ${filter.value}` : ''}`;
    const remove = button('×', () => this.change(this.#filters.filter((other) => other !== filter)), {
      'aria-label': fillWords(words.removeFilter, text),
    });
    return element('span', { class: 'chip' }, text, remove);
  }

  #applyQuick(): void {
    const value = this.#quick.value;
    const others = this.#filters.filter((filter) => !isQuick(filter));
    this.change(value === '' ? others : [...others, { column: -1, operator: 'contains', value }]);
  }
}

function isQuick(filter: Filter): boolean {
  return filter.column === -1 && filter.operator === 'contains';
}
