/** The chosen table beside the diagram: its columns, its relations both ways, and what can be done with it. */
import { percent } from '../../core/presentation/hoverWords.js';
import { type Relation } from '../../core/graph/types.js';
import { type GraphColumn } from '../../core/presentation/graphModel.js';
import { type GraphWords } from '../../core/presentation/graphWords.js';
import { element, icon, iconButton } from '../shared/element.js';
import { fillWords } from '../shared/words.js';
import { type Scene, type SceneNode } from './scene.js';

export interface DetailsActions {
  close(): void;
  ddl(index: number): void;
  goTo(index: number): void;
  /** Depth 0 shows everything again. */
  around(index: number, depth: number): void;
  pathFrom(index: number): void;
  pathTo(index: number): void;
}

const depths = [0, 1, 2, 3, 4];

export class DetailsPanel {
  readonly root: HTMLElement;

  constructor(
    private readonly words: GraphWords,
    private readonly actions: DetailsActions,
  ) {
    this.root = element('aside', { class: 'details', 'aria-label': words.details });
  }

  /** `depth` of the neighbourhood that is shown around this table; 0 when another or none is. */
  show(scene: Scene, node: SceneNode | undefined, depth: number): void {
    this.root.hidden = node === undefined;
    if (!node) return;
    const { words, actions } = this;
    this.root.replaceChildren(
      element(
        'div',
        { class: 'details-head' },
        element('h2', {}, node.table.name),
        iconButton('close', words.close, () => actions.close()),
      ),
      element('p', { class: 'muted' }, `${words[`kind.${node.table.kind}`]} · ${scene.databases[node.database]?.label ?? ''}`),
      this.#buttons(node.index, depth),
      ...this.#relations(scene, node),
      element('h3', {}, columnCount(words, node.table.columns.length)),
      element('ul', { class: 'columns' }, ...node.table.columns.map((column) => this.#column(column))),
    );
  }

  #buttons(index: number, depth: number): HTMLElement {
    const { words, actions } = this;
    const button = (name: string, label: string, press: () => void): HTMLElement => {
      const made = element('button', { type: 'button', class: 'button' }, icon(name), label);
      made.addEventListener('click', press);
      return made;
    };
    const select = element('select', { class: 'select', 'aria-label': `${words.neighbourhood}: ${words.depth}`, title: words.depth });
    for (const value of depths) select.append(element('option', { value }, value === 0 ? words['depth.all'] : `${words.neighbourhood} ${value}`)); // prettier-ignore
    select.value = String(depth);
    select.addEventListener('change', () => actions.around(index, Number(select.value)));
    return element(
      'div',
      { class: 'details-actions' },
      button('go-to-file', words.ddl, () => actions.ddl(index)),
      button('arrow-right', `${words.path}: ${words.pathFrom}`, () => actions.pathFrom(index)),
      button('arrow-left', `${words.path}: ${words.pathTo}`, () => actions.pathTo(index)),
      select,
    );
  }

  #relations(scene: Scene, node: SceneNode): readonly HTMLElement[] {
    const { words } = this;
    const edges = (scene.ties[node.index] ?? []).flatMap((index) => scene.edges[index] ?? []);
    const list = (title: string, items: readonly HTMLElement[]): readonly HTMLElement[] => items.length === 0 ? [] : [element('h3', {}, title), element('ul', { class: 'relations' }, ...items)]; // prettier-ignore
    const out = edges.filter(({ child }) => child === node.index).map((edge) => this.#relation(edge.relation, edge.parent));
    const back = edges.filter(({ parent }) => parent === node.index).map((edge) => this.#relation(edge.relation, edge.child, true));
    if (edges.length === 0) return [element('p', { class: 'muted' }, words.noRelations)];
    return [...list(words.refersTo, out), ...list(words.referredToBy, back)];
  }

  #relation(relation: Relation, other: number, isBack = false): HTMLElement {
    const ends = `${relation.childColumns.join(', ')} → ${relation.parentColumns.join(', ')}`;
    const link = element('button', { type: 'button', class: 'link' }, isBack ? relation.child : relation.parent);
    link.addEventListener('click', () => this.actions.goTo(other));
    return element('li', {}, link, element('span', { class: 'muted' }, `${ends} · ${relation.cardinality}`), element('span', { class: `origin ${relation.origin}` }, originText(this.words, relation))); // prettier-ignore
  }

  #column({ name, type, primary, foreign, notNull }: GraphColumn): HTMLElement {
    const { words } = this;
    const about = [primary ? words.primaryKey : '', foreign ? words.foreignKey : '', notNull ? words.notNull : ''].filter((fact) => fact !== ''); // prettier-ignore
    const sign = primary ? icon('key') : foreign ? icon('arrow-small-right') : element('span', { class: 'no-sign' });
    return element(
      'li',
      { title: about.join(', ') },
      sign,
      element('span', { class: primary ? 'column-name primary' : 'column-name' }, name),
      element('span', { class: 'muted' }, type.toLowerCase()),
      element('span', { class: 'only-spoken' }, about.join(', ')),
    );
  }
}

export function columnCount(words: GraphWords, count: number): string {
  return count === 1 ? words.oneColumn : fillWords(words.columns, { count });
}

export function originText(words: GraphWords, { origin, confidence }: Relation): string {
  return fillWords(words[`origin.${origin}`], { confidence: percent(confidence) });
}
