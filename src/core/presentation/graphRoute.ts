/**
 * The line of a relation between two boxes, as SVG path data: a curve that leaves both boxes sideways at the rows of its columns, with a
 * crow's foot where many rows may stand and a bar where one stands. Where the curve would pass behind other boxes, the line goes around
 * them. https://www.w3.org/TR/SVG2/paths.html
 */
import { type BoxIndex, type PlacedBox, type Point } from './boxIndex.js';
import { routeAround } from './routeAround.js';

export interface LineEnd {
  readonly box: PlacedBox;
  /** Height of the column's row, from the top of the box. */
  readonly at: number;
  readonly many: boolean;
}

export interface Route {
  /** The line with its signs. */
  readonly path: string;
  /** Middle of the line, for a label. */
  readonly middle: Point;
}

type Side = -1 | 1;

/** Straight part beside a box: room for the signs. */
const stub = 14;
const footWidth = 5;
/** Pixels that lines keep off boxes: what an index of the boxes is made with. */
export const lineDistance = 5;
/** Turns lie this far from a box; those of lines beside one another differ, so that each can be followed. */
const [firstLane, laneWidth, lanes] = [8, 3, 3];
/** Radius of a turn at most, and pieces in which a curve is compared with boxes. */
const [widestTurn, pieces] = [28, 16];

/** `boxes` are those that must not be crossed, the two ends among them; `lane` is any number that differs between neighbours. */
export function relationRoute(child: LineEnd, parent: LineEnd, boxes?: BoxIndex, lane = 0): Route {
  const [childSide, parentSide] = sides(child.box, parent.box);
  const [x1, y1] = [edgeOf(child.box, childSide), child.box.y + child.at];
  const [x2, y2] = [edgeOf(parent.box, parentSide), parent.box.y + parent.at];
  const [start, goal]: readonly [Point, Point] = [
    [x1 + childSide * stub, y1],
    [x2 + parentSide * stub, y2],
  ];
  const bend = bendOf(start[0], goal[0], y1, y2, childSide === parentSide);
  const curve: Curve = [start, [start[0] + childSide * bend, y1], [goal[0] + parentSide * bend, y2], goal];
  const way = boxes && child.box !== parent.box ? around(curve, child.box, parent.box, boxes, lane) : undefined;
  const line = way ? rounded([[x1, y1], ...way, [x2, y2]]) : `M${n(x1)} ${n(y1)}H${n(start[0])}${cubic(curve)}H${n(x2)}`;
  return {
    path: line + sign(x1, y1, childSide, child.many) + sign(x2, y2, parentSide, parent.many),
    middle: way ? middleOf(way) : pointOf(curve, 0.5),
  };
}

type Curve = readonly [Point, Point, Point, Point];

/** The points of a line around the boxes that the curve would cross; undefined when it crosses none, or when there is no such line. */
function around(curve: Curve, child: PlacedBox, parent: PlacedBox, boxes: BoxIndex, lane: number): readonly Point[] | undefined {
  const isEnd = (box: PlacedBox): boolean => box === child || box === parent;
  const points = Array.from({ length: pieces + 1 }, (_, at) => pointOf(curve, at / pieces));
  if (points.every((point, at) => at === 0 || !boxes.firstHit(points[at - 1] ?? point, point, isEnd))) return undefined;
  const [start, , , goal] = curve;
  const turns = routeAround(start, goal, boxes, firstLane + laneWidth * (lane % lanes));
  return turns && [start, ...turns, goal];
}

/** https://en.wikipedia.org/wiki/B%C3%A9zier_curve */
function pointOf([a, b, c, d]: Curve, at: number): Point {
  const rest = 1 - at;
  const along = (axis: 0 | 1): number =>
    rest ** 3 * a[axis] + 3 * rest ** 2 * at * b[axis] + 3 * rest * at ** 2 * c[axis] + at ** 3 * d[axis];
  return [along(0), along(1)];
}

/** The part of a path after its first point. */
function cubic([, b, c, d]: Curve): string {
  return `C${[b, c, d].map(pair).join(' ')}`;
}

/** Straight pieces whose turns are rounded, as far as both pieces have room. */
function rounded(points: readonly Point[]): string {
  const inner = points.slice(1, -1).map((point, at) => {
    const [before, after] = [points[at] ?? point, points[at + 2] ?? point];
    return `L${pair(towards(point, before))}Q${pair(point)} ${pair(towards(point, after))}`;
  });
  return `M${pair(points[0] ?? [0, 0])}${inner.join('')}L${pair(points.at(-1) ?? [0, 0])}`;
}

/** As far from a point towards another as a turn begins: half of the way at most. */
function towards([x1, y1]: Point, [x2, y2]: Point): Point {
  const length = Math.hypot(x2 - x1, y2 - y1);
  const share = length === 0 ? 0 : Math.min(0.5, widestTurn / length);
  return [x1 + (x2 - x1) * share, y1 + (y2 - y1) * share];
}

/** The point half-way along straight pieces. */
function middleOf(points: readonly Point[]): Point {
  const lengths = points.slice(1).map(([x, y], at) => Math.hypot(x - (points[at]?.[0] ?? x), y - (points[at]?.[1] ?? y)));
  let left = lengths.reduce((sum, length) => sum + length, 0) / 2;
  for (const [at, length] of lengths.entries()) {
    const [[x1, y1] = [0, 0], [x2, y2] = [0, 0]] = [points[at], points[at + 1]];
    if (left <= length && length > 0) return [x1 + ((x2 - x1) * left) / length, y1 + ((y2 - y1) * left) / length];
    left -= length;
  }
  return points[0] ?? [0, 0];
}

/** Facing sides when the boxes stand apart, else the same side, the one with the shorter way. */
function sides(child: PlacedBox, parent: PlacedBox): readonly [Side, Side] {
  const room = 2 * stub;
  if (child.x + child.width + room <= parent.x) return [1, -1];
  if (parent.x + parent.width + room <= child.x) return [-1, 1];
  const right = Math.abs(child.x + child.width - (parent.x + parent.width));
  const left = Math.abs(child.x - parent.x);
  return left < right ? [-1, -1] : [1, 1];
}

function bendOf(from: number, to: number, top: number, bottom: number, same: boolean): number {
  if (!same) return Math.max(10, Math.abs(to - from) / 2);
  return Math.min(90, 20 + Math.abs(to - from) + Math.abs(bottom - top) / 5);
}

function edgeOf(box: PlacedBox, side: Side): number {
  return side === 1 ? box.x + box.width : box.x;
}

/** A crow's foot opens towards the box; a bar crosses the line. */
function sign(x: number, y: number, side: Side, many: boolean): string {
  if (many) {
    const tip = x + side * (stub - 3);
    return `M${n(tip)} ${n(y)}L${n(x)} ${n(y - footWidth)}M${n(tip)} ${n(y)}L${n(x)} ${n(y + footWidth)}`;
  }
  return `M${n(x + side * 8)} ${n(y - footWidth)}V${n(y + footWidth)}`;
}

function pair([x, y]: Point): string {
  return `${n(x)} ${n(y)}`;
}

/** One decimal: a picture of 700 lines stays small. */
function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}
