/** Puts boxes that have nothing to do with one another on shelves, the tallest first, so that the whole has the shape of an editor's area. */
import { aspect, type Placed, type Sized } from './layeredGroup.js';

/** Equally tall boxes keep their order. */
export function packBoxes(boxes: readonly Sized[], gap: number): Placed {
  const area = boxes.reduce((sum, { width, height }) => sum + (width + gap) * (height + gap), 0);
  const room = Math.max(...boxes.map(({ width }) => width), Math.sqrt(area * aspect));
  const order = boxes.map((_, at) => at).sort((a, b) => (boxes[b]?.height ?? 0) - (boxes[a]?.height ?? 0) || a - b);
  const places: [number, number][] = boxes.map(() => [0, 0]);
  let [x, y, shelf, widest] = [0, 0, 0, 0];
  for (const box of order) {
    const { width = 0, height = 0 } = boxes[box] ?? {};
    if (x > 0 && x + width > room) [x, y, shelf] = [0, y + shelf + gap, 0];
    places[box] = [x, y];
    x += width + gap;
    shelf = Math.max(shelf, height);
    widest = Math.max(widest, x - gap);
  }
  return { places, width: widest, height: y + shelf };
}
