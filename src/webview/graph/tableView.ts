/**
 * The whole graph as a table that keys walk through: a row per table, below it its columns and its relations both ways. The ARIA pattern of
 * a treegrid, https://www.w3.org/WAI/ARIA/apg/patterns/treegrid/. Rows below a table exist only while it is open.
 */
import { type GraphWords } from '../../core/presentation/graphWords.js';
import { element, icon } from '../shared/element.js';
import { columnCount, originText } from './detailsPanel.js';
import { type Scene, type SceneNode } from './scene.js';

export interface TableViewActions {
  select(index: number): void;
  ddl(index: number): void;
}

interface Row {
  readonly level: 1 | 2;
  readonly node: number;
  /** The other table of a relation. */
  readonly target?: number;
  readonly cells: readonly [sign: string, name: string, type: string, about: string];
}

export class TableView {
  readonly root: HTMLElement;
  readonly #body = element('div', { role: 'rowgroup' });
  readonly #open = new Set<number>();
  #scene: Scene | undefined;
  #wanted: readonly number[] = [];
  #rows: readonly Row[] = [];
  #active = 0;

  constructor(
    private readonly words: GraphWords,
    private readonly actions: TableViewActions,
  ) {
    const head = element('div', { role: 'row', class: 'row head' }, ...[words.name, words.type, words.about].map((name) => element('span', { role: 'columnheader' }, name))); // prettier-ignore
    this.root = element('div', { class: 'table-view', role: 'treegrid', 'aria-label': words.graph }, element('div', { role: 'rowgroup', class: 'heads' }, head), this.#body); // prettier-ignore
    this.root.addEventListener('keydown', (event) => this.#press(event));
    this.root.addEventListener('click', (event) => this.#click(event));
    this.root.addEventListener('dblclick', (event) => {
      const row = this.#rows[this.#rowAt(event)];
      if (row) this.actions.ddl(row.node);
    });
  }

  /** These tables, in this order. */
  show(scene: Scene, tables: readonly number[]): void {
    if (scene !== this.#scene) this.#open.clear();
    this.#scene = scene;
    this.#wanted = tables;
    this.#draw();
  }

  /** Makes the row of a table the active one; true when it is there. */
  goTo(index: number): boolean {
    const at = this.#rows.findIndex((row) => row.level === 1 && row.node === index);
    if (at >= 0) this.#activate(at, false);
    return at >= 0;
  }

  /** None without tables. */
  get activeRow(): HTMLElement | undefined {
    return this.#rowElement(this.#active);
  }

  focus(): void {
    this.activeRow?.focus();
  }

  #draw(): void {
    const scene = this.#scene;
    if (!scene) return;
    this.#rows = this.#wanted.flatMap((index) => {
      const node = scene.nodes[index];
      return node ? [this.#tableRow(scene, node), ...(this.#open.has(index) ? this.#innerRows(scene, node) : [])] : [];
    });
    this.#active = Math.max(0, Math.min(this.#active, this.#rows.length - 1));
    this.#body.replaceChildren(...this.#rows.map((row, at) => this.#rowMarkup(row, at)));
  }

  #tableRow(scene: Scene, node: SceneNode): Row {
    const { words } = this;
    const ties = scene.ties[node.index]?.length ?? 0;
    const about = `${columnCount(words, node.table.columns.length)}, ${words.relations}: ${ties}`;
    return {
      level: 1,
      node: node.index,
      cells: [signs[node.table.kind], scene.labelOf(node.index), words[`kind.${node.table.kind}`], about],
    };
  }

  #innerRows(scene: Scene, node: SceneNode): readonly Row[] {
    const { words } = this;
    const columns = node.table.columns.map((column): Row => {
      const about = [column.primary ? words.primaryKey : '', column.foreign ? words.foreignKey : '', column.notNull ? words.notNull : '']; // prettier-ignore
      const sign = column.primary ? 'key' : 'symbol-field';
      return { level: 2, node: node.index, cells: [sign, column.name, column.type, about.filter((fact) => fact !== '').join(', ')] };
    });
    const relations = (scene.ties[node.index] ?? []).flatMap((index): readonly Row[] => {
      const edge = scene.edges[index];
      if (!edge) return [];
      const { relation, child, parent } = edge;
      const isOut = child === node.index;
      const name = `${isOut ? words.refersTo : words.referredToBy}: ${isOut ? relation.parent : relation.child}`;
      const about = `${relation.childColumns.join(', ')} → ${relation.parentColumns.join(', ')}, ${originText(words, relation)}`;
      return [{ level: 2, node: node.index, target: isOut ? parent : child, cells: [isOut ? 'arrow-right' : 'arrow-left', name, relation.cardinality, about] }]; // prettier-ignore
    });
    return [...columns, ...relations];
  }

  #rowMarkup({ level, node, cells: [sign, name, type, about] }: Row, at: number): HTMLElement {
    const isOpen = this.#open.has(node);
    const twisty = level === 1 ? icon(isOpen ? 'chevron-down' : 'chevron-right') : undefined;
    const expanded = level === 1 ? { 'aria-expanded': String(isOpen) } : {};
    return element(
      'div',
      {
        role: 'row',
        class: `row level-${level}`,
        'aria-level': level,
        tabindex: at === this.#active ? 0 : -1,
        'data-row': at,
        ...expanded,
      },
      element('span', { role: 'gridcell' }, twisty, icon(sign), name),
      element('span', { role: 'gridcell', class: 'muted' }, type),
      element('span', { role: 'gridcell', class: 'muted' }, about),
    );
  }

  #press(event: KeyboardEvent): void {
    const row = this.#rows[this.#active];
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!this.#move(event.key) && !this.#turn(event.key, row) && !this.#choose(event.key, row)) return;
    event.preventDefault();
  }

  #move(key: string): boolean {
    const page = Math.max(1, Math.floor(this.root.clientHeight / 26) - 2);
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity }; // prettier-ignore
    const step = steps[key];
    if (step === undefined) return false;
    this.#activate(Math.max(0, Math.min(this.#rows.length - 1, this.#active + step)), true);
    return true;
  }

  /** Right opens, then goes inside; left goes out, then closes. */
  #turn(key: string, row: Row): boolean {
    const isOpen = this.#open.has(row.node);
    if (key === 'ArrowRight' && row.level === 1) {
      if (isOpen) this.#activate(this.#active + 1, true);
      else this.#toggle(row.node);
      return true;
    }
    if (key !== 'ArrowLeft') return false;
    if (row.level === 2)
      this.#activate(
        this.#rows.findIndex((other) => other.level === 1 && other.node === row.node),
        true,
      );
    else if (isOpen) this.#toggle(row.node);
    return true;
  }

  #choose(key: string, row: Row): boolean {
    if (key === ' ' && row.level === 1) this.#toggle(row.node);
    else if (key === 'Enter' && row.target !== undefined) {
      if (this.goTo(row.target)) this.focus();
    } else if (key === 'Enter') this.actions.ddl(row.node);
    else return false;
    return true;
  }

  #click(event: MouseEvent): void {
    const at = this.#rowAt(event);
    const row = this.#rows[at];
    if (!row) return;
    this.#activate(at, true);
    const isTwisty = event.target instanceof Element && event.target.closest('.codicon-chevron-right, .codicon-chevron-down');
    if (isTwisty && row.level === 1) this.#toggle(row.node);
  }

  #toggle(node: number): void {
    if (!this.#open.delete(node)) this.#open.add(node);
    this.#draw();
    this.focus();
  }

  #activate(at: number, takesFocus: boolean): void {
    this.#rowElement(this.#active)?.setAttribute('tabindex', '-1');
    this.#active = at;
    const row = this.#rowElement(at);
    row?.setAttribute('tabindex', '0');
    if (takesFocus) row?.focus();
    row?.scrollIntoView({ block: 'nearest' });
    const node = this.#rows[at]?.node;
    if (takesFocus && node !== undefined) this.actions.select(node);
  }

  #rowAt(event: MouseEvent): number {
    const row = event.target instanceof Element ? event.target.closest('[data-row]') : null;
    return row ? Number(row.getAttribute('data-row')) : -1;
  }

  #rowElement(at: number): HTMLElement | undefined {
    const row = this.#body.children[at];
    return row instanceof HTMLElement ? row : undefined;
  }
}

const signs = { table: 'table', view: 'eye', virtual: 'search' } as const;
