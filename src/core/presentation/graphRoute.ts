/**
 * The line of a relation between two boxes, as SVG path data: a curve that leaves both boxes sideways at the rows of its columns, with a
 * crow's foot where many rows may stand and a bar where one stands. https://www.w3.org/TR/SVG2/paths.html
 */
export interface PlacedBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface LineEnd {
  readonly box: PlacedBox;
  /** Height of the column's row, from the top of the box. */
  readonly at: number;
  readonly many: boolean;
}

export interface Route {
  /** The curve with its signs. */
  readonly path: string;
  /** Middle of the curve, for a label. */
  readonly middle: readonly [x: number, y: number];
}

type Side = -1 | 1;

/** Straight part beside a box: room for the signs. */
const stub = 14;
const footWidth = 5;

export function relationRoute(child: LineEnd, parent: LineEnd): Route {
  const [childSide, parentSide] = sides(child.box, parent.box);
  const [x1, y1] = [edgeOf(child.box, childSide), child.box.y + child.at];
  const [x2, y2] = [edgeOf(parent.box, parentSide), parent.box.y + parent.at];
  const [s1, s2] = [x1 + childSide * stub, x2 + parentSide * stub];
  const bend = bendOf(s1, s2, y1, y2, childSide === parentSide);
  const [c1, c2] = [s1 + childSide * bend, s2 + parentSide * bend];
  const curve = `M${n(x1)} ${n(y1)}H${n(s1)}C${n(c1)} ${n(y1)} ${n(c2)} ${n(y2)} ${n(s2)} ${n(y2)}H${n(x2)}`;
  return {
    path: curve + sign(x1, y1, childSide, child.many) + sign(x2, y2, parentSide, parent.many),
    middle: [(s1 + s2 + 3 * (c1 + c2)) / 8, (y1 + y2) / 2],
  };
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

/** One decimal: a picture of 700 lines stays small. */
function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}
