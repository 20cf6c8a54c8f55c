/**
 * The rows that the page has, in blocks, and which blocks to ask for. Old blocks far from sight go first. It sends nothing itself and does
 * not know what the rows are of: a new sort or run gets a new cache.
 */
import { type Cell, rowsPerPage } from '../../core/sql/resultTypes.js';

const mostCells = 400_000;
/** Blocks behind the ones in sight that are fetched in the direction of scrolling. */
const ahead = 1;
/** Questions that are open at a time: while somebody drags the scroll bar, what has left the view is never asked for. */
const mostAsked = 2;

export class RowCache {
  readonly blockRows: number;
  readonly #most: number;
  /** In the order of use. */
  readonly #blocks = new Map<number, readonly (readonly Cell[])[]>();
  readonly #asked = new Set<number>();
  /** Why each cannot be had. */
  readonly #failed = new Map<number, string>();
  #known = 0;
  #total: number | undefined;

  constructor(
    columns: number,
    private readonly ask: (from: number, count: number) => void,
  ) {
    this.blockRows = rowsPerPage(columns);
    this.#most = Math.max(6, Math.floor(mostCells / (this.blockRows * Math.max(1, columns))));
  }

  /** Number of all rows, once it is known. */
  get total(): number | undefined {
    return this.#total;
  }

  /** Rows that can be scrolled to: all, or those known to be there and one block more. */
  get reach(): number {
    return this.#total ?? this.#known + (this.#known > 0 ? this.blockRows : 0);
  }

  /** Rows that are known to be there. */
  get known(): number {
    return this.#total ?? this.#known;
  }

  setTotal(total: number): void {
    this.#total = total;
    this.#known = total;
  }

  row(at: number): readonly Cell[] | undefined {
    return this.#blocks.get(Math.floor(at / this.blockRows))?.[at % this.blockRows];
  }

  /** Takes an answer; what is not the beginning of a block is ignored. */
  put(from: number, rows: readonly (readonly Cell[])[]): void {
    const block = from / this.blockRows;
    if (!Number.isInteger(block)) return;
    this.#asked.delete(block);
    this.#failed.delete(block);
    if (rows.length < this.blockRows && (rows.length > 0 || from === 0)) this.setTotal(from + rows.length);
    this.#known = Math.max(this.#known, from + rows.length);
    if (rows.length === 0 && from > 0) this.#total ??= this.#known;
    this.#blocks.delete(block);
    this.#blocks.set(block, rows);
    for (const old of this.#blocks.keys()) {
      if (this.#blocks.size <= this.#most) break;
      this.#blocks.delete(old);
    }
  }

  /** Why the block that failed last cannot be had, as long as any cannot. */
  get failure(): string | undefined {
    return [...this.#failed.values()].at(-1);
  }

  /** The block cannot be had now; it is asked for again when `retry` was called. */
  fail(from: number, why: string): void {
    const block = from / this.blockRows;
    this.#asked.delete(block);
    this.#failed.set(block, why);
  }

  retry(): void {
    this.#failed.clear();
  }

  /** Asks for what is missing of these rows, and for a block more in the direction of scrolling. */
  want(first: number, end: number, direction: 1 | -1): void {
    // At the very beginning nobody has scrolled yet, and most never do.
    const further = first > 0 ? ahead : 0;
    const low = Math.floor(first / this.blockRows) - (direction < 0 ? further : 0);
    const high = Math.floor(Math.max(first, end - 1) / this.blockRows) + (direction > 0 ? further : 0);
    const order = Array.from({ length: high - low + 1 }, (_, at) => (direction > 0 ? low + at : high - at));
    for (const block of order) this.#want(block);
  }

  #want(block: number): void {
    if (block < 0 || (this.#total !== undefined && block * this.blockRows >= this.#total)) return;
    const held = this.#blocks.get(block);
    if (held) {
      this.#blocks.delete(block);
      this.#blocks.set(block, held);
      return;
    }
    if (this.#asked.size >= mostAsked || this.#asked.has(block) || this.#failed.has(block)) return;
    this.#asked.add(block);
    this.ask(block * this.blockRows, this.blockRows);
  }
}
