/** Two tables and the join paths between them, one at a time. Finds nothing itself. */
import { type GraphWords } from '../../core/presentation/graphWords.js';
import { element, iconButton } from '../shared/element.js';
import { fillWords } from '../shared/words.js';

export interface PathActions {
  /** Labels as they stand in the fields. */
  choose(from: string, to: string): void;
  next(): void;
  sql(): void;
  clear(): void;
}

export interface ShownPath {
  readonly from: string;
  readonly to: string;
  /** Labels in joining order; empty when there is no path. */
  readonly tables: readonly string[];
  /** 0-based. */
  readonly at: number;
  readonly count: number;
}

export class PathBar {
  readonly root: HTMLElement;
  readonly #names = element('datalist', { id: 'table-names' });
  readonly #from: HTMLInputElement;
  readonly #to: HTMLInputElement;
  readonly #about = element('span', { class: 'path-about' });
  readonly #next: HTMLButtonElement;
  readonly #sql: HTMLButtonElement;

  constructor(
    private readonly words: GraphWords,
    actions: PathActions,
  ) {
    const field = (label: string): HTMLInputElement => {
      const input = element('input', { class: 'input', list: 'table-names', placeholder: words.choose, 'aria-label': `${words.path}: ${label}`, spellcheck: 'false' }); // prettier-ignore
      input.addEventListener('change', () => actions.choose(this.#from.value, this.#to.value));
      return input;
    };
    this.#from = field(words.pathFrom);
    this.#to = field(words.pathTo);
    this.#next = iconButton('arrow-swap', words.pathOther, () => actions.next());
    this.#sql = iconButton('go-to-file', words.pathSql, () => actions.sql());
    this.root = element(
      'div',
      { class: 'path-bar', role: 'group', 'aria-label': words.path },
      element('span', { 'aria-hidden': 'true' }, words.pathFrom),
      this.#from,
      element('span', { 'aria-hidden': 'true' }, words.pathTo),
      this.#to,
      this.#next,
      this.#sql,
      iconButton('close', words.pathClear, () => actions.clear()),
      this.#about,
      this.#names,
    );
    this.show(undefined);
  }

  offer(labels: readonly string[]): void {
    this.#names.replaceChildren(...labels.map((label) => element('option', { value: label })));
  }

  /** The sentence that is shown, also for reading out. */
  show(path: ShownPath | undefined): string {
    const hasPath = path !== undefined && path.tables.length > 0;
    this.#next.disabled = !hasPath || path.count < 2;
    this.#sql.disabled = !hasPath;
    this.#about.textContent = path === undefined || path.from === '' || path.to === '' ? '' : this.#sentence(path);
    if (path) [this.#from.value, this.#to.value] = [path.from, path.to];
    return this.#about.textContent;
  }

  focus(): void {
    (this.#from.value === '' ? this.#from : this.#to).focus();
  }

  #sentence({ from, to, tables, at, count }: ShownPath): string {
    if (tables.length === 0) return fillWords(this.words.pathNone, { from, to });
    return fillWords(this.words.pathAbout, { tables: tables.join(' → '), at: at + 1, count });
  }
}
