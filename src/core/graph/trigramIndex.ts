/**
 * Texts by their trigrams, in flat arrays: no object per text or trigram, so that 100,000 values cost a few megabytes. Trigrams
 * share hash buckets; a collision only adds a candidate, which the caller compares anyway.
 */

const buckets = 1 << 17;

/** Bucket numbers of a text, padded by two marks on both sides so that beginnings and ends weigh more; each bucket once. */
export function trigramBuckets(text: string): Uint32Array {
  const padded = `\u0001\u0001${text}\u0001\u0001`;
  const found = new Uint32Array(padded.length - 2);
  for (let at = 0; at + 2 < padded.length; at++) {
    const code = Math.imul(Math.imul(padded.charCodeAt(at), 0x01000193) ^ padded.charCodeAt(at + 1), 0x85ebca6b) ^ Math.imul(padded.charCodeAt(at + 2), 0x9e3779b1);
    found[at] = ((code ^ (code >>> 15)) >>> 0) % buckets;
  }
  found.sort();
  let size = 0;
  for (let at = 0; at < found.length; at++) if (at === 0 || found[at] !== found[at - 1]) found[size++] = found[at] ?? 0;
  return found.subarray(0, size);
}

export interface SharedTrigrams {
  /** Number of the text. */
  readonly text: number;
  readonly shared: number;
}

export class TrigramIndex {
  /** Where each bucket's list begins in `#lists`. */
  readonly #starts = new Uint32Array(buckets + 1);
  readonly #lists: Uint32Array;
  readonly #sizes: Uint16Array;

  constructor(texts: readonly string[]) {
    this.#sizes = new Uint16Array(texts.length);
    const all = texts.map((text) => trigramBuckets(text));
    all.forEach((list, text) => {
      this.#sizes[text] = list.length;
      for (const bucket of list) this.#starts[bucket + 1] = (this.#starts[bucket + 1] ?? 0) + 1;
    });
    for (let bucket = 1; bucket <= buckets; bucket++) this.#starts[bucket] = (this.#starts[bucket] ?? 0) + (this.#starts[bucket - 1] ?? 0);
    this.#lists = new Uint32Array(this.#starts[buckets] ?? 0);
    const next = this.#starts.slice();
    all.forEach((list, text) => {
      for (const bucket of list) {
        const at = next[bucket] ?? 0;
        this.#lists[at] = text;
        next[bucket] = at + 1;
      }
    });
  }

  /** Distinct trigrams of a text. */
  size(text: number): number {
    return this.#sizes[text] ?? 0;
  }

  /** Texts that share at least `least` of the given buckets, in no particular order. */
  candidates(list: Uint32Array, least: number): readonly SharedTrigrams[] {
    const counts = new Uint16Array(this.#sizes.length);
    const touched: number[] = [];
    for (const bucket of list) {
      const end = this.#starts[bucket + 1] ?? 0;
      for (let at = this.#starts[bucket] ?? 0; at < end; at++) {
        const text = this.#lists[at] ?? 0;
        const count = counts[text] ?? 0;
        if (count === 0) touched.push(text);
        counts[text] = count + 1;
      }
    }
    return touched.flatMap((text) => ((counts[text] ?? 0) >= least ? [{ text, shared: counts[text] ?? 0 }] : []));
  }
}
