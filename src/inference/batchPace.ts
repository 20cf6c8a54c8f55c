/** How many tokens go through the model at once: few enough to be interrupted, enough to be fast. */

export interface PaceFacts {
  /** Tokens that one batch may have. */
  readonly largest: number;
  readonly threads: number;
  readonly onGpu: boolean;
  /** Width of the model's rows: quantised blocks of 256 have fast kernels for several tokens, other widths do not. */
  readonly rowWidth: number;
}

/** Computing must stop within 250 ms of a cancel: this leaves room for a slower batch. */
const targetMs = 150;
/** Unknown machines begin small: a batch of 32 takes half a second on one slow core. */
const firstSize = 16;
/** Smaller batches take almost as long as this one. */
const leastSize = 16;
const fastBlock = 256;

export class BatchPace {
  #size: number;
  /** Up to so many tokens it is faster to evaluate one after the other; measured on the 0.5B (width 896) and 1.5B (1,536). */
  readonly singlesUpTo: number;

  constructor(
    private readonly facts: PaceFacts,
    private readonly now: () => number,
  ) {
    this.#size = Math.min(firstSize, facts.largest);
    this.singlesUpTo = facts.onGpu || facts.rowWidth % fastBlock === 0 ? 1 : facts.threads === 1 ? 6 : 2;
  }

  get size(): number {
    return this.#size;
  }

  /** `run` evaluates at most that many tokens and returns how many it did. */
  async measure(run: (size: number) => Promise<number>): Promise<void> {
    const start = this.now();
    const done = await run(this.#size);
    const ms = Math.max(1, this.now() - start);
    if (done < this.#size) return;
    const fitting = Math.floor((this.#size * targetMs) / ms / leastSize) * leastSize;
    this.#size = Math.max(leastSize, Math.min(this.facts.largest, fitting, this.#size * 2));
  }
}
