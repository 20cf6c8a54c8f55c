/** Pointer and wheel: dragging the ground moves the view, dragging a table moves it, the wheel zooms, two fingers pan. Keys are elsewhere. */
import { type GraphView } from './graphView.js';

export interface GestureTargets {
  /** A table was pressed and released in place; undefined for the ground. */
  select(index: number | undefined): void;
  open(index: number): void;
  /** `dx`, `dy` in pixels of the scene. */
  drag(index: number, dx: number, dy: number): void;
  drop(index: number): void;
  /** The table under the pointer; undefined when there is none. */
  hover(index: number | undefined): void;
}

/** Pixels that a press may wander and still be a click. */
const clickSlack = 4;

export function addGestures(view: GraphView, targets: GestureTargets): void {
  addPresses(view, targets);
  const { stage } = view;
  stage.addEventListener('wheel', (event) => turnWheel(view, event), { passive: false });
  stage.addEventListener('dblclick', (event) => {
    const table = tableAt(event);
    if (table !== undefined) targets.open(table);
  });
  let hovered: number | undefined;
  const hover = (table: number | undefined): void => {
    if (table === hovered) return;
    hovered = table;
    targets.hover(table);
  };
  stage.addEventListener('pointerover', (event) => hover(event.buttons === 0 ? tableAt(event) : hovered));
  stage.addEventListener('pointerleave', () => hover(undefined));
}

function addPresses(view: GraphView, targets: GestureTargets): void {
  const { stage } = view;
  let pressed: { readonly table: number | undefined; x: number; y: number; travelled: number } | undefined;
  stage.addEventListener('pointerdown', (event) => {
    if (event.button > 1 || !(event.target instanceof Element) || event.target.closest('.overlay')) return;
    pressed = { table: event.button === 0 ? tableAt(event) : undefined, x: event.clientX, y: event.clientY, travelled: 0 };
    stage.setPointerCapture(event.pointerId);
    stage.focus({ preventScroll: true });
  });
  stage.addEventListener('pointermove', (event) => {
    if (!pressed) return;
    const [dx, dy] = [event.clientX - pressed.x, event.clientY - pressed.y];
    pressed.travelled += Math.abs(dx) + Math.abs(dy);
    if (pressed.travelled <= clickSlack) return;
    [pressed.x, pressed.y] = [event.clientX, event.clientY];
    stage.classList.add('dragging');
    if (pressed.table === undefined) view.panBy(dx, dy);
    else targets.drag(pressed.table, dx / view.viewport.zoom, dy / view.viewport.zoom);
  });
  const release = (): void => {
    if (!pressed) return;
    stage.classList.remove('dragging');
    const { table, travelled } = pressed;
    pressed = undefined;
    if (travelled <= clickSlack) targets.select(table);
    else if (table !== undefined) targets.drop(table);
  };
  stage.addEventListener('pointerup', release);
  stage.addEventListener('pointercancel', release);
}

/** By the place, for a captured pointer names the stage as its target. */
function tableAt({ clientX, clientY }: MouseEvent): number | undefined {
  const group = document.elementFromPoint(clientX, clientY)?.closest('[data-table]');
  return group ? Number(group.getAttribute('data-table')) : undefined;
}

function turnWheel(view: GraphView, event: WheelEvent): void {
  if (event.target instanceof Element && event.target.closest('.overlay')) return;
  event.preventDefault();
  // Lines and pages, which some mice count in, become pixels.
  const unit = event.deltaMode === 0 ? 1 : event.deltaMode === 1 ? 24 : 400;
  const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
  if (event.shiftKey && !event.ctrlKey) return view.panBy(-(dx || dy), 0);
  // Two fingers on a pad move sideways, too; a wheel does not.
  if (dx !== 0 && !event.ctrlKey) return view.panBy(-dx, -dy);
  const box = view.stage.getBoundingClientRect();
  view.zoomBy(Math.exp(-dy * (event.ctrlKey ? 0.01 : 0.0016)), event.clientX - box.left, event.clientY - box.top);
}
