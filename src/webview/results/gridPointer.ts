/** What the pointer does in a grid: selecting by dragging, sorting by the header, resizing by its edge. */
import { type GridEvents, type GridView } from './gridView.js';
import { extendTo, selectPlace } from './selection.js';

export function attachPointer(grid: GridView, events: GridEvents): void {
  const { element } = grid;
  element.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    const place = grid.placeOf(event.target);
    if (!place || !grid.model) return;
    if (event.target instanceof Element && event.target.className === 'resize') startResize(grid, place.column, event);
    else if (place.row >= 0) startSelect(grid, place, event);
  });
  element.addEventListener('click', (event) => {
    const place = grid.placeOf(event.target);
    const isHandle = event.target instanceof Element && event.target.className === 'resize';
    if (!place || place.row >= 0 || isHandle) return;
    if (place.column >= 0) {
      grid.select(selectPlace(-1, place.column));
      events.sort(place.column, event.shiftKey);
    } else if (grid.model) grid.select({ ...grid.model.selection, whole: 'all' });
  });
  element.addEventListener('dblclick', (event) => {
    const place = grid.placeOf(event.target);
    if (!place || place.column < 0) return;
    if (place.row >= 0) events.openCell(place.row, place.column);
    else if (event.target instanceof Element && event.target.className === 'resize') grid.fit(place.column);
  });
  element.addEventListener('contextmenu', (event) => {
    const place = grid.placeOf(event.target);
    if (!place || place.column < 0) return;
    event.preventDefault();
    events.menu(place.row, place.column, event.clientX, event.clientY);
  });
}

function startSelect(grid: GridView, { row, column }: { readonly row: number; readonly column: number }, event: PointerEvent): void {
  const { model, element } = grid;
  if (!model) return;
  const isNumber = column < 0;
  const start = { row, column: Math.max(0, column) };
  if (event.shiftKey) grid.select(extendTo(isNumber ? { ...model.selection, whole: 'rows' } : model.selection, start));
  else grid.select({ ...selectPlace(start.row, start.column), whole: isNumber ? 'rows' : undefined });
  element.focus();
  const move = (moved: PointerEvent): void => {
    const place = grid.placeOf(document.elementFromPoint(moved.clientX, moved.clientY));
    const { model: current } = grid;
    if (!place || !current || place.row < 0 || (place.column < 0 && !isNumber)) return;
    grid.select(extendTo(current.selection, { row: place.row, column: Math.max(0, place.column) }));
  };
  followPointer(move);
}

function startResize(grid: GridView, column: number, event: PointerEvent): void {
  event.preventDefault();
  const startWidth = grid.model?.layout.width(column) ?? 0;
  followPointer((moved) => grid.resize(column, startWidth + moved.clientX - event.clientX));
}

function followPointer(move: (event: PointerEvent) => void): void {
  const end = (): void => {
    window.removeEventListener('pointermove', move);
    window.removeEventListener('pointerup', end);
    window.removeEventListener('pointercancel', end);
  };
  window.addEventListener('pointermove', move);
  window.addEventListener('pointerup', end);
  window.addEventListener('pointercancel', end);
}
