/**
 * Lays out boxes that are tied to one another: layers by dagre, referring boxes to the right of those they refer to. A layer that would
 * be far taller than the whole should be becomes several columns, so that a table with a hundred references does not make a tower.
 */
import { Graph, layout } from '@dagrejs/dagre';

export interface Sized {
  readonly width: number;
  readonly height: number;
}

export interface Placed {
  readonly places: readonly (readonly [x: number, y: number])[];
  readonly width: number;
  readonly height: number;
}

export interface Spacing {
  /** Between boxes above one another, and between layers, in pixels. */
  readonly row: number;
  readonly layer: number;
  /** Layers without gaps: lines are then less straight. */
  readonly isTight: boolean;
}

/** Width to height that pictures should have: that of an editor's area. */
export const aspect = 1.6;
/** A layer may be this much taller than the picture should be. */
const tolerance = 1.25;

/** Edges are pairs of indexes; those from a box to itself are ignored. Places are upper left corners. */
export function layeredGroup(boxes: readonly Sized[], edges: readonly (readonly [number, number])[], spacing: Spacing): Placed {
  const [only] = boxes;
  if (boxes.length === 1 && only) return { places: [[0, 0]], width: only.width, height: only.height };
  const graph = new Graph<object, Sized & { x?: number; y?: number }, object>();
  graph.setGraph({ rankdir: 'RL', nodesep: spacing.row, ranksep: spacing.layer, edgesep: 12, ranker: ranker(boxes.length, edges.length) });
  graph.setDefaultEdgeLabel(() => ({}));
  boxes.forEach(({ width, height }, at) => graph.setNode(String(at), { width, height }));
  for (const [from, to] of edges) if (from !== to) graph.setEdge(String(from), String(to), {});
  layout(graph);
  const middles = boxes.map((_, at) => {
    const { x = 0, y = 0 } = graph.node(String(at));
    return [x, y] as const;
  });
  return unfold(boxes, middles, spacing);
}

/** The best ranks cost most; with many edges the difference cannot be seen. */
function ranker(boxes: number, edges: number): 'network-simplex' | 'tight-tree' {
  return boxes * edges <= 4000 ? 'network-simplex' : 'tight-tree';
}

function unfold(boxes: readonly Sized[], middles: readonly (readonly [number, number])[], spacing: Spacing): Placed {
  const area = boxes.reduce((sum, { width, height }) => sum + (width + spacing.layer) * (height + spacing.row), 0);
  const tallest = Math.max(...boxes.map(({ height }) => height), Math.sqrt(area / aspect)) * tolerance;
  const layers = layersOf(middles).map((layer) => cut(layer, boxes, tallest, spacing.row));
  // Where a tower was cut, the layers beside it come together as well.
  const shrink = layers.some((columns) => columns.length > 1) || spacing.isTight ? Math.min(1, tallest / heightOfAll(boxes, middles)) : 1;
  const places: [number, number][] = boxes.map(() => [0, 0]);
  let left = 0;
  for (const columns of layers)
    for (const [at, column] of columns.entries()) {
      const width = Math.max(...column.map((box) => boxes[box]?.width ?? 0));
      const tops = spread(column, boxes, (box) => (middles[box]?.[1] ?? 0) * shrink, spacing.row);
      column.forEach((box, index) => (places[box] = [left + (width - (boxes[box]?.width ?? 0)) / 2, tops[index] ?? 0]));
      left += width + (at === columns.length - 1 ? spacing.layer : spacing.layer * 0.6);
    }
  return atOrigin(boxes, settle(places));
}

function heightOfAll(boxes: readonly Sized[], middles: readonly (readonly [number, number])[]): number {
  return Math.max(1, ...middles.map(([, y], at) => y + (boxes[at]?.height ?? 0) / 2));
}

/** Boxes of one layer have the same middle; layers from left to right, boxes from top to bottom. */
function layersOf(middles: readonly (readonly [number, number])[]): readonly (readonly number[])[] {
  const layers = new Map<number, number[]>();
  middles.forEach(([x], box) => {
    const key = Math.round(x);
    const layer = layers.get(key);
    if (layer) layer.push(box);
    else layers.set(key, [box]);
  });
  const height = (box: number): number => middles[box]?.[1] ?? 0;
  return [...layers].sort(([a], [b]) => a - b).map(([, layer]) => layer.sort((a, b) => height(a) - height(b)));
}

/** Columns of about the same height; neighbours in the layer stay neighbours. */
function cut(layer: readonly number[], boxes: readonly Sized[], tallest: number, gap: number): readonly (readonly number[])[] {
  const heightOf = (box: number): number => (boxes[box]?.height ?? 0) + gap;
  const total = layer.reduce((sum, box) => sum + heightOf(box), 0);
  if (total <= tallest) return [layer];
  const wanted = total / Math.ceil(total / tallest);
  const columns: number[][] = [[]];
  let filled = 0;
  for (const box of layer) {
    if (filled > 0 && filled + heightOf(box) / 2 > wanted) {
      columns.push([]);
      filled = 0;
    }
    columns.at(-1)?.push(box);
    filled += heightOf(box);
  }
  return columns;
}

/** Tops of a column's boxes: near the middles that are wanted, in their order, none on another. */
function spread(column: readonly number[], boxes: readonly Sized[], wanted: (box: number) => number, gap: number): readonly number[] {
  const tops: number[] = [];
  let free = -Infinity;
  let moved = 0;
  for (const box of column) {
    const height = boxes[box]?.height ?? 0;
    const ideal = wanted(box) - height / 2;
    const top = Math.max(ideal, free);
    moved += top - ideal;
    tops.push(top);
    free = top + height + gap;
  }
  // Boxes were only ever pushed down: the column as a whole goes back up.
  return tops.map((top) => top - moved / Math.max(1, column.length));
}

function settle(places: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  return places.map(([x, y]) => [Math.round(x), Math.round(y)]);
}

/** Moves everything so that the upper left corner of the whole is (0, 0). */
export function atOrigin(boxes: readonly Sized[], places: readonly (readonly [number, number])[]): Placed {
  const left = Math.min(...places.map(([x]) => x));
  const top = Math.min(...places.map(([, y]) => y));
  const moved = places.map(([x, y]) => [x - left, y - top] as const);
  const width = Math.max(...moved.map(([x], at) => x + (boxes[at]?.width ?? 0)));
  const height = Math.max(...moved.map(([, y], at) => y + (boxes[at]?.height ?? 0)));
  return { places: moved, width, height };
}
