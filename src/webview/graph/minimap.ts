/** The whole graph in a corner, with a frame around what is in sight; dragging in it moves the view. For the mouse: keys move the view anyhow. */
import { element, setAttributes } from '../shared/element.js';
import { type GraphView } from './graphView.js';
import { type Bounds, type Scene } from './scene.js';
import { svgElement } from './tableElements.js';
import { sight } from './viewport.js';

export class Minimap {
  readonly root: HTMLElement;
  readonly #picture = svgElement('svg', { 'aria-hidden': 'true', preserveAspectRatio: 'xMidYMid meet' });
  readonly #boxes = svgElement('path', { class: 'minimap-boxes' });
  readonly #frame = svgElement('rect', { class: 'minimap-frame' });
  #scene: Scene | undefined;
  #bounds: Bounds | undefined;

  constructor(
    private readonly view: GraphView,
    title: string,
  ) {
    this.root = element('div', { class: 'minimap overlay', title });
    this.#picture.append(this.#boxes, this.#frame);
    this.root.append(this.#picture);
    let isPressed = false;
    this.root.addEventListener('pointerdown', (event) => {
      isPressed = true;
      this.root.setPointerCapture(event.pointerId);
      this.#goTo(event);
    });
    this.root.addEventListener('pointermove', (event) => isPressed && this.#goTo(event));
    for (const end of ['pointerup', 'pointercancel'] as const) this.root.addEventListener(end, () => (isPressed = false));
  }

  setScene(scene: Scene): void {
    this.#scene = scene;
    this.redraw();
  }

  /** After boxes moved or others are shown. */
  redraw(): void {
    const { shown } = this.view;
    this.#bounds = this.#scene?.bounds(shown);
    if (!this.#bounds) return;
    const { left, top, right, bottom } = this.#bounds;
    this.#picture.setAttribute('viewBox', `${left} ${top} ${right - left} ${bottom - top}`);
    const nodes = this.#scene?.nodes.filter(({ index }) => !shown || shown.has(index)) ?? [];
    this.#boxes.setAttribute('d', nodes.map(({ x, y, width, height }) => `M${x} ${y}h${width}v${height}h${-width}z`).join(''));
    this.follow();
  }

  /** After the view moved. With everything in sight there is nothing to say. */
  follow(): void {
    const { left, top, right, bottom } = sight(this.view.viewport, this.view.size);
    const all = this.#bounds;
    this.root.hidden = !all || (all.left >= left && all.top >= top && all.right <= right && all.bottom <= bottom);
    setAttributes(this.#frame, { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) });
  }

  #goTo(event: PointerEvent): void {
    const matrix = this.#picture.getScreenCTM();
    if (!matrix) return;
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    const { viewport, size } = this.view;
    this.view.setViewport({ ...viewport, x: size.width / 2 - x * viewport.zoom, y: size.height / 2 - y * viewport.zoom });
  }
}
