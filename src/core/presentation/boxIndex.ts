/** Boxes by the squares of the plane that they lie in: which of them a straight line meets first, without asking all of them. Boxes that move afterwards are not followed. */
export type Point = readonly [x: number, y: number];

export interface PlacedBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Pixels of a square: about a table. */
const square = 256;

export class BoxIndex {
  readonly #columns = new Map<number, Map<number, PlacedBox[]>>();

  /** `near` is the distance in pixels within which a box counts as met. */
  constructor(
    boxes: Iterable<PlacedBox>,
    readonly near: number,
  ) {
    for (const box of boxes) this.#add(box);
  }

  /** The box that the line from one point to another meets first, among those that are not to be skipped. */
  firstHit(from: Point, to: Point, skipped: (box: PlacedBox) => boolean): PlacedBox | undefined {
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const [first, last] = [squareOf(from[0]), squareOf(to[0])];
    const step = first <= last ? 1 : -1;
    let hit: PlacedBox | undefined;
    let earliest = Infinity;
    for (let column = first; column !== last + step; column += step) {
      // What lies in columns farther on is met later.
      const [low, high] = this.#rowsWithin(from, dx, dy, column);
      for (let row = low; row <= high; row++)
        for (const box of this.#columns.get(column)?.get(row) ?? []) {
          if (skipped(box)) continue;
          const when = entry(from, dx, dy, box, this.near);
          if (when < earliest) [hit, earliest] = [box, when];
        }
      if (hit && earliest <= leaving(from[0], dx, column)) return hit;
    }
    return hit;
  }

  /** Boxes that hold the point. */
  at([x, y]: Point): readonly PlacedBox[] {
    const boxes = this.#columns.get(squareOf(x))?.get(squareOf(y)) ?? [];
    return boxes.filter((box) => x > box.x - this.near && x < box.x + box.width + this.near && y > box.y - this.near && y < box.y + box.height + this.near); // prettier-ignore
  }

  #add(box: PlacedBox): void {
    const [left, right] = [squareOf(box.x - this.near), squareOf(box.x + box.width + this.near)];
    const [top, bottom] = [squareOf(box.y - this.near), squareOf(box.y + box.height + this.near)];
    for (let column = left; column <= right; column++) {
      const rows = this.#columns.get(column) ?? new Map<number, PlacedBox[]>();
      this.#columns.set(column, rows);
      for (let row = top; row <= bottom; row++) {
        const own = rows.get(row);
        if (own) own.push(box);
        else rows.set(row, [box]);
      }
    }
  }

  /** Rows of a column that the line passes. */
  #rowsWithin([x, y]: Point, dx: number, dy: number, column: number): readonly [number, number] {
    const clamp = (share: number): number => Math.min(1, Math.max(0, share));
    const [a, b] = dx === 0 ? [0, 1] : [clamp((column * square - x) / dx), clamp(((column + 1) * square - x) / dx)];
    const [one, other] = [squareOf(y + a * dy), squareOf(y + b * dy)];
    return one < other ? [one, other] : [other, one];
  }
}

function squareOf(value: number): number {
  return Math.floor(value / square);
}

/** Share of the line after which it has left the column. */
function leaving(x: number, dx: number, column: number): number {
  if (dx === 0) return 1;
  return ((dx > 0 ? column + 1 : column) * square - x) / dx;
}

/** Share of the line after which it is inside the box, Infinity when it never is (Liang and Barsky). */
function entry([x, y]: Point, dx: number, dy: number, box: PlacedBox, near: number): number {
  const [left, right] = [box.x - near - x, box.x + box.width + near - x];
  const [top, bottom] = [box.y - near - y, box.y + box.height + near - y];
  if ((dx === 0 && (left >= 0 || right <= 0)) || (dy === 0 && (top >= 0 || bottom <= 0))) return Infinity;
  const [x1, x2] = dx === 0 ? [-Infinity, Infinity] : dx > 0 ? [left / dx, right / dx] : [right / dx, left / dx];
  const [y1, y2] = dy === 0 ? [-Infinity, Infinity] : dy > 0 ? [top / dy, bottom / dy] : [bottom / dy, top / dy];
  const first = Math.max(0, x1, y1);
  return first < Math.min(1, x2, y2) ? first : Infinity;
}
