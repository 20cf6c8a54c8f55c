/**
 * Rows to pixels and back. Browsers bound the height of an element, so above a bound the content is shorter than its rows: the wheel then
 * moves by rows, and the scroll bar by proportion. Pure.
 */

/** Safe in every browser that VS Code runs on or in. */
export const tallest = 15_000_000;

export class ScrollMap {
  constructor(
    readonly rows: number,
    readonly rowHeight: number,
    readonly viewHeight: number,
  ) {}

  /** Height of all rows, as if there were no bound. */
  get fullHeight(): number {
    return this.rows * this.rowHeight;
  }

  /** Height of the element. */
  get height(): number {
    return Math.min(this.fullHeight, tallest);
  }

  get isScaled(): boolean {
    return this.fullHeight > tallest;
  }

  get mostTop(): number {
    return Math.max(0, this.fullHeight - this.viewHeight);
  }

  /** The top of the view among all rows, from the position of the scroll bar. */
  topOf(scrollTop: number): number {
    if (!this.isScaled) return scrollTop;
    const most = this.height - this.viewHeight;
    return most <= 0 ? 0 : (Math.min(scrollTop, most) / most) * this.mostTop;
  }

  /** The inverse of `topOf`. */
  scrollTopOf(top: number): number {
    const clamped = Math.max(0, Math.min(top, this.mostTop));
    if (!this.isScaled) return clamped;
    return (clamped / this.mostTop) * (this.height - this.viewHeight);
  }

  /** First and one past the last row of which something is in sight. */
  visible(top: number): readonly [first: number, end: number] {
    const first = Math.max(0, Math.floor(top / this.rowHeight));
    return [first, Math.min(this.rows, Math.ceil((top + this.viewHeight) / this.rowHeight))];
  }

  /** The top nearest to the given one at which the row is wholly in sight. */
  reveal(row: number, top: number): number {
    const start = row * this.rowHeight;
    if (start < top) return start;
    return Math.max(top, start + this.rowHeight - this.viewHeight);
  }
}
