/** Widths of columns in pixels, which of them are frozen on the left, and which are in sight. Pure; the order of columns never changes. */
import { type Cell } from '../../core/sql/resultTypes.js';
import { lookOf } from './cellText.js';

export const smallestWidth = 40;
const widestFirst = 320;
const numberRoom = 96;
const characterWidth = 7.5;
/** Room for padding and, in the header, for the mark of the sort. */
const cellPadding = 18;
const headerPadding = 38;

export class ColumnLayout {
  #widths: number[];
  /** Left edge of every column, and the right edge of the last. */
  #edges: number[] = [0];
  #frozen = 0;
  #version = 0;

  constructor(widths: readonly number[]) {
    this.#widths = [...widths];
    this.#measure();
  }

  /** Widths that fit the header and the first rows, within bounds. */
  static fitting(columns: readonly string[], rows: readonly (readonly Cell[])[]): ColumnLayout {
    return new ColumnLayout(columns.map((name, at) => fittingWidth(name, rows.map((row) => row[at]), widestFirst))); // prettier-ignore
  }

  get count(): number {
    return this.#widths.length;
  }

  get widths(): readonly number[] {
    return this.#widths;
  }

  /** Grows with every change. */
  get version(): number {
    return this.#version;
  }

  /** Columns on the left that do not scroll. */
  get frozen(): number {
    return this.#frozen;
  }

  get totalWidth(): number {
    return this.#edges[this.count] ?? 0;
  }

  get frozenWidth(): number {
    return this.#edges[this.#frozen] ?? 0;
  }

  left(column: number): number {
    return this.#edges[column] ?? 0;
  }

  width(column: number): number {
    return this.#widths[column] ?? 0;
  }

  freeze(count: number): void {
    this.#frozen = Math.max(0, Math.min(count, this.count));
    this.#version++;
  }

  resize(column: number, width: number): void {
    if (column < 0 || column >= this.count) return;
    this.#widths[column] = Math.max(smallestWidth, Math.round(width));
    this.#measure();
  }

  /** First and one past the last scrolling column of which something is in sight. */
  visible(scrollLeft: number, viewWidth: number): readonly [first: number, end: number] {
    const start = scrollLeft + this.frozenWidth;
    const first = Math.max(this.#frozen, this.#columnAt(start));
    const end = Math.min(this.count, this.#columnAt(scrollLeft + viewWidth) + 1);
    return [first, Math.max(first, end)];
  }

  /** The scroll position nearest to the given one at which the column is in sight. */
  scrollTo(column: number, scrollLeft: number, viewWidth: number): number {
    if (column < this.#frozen) return scrollLeft;
    const left = this.left(column) - this.frozenWidth;
    const right = this.left(column) + this.width(column) - viewWidth;
    return scrollLeft > left ? left : Math.max(scrollLeft, Math.min(right, left));
  }

  #columnAt(x: number): number {
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.left(middle) <= x) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }

  #measure(): void {
    const edges = [0];
    for (const width of this.#widths) edges.push((edges.at(-1) ?? 0) + width);
    this.#edges = edges;
    this.#version++;
  }
}

/** Pixels that show the name and these cells whole, up to `widest`. */
export function fittingWidth(name: string, cells: readonly (Cell | undefined)[], widest: number): number {
  const longest = cells.reduce((most: number, cell) => Math.max(most, lookOf(cell).text.length), 0);
  // Later rows have more digits, and a number that is cut off is another number.
  const room = cells.some((cell) => lookOf(cell).look === 'number') ? numberRoom : smallestWidth;
  const wanted = Math.max(longest * characterWidth + cellPadding, name.length * characterWidth + headerPadding);
  return Math.round(Math.min(widest, Math.max(room, wanted)));
}
