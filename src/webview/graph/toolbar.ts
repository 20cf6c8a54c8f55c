/** The controls above the graph. They say what was asked for; what it means is decided by the page. */
import { type GraphDetail, graphDetails } from '../../core/presentation/graphBoxes.js';
import { type GraphWord, type GraphWords } from '../../core/presentation/graphWords.js';
import { element, icon, iconButton } from '../shared/element.js';
import { type ViewMode } from './pageState.js';

export const exportFormats = ['svg', 'png', 'mermaid', 'dbml'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ToolbarActions {
  search(text: string): void;
  /** The next table that was found; -1 goes back. */
  nextFound(step: 1 | -1): void;
  mode(mode: ViewMode): void;
  detail(detail: GraphDetail): void;
  inferred(shown: boolean): void;
  togglePath(): void;
  zoom(factor: number): void;
  fit(): void;
  resetPositions(): void;
  export(format: ExportFormat): void;
}

export class Toolbar {
  readonly root: HTMLElement;
  readonly search: HTMLInputElement;
  readonly #title = element('h1', { class: 'title' });
  readonly #counts = element('span', { class: 'counts' });
  readonly #detail: HTMLSelectElement;
  readonly #inferred: HTMLButtonElement;
  readonly #path: HTMLButtonElement;
  readonly #modes: ReadonlyMap<ViewMode, HTMLButtonElement>;

  constructor(
    private readonly words: GraphWords,
    private readonly actions: ToolbarActions,
  ) {
    this.search = this.#makeSearch();
    this.#modes = new Map([
      ['diagram', iconButton('type-hierarchy', words['view.diagram'], () => actions.mode('diagram'))],
      ['table', iconButton('list-tree', words['view.table'], () => actions.mode('table'))],
    ]);
    this.#detail = this.#choice('detail', graphDetails, (value) => actions.detail(value));
    this.#inferred = iconButton('lightbulb', words.inferredShown, () => actions.inferred(this.#inferred.ariaPressed !== 'true'));
    this.#path = iconButton('git-compare', words.path, () => actions.togglePath());
    this.root = element(
      'header',
      { class: 'toolbar' },
      element('div', { class: 'heading' }, this.#title, this.#counts),
      element('div', { class: 'search' }, icon('search'), this.search),
      element('div', { class: 'group', role: 'group', 'aria-label': words.view }, ...this.#modes.values()),
      element('div', { class: 'group' }, this.#detail, this.#inferred, this.#path),
      element(
        'div',
        { class: 'group only-diagram' },
        iconButton('zoom-out', words.zoomOut, () => actions.zoom(1 / 1.3)),
        iconButton('zoom-in', words.zoomIn, () => actions.zoom(1.3)),
        iconButton('screen-full', words.fit, () => actions.fit()),
        iconButton('layout', words.resetPositions, () => actions.resetPositions()),
      ),
      element('div', { class: 'group' }, this.#makeExport()),
    );
  }

  describe(title: string, counts: string): void {
    this.#title.textContent = title;
    this.#counts.textContent = counts;
  }

  show(state: { readonly detail: GraphDetail; readonly mode: ViewMode; readonly inferred: boolean; readonly path: boolean }): void {
    this.#detail.value = state.detail;
    this.#inferred.ariaPressed = String(state.inferred);
    this.#path.ariaPressed = String(state.path);
    for (const [mode, button] of this.#modes) button.ariaPressed = String(mode === state.mode);
  }

  #makeSearch(): HTMLInputElement {
    const { words, actions } = this;
    const input = element('input', { type: 'search', class: 'input', placeholder: words.searchHint, 'aria-label': words.search, spellcheck: 'false' }); // prettier-ignore
    input.addEventListener('input', () => actions.search(input.value));
    input.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') actions.nextFound(event.shiftKey ? -1 : 1);
      else if (event.key === 'Escape') {
        input.value = '';
        actions.search('');
      } else return;
      event.preventDefault();
    });
    return input;
  }

  #makeExport(): HTMLSelectElement {
    const select = element('select', { class: 'select export', 'aria-label': this.words.export, title: this.words.export });
    select.append(element('option', { value: '' }, `${this.words.export}…`));
    for (const format of exportFormats) select.append(element('option', { value: format }, this.words[`export.${format}`]));
    select.addEventListener('change', () => {
      const format = exportFormats.find((known) => known === select.value);
      select.value = '';
      if (format) this.actions.export(format);
    });
    return select;
  }

  #choice<Value extends string>(name: 'detail', values: readonly Value[], choose: (value: Value) => void): HTMLSelectElement {
    const select = element('select', { class: 'select', 'aria-label': this.words[name], title: this.words[name] });
    for (const value of values) select.append(element('option', { value }, this.words[`${name}.${value}` as GraphWord]));
    select.addEventListener('change', () => {
      const chosen = values.find((value) => value === select.value);
      if (chosen !== undefined) choose(chosen);
    });
    return select;
  }
}
