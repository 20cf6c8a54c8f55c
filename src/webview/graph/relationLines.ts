/**
 * The lines of the relations: drawn as plain curves at once, then, a few in every frame, led around the boxes that they would pass behind.
 * Decides nothing about which are hidden or lit.
 */
import { relationLine } from '../../core/presentation/graphSvg.js';
import { type Route } from '../../core/presentation/graphRoute.js';
import { type Scene, type SceneEdge } from './scene.js';
import { svgElement } from './tableElements.js';

/** Milliseconds of a frame that finding ways may take: nothing moves meanwhile, but a key must be answered soon. */
const perFrameMs = 12;
/** Milliseconds after which a view that stands still is looked at. */
const restMs = 300;

export class RelationLines {
  readonly layer = svgElement('g', { 'aria-hidden': 'true' });
  #scene: Scene | undefined;
  #groups: readonly SVGGElement[] = [];
  readonly #drawn = new Map<number, string>();
  #shown: ReadonlySet<number> | undefined;
  /** The line to be led next. */
  #next = 0;
  #frame: number | undefined;
  #isWaiting = false;
  #rest: number | undefined;

  setScene(scene: Scene): void {
    this.#scene = scene;
    this.#drawn.clear();
    this.#groups = scene.edges.map(({ index, relation }) =>
      svgElement('g', { class: `relation ${relation.origin}`, 'data-relation': String(index) }),
    );
    for (const edge of scene.edges) this.#draw(edge, scene.curveOf(edge));
    this.layer.replaceChildren(...this.#groups);
    this.lead(undefined);
  }

  group(index: number): SVGGElement | undefined {
    return this.#groups[index];
  }

  /** Over the others. */
  raise(groups: readonly SVGGElement[]): void {
    this.layer.append(...groups);
  }

  /** Around these tables and no others. */
  show(shown: ReadonlySet<number> | undefined): void {
    if (shown !== this.#shown) this.lead(shown);
  }

  /** Once more, after tables were put elsewhere. */
  lead(shown = this.#shown): void {
    this.#shown = shown;
    this.#scene?.keepOff(shown);
    this.#next = 0;
    this.#leadSoon();
  }

  /** While the view moves: a line that is drawn anew has the whole picture drawn anew. */
  wait(): void {
    this.#isWaiting = true;
    window.clearTimeout(this.#rest);
  }

  /** The view stands still again; often only until the next turn of the wheel. */
  goOn(): void {
    window.clearTimeout(this.#rest);
    this.#rest = window.setTimeout(() => {
      this.#isWaiting = false;
      this.#leadSoon();
    }, restMs);
  }

  /** Follows a table that is being dragged. */
  follow(table: number): void {
    const scene = this.#scene;
    for (const tie of scene?.ties[table] ?? []) {
      const edge = scene?.edges[tie];
      if (scene && edge) this.#draw(edge, scene.curveOf(edge));
    }
  }

  #leadSoon(): void {
    if (!this.#isWaiting && this.#next < (this.#scene?.edges.length ?? 0)) this.#frame ??= requestAnimationFrame(() => this.#leadSome());
  }

  #leadSome(): void {
    this.#frame = undefined;
    const scene = this.#scene;
    if (!scene || this.#isWaiting) return;
    const end = performance.now() + perFrameMs;
    while (this.#next < scene.edges.length && performance.now() < end) {
      const edge = scene.edges[this.#next++];
      if (edge && this.#isShown(edge)) this.#draw(edge, scene.routeOf(edge));
    }
    this.#leadSoon();
  }

  #isShown({ child, parent }: SceneEdge): boolean {
    return this.#shown === undefined || (this.#shown.has(child) && this.#shown.has(parent));
  }

  #draw({ index, relation }: SceneEdge, route: Route): void {
    const group = this.#groups[index];
    if (!group || this.#drawn.get(index) === route.path) return;
    this.#drawn.set(index, route.path);
    group.innerHTML = relationLine(relation, route);
  }
}
