/**
 * The diagram: one SVG layer that is moved as a whole, so that panning and zooming cost the same however large the schema is. After a
 * movement it is drawn sharply again, with the rows of the tables that are in sight. Knows nothing of messages or panels.
 */
import { graphColours, graphStyle } from '../../core/presentation/graphSvg.js';
import { type Scene, type SceneEdge } from './scene.js';
import { RelationLines } from './relationLines.js';
import { addRows, makeFrames, makeTable, placeTable, svgElement, tableId, type TableElement, type TableWords } from './tableElements.js';
import { fitting, panned, revealing, sight, type Size, type Viewport, zoomedAt } from './viewport.js';

/** Zoom below which rows cannot be read and names are shown large. */
const farZoom = 0.42;
/** Milliseconds without movement until the picture is drawn anew. */
const settleMs = 140;
/** Part of the view that is drawn beyond each of its sides. */
const margin = 0.6;
/** Tables whose rows are made in one frame while the view moves: making them all at once would be seen as a halt. */
const rowsPerFrame = 3;

export interface Highlight {
  readonly nodes: ReadonlySet<number>;
  readonly edges: ReadonlySet<number>;
  /** Everything else steps back. */
  readonly only: boolean;
}

export class GraphView {
  readonly #layer = svgElement('svg', { class: 'layer' });
  readonly #frames = svgElement('g');
  readonly #lines = new RelationLines();
  readonly #boxes = svgElement('g');
  #scene: Scene | undefined;
  #tables: readonly TableElement[] = [];
  #shown: ReadonlySet<number> | undefined;
  #hides: (edge: SceneEdge) => boolean = () => false;
  #viewport: Viewport = { x: 0, y: 0, zoom: 1 };
  #drawn: Viewport = { x: 0, y: 0, zoom: 1 };
  #frame: number | undefined;
  #settle: number | undefined;
  #lit: readonly Element[] = [];

  constructor(
    readonly stage: HTMLElement,
    private readonly words: TableWords,
    private readonly onMoved: () => void,
  ) {
    this.#layer.append(this.#frames, this.#lines.layer, this.#boxes);
    stage.append(this.#layer);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(graphStyle((name) => `var(--graph-${name})`, 'var(--vscode-font-family)'));
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    new ResizeObserver(() => this.#move()).observe(stage);
  }

  get viewport(): Viewport {
    return this.#viewport;
  }

  get size(): Size {
    return { width: this.stage.clientWidth, height: this.stage.clientHeight };
  }

  get shown(): ReadonlySet<number> | undefined {
    return this.#shown;
  }

  /** Draws nothing yet: `show` does, when the view stands where it should. */
  setScene(scene: Scene): void {
    this.#scene = scene;
    this.#tables = scene.nodes.map((node) => makeTable(node, this.words));
    this.#boxes.replaceChildren(...this.#tables.map(({ group }) => group));
    this.#lines.setScene(scene);
    this.#frames.replaceChildren(...makeFrames(scene));
    this.#lit = [];
    this.#showRelations();
  }

  /** Undefined shows all tables. */
  show(shown: ReadonlySet<number> | undefined, hides: (edge: SceneEdge) => boolean): void {
    this.#shown = shown;
    this.#hides = hides;
    this.#lines.show(shown);
    this.#showRelations();
    this.#settleNow();
  }

  isHidden(edge: SceneEdge): boolean {
    const shown = this.#shown;
    return this.#hides(edge) || (shown !== undefined && !(shown.has(edge.child) && shown.has(edge.parent)));
  }

  setViewport(viewport: Viewport): void {
    this.#viewport = viewport;
    this.#move();
  }

  /** For the next drawing; moves nothing that is drawn. */
  standAt(viewport: Viewport): void {
    this.#viewport = viewport;
  }

  panBy(dx: number, dy: number): void {
    this.setViewport(panned(this.#viewport, dx, dy));
  }

  /** Around a point of the stage; its middle when there is none. */
  zoomBy(factor: number, x = this.size.width / 2, y = this.size.height / 2): void {
    this.setViewport(zoomedAt(this.#viewport, factor, x, y));
  }

  /** All that is shown, or these tables. */
  fit(nodes: ReadonlySet<number> | undefined = this.#shown): void {
    this.setViewport(this.fittingView(nodes));
  }

  fittingView(nodes: ReadonlySet<number> | undefined): Viewport {
    const bounds = this.#scene?.bounds(nodes);
    return bounds && this.size.width > 0 ? fitting(bounds, this.size) : this.#viewport;
  }

  reveal(index: number): void {
    const bounds = this.#scene?.bounds(new Set([index]));
    if (bounds) this.setViewport(revealing(this.#viewport, bounds, this.size));
  }

  /** Near enough to be read, in the middle. */
  approach(index: number): void {
    const zoom = Math.max(this.#viewport.zoom, 0.8);
    this.#viewport = { ...this.#viewport, zoom };
    this.reveal(index);
  }

  select(index: number | undefined): void {
    this.#boxes.querySelector('.selected')?.classList.remove('selected');
    if (index === undefined) this.stage.removeAttribute('aria-activedescendant');
    else {
      this.#tables[index]?.group.classList.add('selected');
      this.stage.setAttribute('aria-activedescendant', tableId(index));
    }
  }

  mark(indexes: readonly number[]): void {
    for (const old of [...this.#boxes.querySelectorAll('.match')]) old.classList.remove('match');
    for (const index of indexes) this.#tables[index]?.group.classList.add('match');
  }

  highlight(highlight: Highlight | undefined): void {
    for (const element of this.#lit) element.classList.remove('lit');
    this.#layer.classList.toggle('subdued', highlight?.only === true);
    if (!highlight) {
      this.#lit = [];
      return;
    }
    const boxes = [...highlight.nodes].flatMap((index) => this.#tables[index]?.group ?? []);
    const lines = [...highlight.edges].flatMap((index) => this.#lines.group(index) ?? []);
    this.#lit = [...boxes, ...lines];
    for (const element of this.#lit) element.classList.add('lit');
    this.#lines.raise(lines);
  }

  /** After the place of a table has changed. */
  placeTable(index: number): void {
    const [node, element] = [this.#scene?.nodes[index], this.#tables[index]];
    if (!node || !element) return;
    placeTable(element.group, node);
    this.#lines.follow(index);
  }

  /** When a table was dropped, frames follow, and lines go around it. */
  settleTables(): void {
    if (this.#scene) this.#frames.replaceChildren(...makeFrames(this.#scene));
    this.#lines.lead();
  }

  /** The colours as they are now, for a picture. */
  colours(): Readonly<Record<string, string>> {
    const style = getComputedStyle(this.stage);
    return Object.fromEntries(graphColours.map((name) => [name, style.getPropertyValue(`--graph-${name}`)]));
  }

  #showRelations(): void {
    const scene = this.#scene;
    scene?.edges.forEach((edge, index) => this.#lines.group(index)?.classList.toggle('away', this.isHidden(edge)));
  }

  #move(): void {
    this.#layer.classList.add('moving');
    this.#lines.wait();
    window.clearTimeout(this.#settle);
    this.#settle = window.setTimeout(() => this.#settleNow(), settleMs);
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#place();
      if (this.#leftDrawn()) this.#draw(rowsPerFrame);
      this.onMoved();
    });
  }

  #settleNow(): void {
    window.clearTimeout(this.#settle);
    this.#layer.classList.remove('moving');
    this.#lines.goOn();
    this.#layer.classList.toggle('far', this.#viewport.zoom < farZoom);
    this.#place();
    this.#draw();
    this.onMoved();
  }

  #place(): void {
    const { x, y, zoom } = this.#viewport;
    this.#layer.style.transform = `translate(${x}px, ${y}px) scale(${zoom})`;
  }

  /** Whether something may have come into sight that is not drawn. */
  #leftDrawn(): boolean {
    const [now, then] = [sight(this.#viewport, this.size), sight(this.#drawn, this.size, margin)];
    return now.left < then.left || now.top < then.top || now.right > then.right || now.bottom > then.bottom;
  }

  /** What lies beyond `most` new tables with rows is made in the frames that follow. */
  #draw(most = Infinity): void {
    const near = sight(this.#viewport, this.size, margin);
    const withRows = this.#viewport.zoom >= farZoom && this.#scene?.detail !== 'names';
    let made = 0;
    this.#scene?.nodes.forEach((node, index) => {
      const element = this.#tables[index];
      if (!element) return;
      const isNear = node.x < near.right && node.x + node.width > near.left && node.y < near.bottom && node.y + node.height > near.top;
      const isWanted = isNear && (this.#shown === undefined || this.#shown.has(index));
      const needsRows = isWanted && withRows && !element.hasRows;
      if (needsRows && ++made > most) return;
      if (needsRows) addRows(element, node, this.words);
      if (element.hidden === isWanted) element.group.classList.toggle('away', !isWanted);
      element.hidden = !isWanted;
    });
    if (made <= most) this.#drawn = this.#viewport;
  }
}
