/** The panel with a chart of the result's first rows: which kind and which columns, chosen for the reader and changed by them. */
import { type Cell } from '../../core/sql/resultTypes.js';
import { fillWords, type ResultsWords } from '../../protocol/resultsWords.js';
import { chartData, type ChartChoice, type ChartKind, columnKinds, suggestChart } from './chartData.js';
import { type DrawChart, type DrawnChart } from '../shared/chartRequest.js';
import { element } from '../shared/element.js';
import { button, choice } from './elements.js';

export interface ChartPanelEvents {
  close(): void;
  /** Asks for the values of these columns; `take` is called with them. */
  load(columns: readonly number[]): void;
}

const kinds: readonly ChartKind[] = ['bar', 'line', 'scatter', 'histogram'];

export class ChartPanel {
  #columns: readonly string[] = [];
  #sample: readonly (readonly Cell[])[] = [];
  #choice: ChartChoice | undefined;
  #drawn: DrawnChart | undefined;
  readonly #canvas = element('div', { class: 'chart', role: 'img' });
  readonly #note = element('div', { class: 'panel-facts' });

  constructor(
    readonly root: HTMLElement,
    private readonly words: ResultsWords,
    private readonly loadScript: () => Promise<DrawChart>,
    private readonly events: ChartPanelEvents,
  ) {
    root.hidden = true;
    root.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.close();
    });
    new ResizeObserver(() => this.#drawn?.resize()).observe(this.#canvas);
  }

  /** `sample` decides which charts suit. */
  open(columns: readonly string[], sample: readonly (readonly Cell[])[]): void {
    this.#columns = columns;
    this.#sample = sample;
    this.#choice = suggestChart(columns, sample);
    this.root.hidden = false;
    this.#drawHead();
    this.#load();
    this.root.querySelector<HTMLElement>('select, button')?.focus();
  }

  close(): void {
    if (this.root.hidden) return;
    this.root.hidden = true;
    this.#drawn?.dispose();
    this.#drawn = undefined;
    this.events.close();
  }

  /** The values that were asked for, in the order of the columns. */
  async take(rows: readonly (readonly Cell[])[], isCut: boolean): Promise<void> {
    const chosen = this.#choice;
    if (!chosen || this.root.hidden) return;
    const draw = await this.loadScript();
    const pairs = rows.map((row): readonly [Cell | undefined, Cell | undefined] => (chosen.x < 0 ? [undefined, row[0]] : [row[0], row[1]]));
    this.#drawn?.dispose();
    const xName = chosen.kind === 'histogram' ? (this.#columns[chosen.y] ?? '') : (this.#columns[chosen.x] ?? this.words.rowNumber);
    const yName = chosen.kind === 'histogram' ? '' : (this.#columns[chosen.y] ?? '');
    const description = `${this.words[chosen.kind]}: ${yName} / ${xName}, ${fillWords(this.words.rows, rows.length)}`;
    this.#canvas.setAttribute('aria-label', description);
    this.#note.textContent = isCut ? fillWords(this.words.chartCut, rows.length) : '';
    this.#drawn = draw(this.#canvas, { data: chartData(chosen.kind, pairs), xName, yName, description });
  }

  #drawHead(): void {
    const { words } = this;
    const chosen = this.#choice;
    const head = element('div', { class: 'panel-head' }, element('h2', {}, words.chart));
    if (chosen) {
      const types = columnKinds(this.#columns, this.#sample);
      const numbers = this.#columns.flatMap((name, at) => (types[at] === 'number' ? [[String(at), name] as const] : []));
      const across = [['-1', words.rowNumber] as const, ...this.#columns.map((name, at) => [String(at), name] as const)];
      const change = (part: Partial<ChartChoice>): void => {
        this.#choice = { ...(this.#choice ?? chosen), ...part };
        this.#load();
      };
      head.append(
        choice(words.chartKind, kinds.map((kind) => [kind, words[kind]] as const), chosen.kind, (kind) => change({ kind: kind as ChartKind })), // prettier-ignore
        choice(words.chartX, across, String(chosen.x), (x) => change({ x: Number(x) })),
        choice(words.chartY, numbers, String(chosen.y), (y) => change({ y: Number(y) })),
      );
    }
    head.append(button(words.closeChart, () => this.close()));
    this.root.replaceChildren(head, this.#note, ...(chosen ? [this.#canvas] : [element('p', {}, words.noChart)]));
    this.root.setAttribute('aria-label', words.chart);
  }

  #load(): void {
    const chosen = this.#choice;
    if (chosen) this.events.load(chosen.x < 0 ? [chosen.y] : [chosen.x, chosen.y]);
  }
}
