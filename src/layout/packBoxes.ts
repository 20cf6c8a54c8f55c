/** Puts boxes on shelves, so that the whole has the shape of an editor's area. What stands beside what is decided by the order. */
import { aspect, type Placed, type Sized } from './layeredGroup.js';

/** Order for boxes that have nothing to do with one another: the tallest first; equally tall ones keep their order. */
export function tallestFirst(boxes: readonly Sized[]): readonly number[] {
  return boxes.map((_, at) => at).sort((a, b) => (boxes[b]?.height ?? 0) - (boxes[a]?.height ?? 0) || a - b);
}

/** Order for boxes that are tied: the one with the most ties first, then always the one with the most ties to those already there. */
export function tiedFirst(count: number, edges: readonly (readonly [number, number])[]): readonly number[] {
  const ties = Array.from({ length: count }, () => new Map<number, number>());
  for (const [a, b] of edges) {
    ties[a]?.set(b, (ties[a]?.get(b) ?? 0) + 1);
    ties[b]?.set(a, (ties[b]?.get(a) ?? 0) + 1);
  }
  const sum = (box: number): number => [...(ties[box]?.values() ?? [])].reduce((total, weight) => total + weight, 0);
  const left = new Set(ties.keys());
  const pull = new Array<number>(count).fill(0);
  const order: number[] = [];
  while (left.size > 0) {
    const next = [...left].reduce((best, box) => (better(pull, sum, box, best) ? box : best));
    left.delete(next);
    order.push(next);
    // Older ties pull less: what belongs together stands together.
    for (const box of left) pull[box] = (pull[box] ?? 0) * 0.7 + (ties[next]?.get(box) ?? 0);
  }
  return order;
}

function better(pull: readonly number[], sum: (box: number) => number, box: number, best: number): boolean {
  const difference = (pull[box] ?? 0) - (pull[best] ?? 0);
  return difference > 0 || (difference === 0 && sum(box) > sum(best));
}

export interface PackOptions {
  readonly order?: readonly number[];
  /** Shelves are at least as wide, in pixels. */
  readonly width?: number;
}

export function packBoxes(
  boxes: readonly Sized[],
  gap: number,
  { order = tallestFirst(boxes), width: least = 0 }: PackOptions = {},
): Placed {
  const area = boxes.reduce((sum, { width, height }) => sum + (width + gap) * (height + gap), 0);
  const room = Math.max(least, ...boxes.map(({ width }) => width), Math.sqrt(area * aspect));
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
