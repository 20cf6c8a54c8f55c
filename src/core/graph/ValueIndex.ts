/**
 * Finds the stored values that a mention may mean: exact, other case or accents, one typing slip, similar by trigrams. It holds
 * text values only, bounded per column and in all; whatever was left out is said by `columns`.
 */
import { isOneEdit } from './editDistance.js';
import { trigramBuckets, TrigramIndex } from './trigramIndex.js';
import { type ValueMatch } from './types.js';

/** Values of one column as they are stored, distinct. */
export interface ColumnValues {
  readonly table: string;
  readonly column: string;
  readonly values: readonly string[];
  /** False when the column has more values than these. */
  readonly complete: boolean;
}

export interface ValueLimits {
  /** Distinct values per column. */
  readonly perColumn: number;
  /** UTF-16 units in one value; longer texts are no names of things. */
  readonly valueLength: number;
  /** UTF-16 units over all columns. */
  readonly total: number;
}

export const defaultValueLimits: ValueLimits = { perColumn: 10_000, valueLength: 80, total: 8_000_000 };

const scores = { exact: 1, otherCase: 0.95, otherAccents: 0.94 } as const;
/** One slip touches at most so many trigrams of a text. */
const slipTrigrams = 4;
/** Texts less alike than this by trigrams are not offered. */
const leastSimilarity = 0.4;
const longestMention = 200;
const valuesPerStep = 500;

export class ValueIndex {
  /** Distinct folded texts; everything else refers to them by position. */
  readonly #texts: string[] = [];
  readonly #numbers = new Map<string, number>();
  /** Per folded text: pairs of column position and stored spelling. */
  readonly #places: [column: number, value: string][][] = [];
  readonly #trigrams = new TrigramIndex();
  readonly #columns: ColumnValues[] = [];

  private constructor() {}

  /** Made at once: 100,000 values take about half a second. */
  static build(columns: readonly ColumnValues[], limits: ValueLimits = defaultValueLimits): ValueIndex {
    const steps = ValueIndex.steps(columns, limits);
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
    }
  }

  /** Made in steps of a few milliseconds, for a thread that has other things to do as well. */
  static *steps(columns: readonly ColumnValues[], limits: ValueLimits = defaultValueLimits): Generator<undefined, ValueIndex> {
    const index = new ValueIndex();
    let left = limits.total;
    for (const column of columns) {
      const kept = bounded(column, limits, left);
      const at = index.#columns.push(kept) - 1;
      for (let value = 0; value < kept.values.length; value++) {
        const text = kept.values[value] ?? '';
        left -= text.length;
        index.#add(at, text);
        if (value % valuesPerStep === valuesPerStep - 1) yield undefined;
      }
      yield undefined;
    }
    index.#trigrams.finish();
    return index;
  }

  /** What is held of each column, and whether that is all of it. */
  get columns(): readonly ColumnValues[] {
    return this.#columns;
  }

  /** Values held, counted once per column. */
  get size(): number {
    return this.columns.reduce((sum, column) => sum + column.values.length, 0);
  }

  /** Best first, at most `limit`; empty for a blank or very long mention. */
  find(mention: string, limit: number): readonly ValueMatch[] {
    const wanted = mention.trim();
    if (wanted === '' || wanted.length > longestMention || limit <= 0) return [];
    const folded = foldText(wanted);
    const found: ValueMatch[] = [];
    const own = this.#numbers.get(folded);
    if (own !== undefined) this.#collect(own, (value) => sameTextScore(value, wanted), found);
    if (found.length < limit) this.#findSimilar(folded, own, limit, found);
    return found.sort((a, b) => b.score - a.score || a.value.length - b.value.length).slice(0, limit);
  }

  #findSimilar(folded: string, own: number | undefined, limit: number, found: ValueMatch[]): void {
    const buckets = trigramBuckets(folded);
    const ofSlip = Math.max(1, buckets.length - slipTrigrams);
    const least = Math.max(1, Math.min(Math.floor(buckets.length * leastSimilarity), ofSlip));
    const rated: { text: number; score: number }[] = [];
    this.#trigrams.visitSharing(buckets, least, (text, shared) => {
      if (text === own) return;
      const dice = (0.9 * 2 * shared) / (buckets.length + this.#trigrams.size(text));
      const score = shared >= ofSlip ? Math.max(dice, slipScore(folded, this.#texts[text] ?? '')) : dice;
      if (score >= leastSimilarity) rated.push({ text, score });
    });
    rated.sort((a, b) => b.score - a.score || a.text - b.text);
    for (const { text, score } of rated.slice(0, limit)) this.#collect(text, () => score, found);
  }

  #collect(text: number, score: (value: string) => number, found: ValueMatch[]): void {
    for (const [at, value] of this.#places[text] ?? []) {
      const column = this.columns[at];
      if (column) found.push({ table: column.table, column: column.column, value, score: score(value) });
    }
  }

  #add(column: number, value: string): void {
    const folded = foldText(value);
    let number = this.#numbers.get(folded);
    if (number === undefined) {
      number = this.#texts.push(folded) - 1;
      this.#numbers.set(folded, number);
      this.#places.push([]);
      this.#trigrams.add(folded);
    }
    this.#places[number]?.push([column, value]);
  }
}

/** Without case, accents and repeated blanks. */
export function foldText(text: string): string {
  const plain = text.trim().replace(/\s+/g, ' ').toLowerCase();
  return /^[\u0000-\u007f]*$/.test(plain)
    ? plain
    : plain
        .normalize('NFD')
        .replace(/\p{M}+/gu, '')
        .normalize('NFC');
}

function sameTextScore(value: string, mention: string): number {
  if (value === mention) return scores.exact;
  return value.trim().toLowerCase() === mention.toLowerCase() ? scores.otherCase : scores.otherAccents;
}

/** 1 - 1/length, above every mere likeness of the same length; 0 when the texts are further apart. */
function slipScore(a: string, b: string): number {
  return isOneEdit(a, b) ? Math.min(0.93, 1 - 1 / Math.max(2, a.length, b.length)) : 0;
}

/** `left` is what remains of the limit over all columns. */
function bounded(column: ColumnValues, limits: ValueLimits, left: number): ColumnValues {
  const values: string[] = [];
  let complete = column.complete;
  let room = left;
  for (const value of new Set(column.values)) {
    if (value.trim() === '') continue;
    if (value.length > limits.valueLength || values.length >= limits.perColumn || value.length > room) {
      complete = false;
      continue;
    }
    room -= value.length;
    values.push(value);
  }
  return { table: column.table, column: column.column, values, complete };
}
