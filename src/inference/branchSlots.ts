/** The sequences of one request's branches: an idle one of its own is cut back and used again before another is copied. */
import { type Token } from 'node-llama-cpp';
import { common, type KvSlot, type KvSlots } from './kvSlots.js';

export class BranchSlots {
  readonly #own: Set<KvSlot>;
  #used: ReadonlySet<KvSlot> = new Set();

  /** `first` holds the prompt and belongs to the caller, who releases it. */
  constructor(
    private readonly slots: KvSlots,
    private readonly first: KvSlot,
    private readonly prompt: readonly Token[],
  ) {
    this.#own = new Set([first]);
  }

  /** The slots that branches hold; the other own ones are idle. */
  markUsed(used: readonly KvSlot[]): void {
    this.#used = new Set(used);
  }

  /** A slot that holds as much of prompt and answer as can be had; undefined when all sequences are busy. */
  async place(answer: readonly Token[]): Promise<KvSlot | undefined> {
    const whole = [...this.prompt, ...answer];
    const idle = [...this.#own]
      .filter((slot) => !this.#used.has(slot))
      .sort((left, right) => common(right, whole) - common(left, whole))[0];
    const slot =
      idle && common(idle, whole) >= Math.min(this.prompt.length - 1, this.first.tokens.length) ? idle : await this.slots.take(whole);
    if (!slot) return undefined;
    if (slot === idle) await slot.cutTo(Math.min(common(slot, whole), whole.length - 1));
    this.#own.add(slot);
    this.#used = new Set([...this.#used, slot]);
    return slot;
  }

  release(): void {
    for (const slot of this.#own) if (slot !== this.first) this.slots.release(slot);
  }
}
