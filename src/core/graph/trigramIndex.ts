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
    const code =
      Math.imul(Math.imul(padded.charCodeAt(at), 0x01000193) ^ padded.charCodeAt(at + 1), 0x85ebca6b) ^
      Math.imul(padded.charCodeAt(at + 2), 0x9e3779b1);
    found[at] = ((code ^ (code >>> 15)) >>> 0) % buckets;
  }
  found.sort();
  let size = 0;
  for (let at = 0; at < found.length; at++) if (at === 0 || found[at] !== found[at - 1]) found[size++] = found[at] ?? 0;
  return found.subarray(0, size);
}

/** Filled by `add`, searched after `finish`. */
export class TrigramIndex {
  /** Where each bucket's list begins in `#lists`. */
  readonly #starts = new Uint32Array(buckets + 1);
  #lists = new Uint32Array(0);
  readonly #sizes: number[] = [];
  /** Shared trigrams per text during one search; all zero between searches. */
  #counts = new Uint16Array(0);
  /** Buckets of all texts one after the other, until `finish`. */
  #pending = new Uint32Array(1024);
  #filled = 0;

  /** Texts are numbered in the order in which they come, from 0. */
  add(text: string): void {
    const list = trigramBuckets(text);
    this.#sizes.push(list.length);
    if (this.#filled + list.length > this.#pending.length) {
      const grown = new Uint32Array(2 * (this.#pending.length + list.length));
      grown.set(this.#pending);
      this.#pending = grown;
    }
    this.#pending.set(list, this.#filled);
    this.#filled += list.length;
    for (const bucket of list) this.#starts[bucket + 1] = (this.#starts[bucket + 1] ?? 0) + 1;
  }

  /** Sorts by counting; nothing may be added afterwards. */
  finish(): void {
    for (let bucket = 1; bucket <= buckets; bucket++) this.#starts[bucket] = (this.#starts[bucket] ?? 0) + (this.#starts[bucket - 1] ?? 0);
    this.#lists = new Uint32Array(this.#filled);
    this.#counts = new Uint16Array(this.#sizes.length);
    const next = this.#starts.slice();
    let from = 0;
    this.#sizes.forEach((size, text) => {
      for (let at = from; at < from + size; at++) {
        const bucket = this.#pending[at] ?? 0;
        const place = next[bucket] ?? 0;
        this.#lists[place] = text;
        next[bucket] = place + 1;
      }
      from += size;
    });
    this.#pending = new Uint32Array(0);
  }

  /** Distinct trigrams of a text. */
  size(text: number): number {
    return this.#sizes[text] ?? 0;
  }

  /** Visits every text that shares at least `least` (1 or more) of the given buckets, in no particular order. */
  visitSharing(list: Uint32Array, least: number, visit: (text: number, shared: number) => void): void {
    const counts = this.#counts;
    const touched: number[] = [];
    const rareFirst = [...list].sort((a, b) => this.#length(a) - this.#length(b));
    // A text that shares enough has at least one of the rarest: the common buckets only add to what those have found.
    const finding = list.length - least + 1;
    rareFirst.forEach((bucket, at) => {
      const end = this.#starts[bucket + 1] ?? 0;
      for (let place = this.#starts[bucket] ?? 0; place < end; place++) {
        const text = this.#lists[place] ?? 0;
        const count = counts[text] ?? 0;
        if (count > 0) counts[text] = count + 1;
        else if (at < finding) {
          counts[text] = 1;
          touched.push(text);
        }
      }
    });
    for (const text of touched) {
      const shared = counts[text] ?? 0;
      counts[text] = 0;
      if (shared >= least) visit(text, shared);
    }
  }

  #length(bucket: number): number {
    return (this.#starts[bucket + 1] ?? 0) - (this.#starts[bucket] ?? 0);
  }
}
