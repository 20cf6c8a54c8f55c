/**
 * The sequences of one context as slots that remember their tokens. A slot is taken for a list of tokens and comes with
 * as much of it evaluated as any slot had; what a slot was marked to keep (a prompt prefix) survives until room is needed.
 * Evaluates tokens; it neither samples nor knows grammars.
 */
import { type LlamaContext, type LlamaContextSequence, type Token } from 'node-llama-cpp';
import { copySequenceState } from './copySequenceState.js';
import { type Distribution, type NeedMore, type NextTokens } from './nextTokens.js';

export class KvSlot {
  readonly tokens: Token[] = [];
  /** How many tokens at the front are worth keeping when the slot is free. */
  kept = 0;
  busy = false;
  lastUsed = 0;

  constructor(
    readonly id: number,
    readonly sequence: LlamaContextSequence,
    private readonly nextTokens: NextTokens,
  ) {}

  /** Forgets everything behind the first `length` tokens. */
  async cutTo(length: number): Promise<void> {
    if (length >= this.tokens.length) return;
    await this.sequence.eraseContextTokenRanges([{ start: length, end: this.tokens.length }]);
    this.tokens.length = length;
    this.kept = Math.min(this.kept, length);
  }

  /** True while a copy into this slot has not been carried out: nothing may be loaded into it. */
  pendingCopy = false;

  async append(tokens: readonly Token[]): Promise<void> {
    if (tokens.length === 0) return;
    this.pendingCopy = false;
    await this.nextTokens.append(this.sequence, tokens);
    this.tokens.push(...tokens);
  }

  /** Evaluates `tokens` (at least one) and returns what may follow the last of them. */
  async appendForNext(tokens: readonly Token[], needMore: NeedMore): Promise<Distribution> {
    this.pendingCopy = false;
    const next = await this.nextTokens.read(this.sequence, tokens, needMore);
    this.tokens.push(...tokens);
    return next;
  }

  async clear(): Promise<void> {
    this.tokens.length = 0;
    this.kept = 0;
    await this.sequence.clearHistory();
  }

  async save(file: string): Promise<void> {
    await this.sequence.saveStateToFile(file);
  }

  /** The file must come from the same model: the caller ties its name to it. */
  async load(file: string): Promise<void> {
    this.kept = 0;
    await this.sequence.loadStateFromFile(file, { acceptRisk: true });
    this.tokens.splice(0, this.tokens.length, ...this.sequence.contextTokens);
  }
}

export class KvSlots {
  readonly #slots: KvSlot[];
  #clock = 0;

  constructor(context: LlamaContext, nextTokens: NextTokens) {
    this.#slots = Array.from({ length: context.totalSequences }, (_, id) => new KvSlot(id, context.getSequence(), nextTokens));
  }

  get free(): number {
    return this.#slots.filter(({ busy }) => !busy).length;
  }

  /**
   * A slot whose tokens are a front part of `tokens`, the longest that can be had by reuse or by copying, but never all of
   * them: the last one must be evaluated to see what follows. Undefined when all slots are busy. With `copying` false nothing is
   * copied: llama.cpp carries a copy between sequences out with the next evaluation only, over a state that was loaded in between.
   */
  async take(tokens: readonly Token[], copying = true): Promise<KvSlot | undefined> {
    const free = this.#slots.filter(({ busy }) => !busy);
    const own = best(free, tokens);
    if (!own) return undefined;
    const source = best(this.#slots, tokens) ?? own;
    // A free slot that keeps another prompt's prefix is not overwritten while an empty one is there.
    const target = common(own, tokens) >= common(source, tokens) && !losesPrefix(own, tokens) ? own : this.#leastUseful(free);
    target.busy = true;
    target.lastUsed = ++this.#clock;
    const shared = Math.min(common(source, tokens), tokens.length - 1);
    if (target === source) await target.cutTo(shared);
    else await this.#fill(target, source, copying ? shared : 0);
    return target;
  }

  async #fill(target: KvSlot, source: KvSlot, length: number): Promise<void> {
    target.kept = 0;
    if (length > 0) target.pendingCopy = true;
    if (length > 0 && (await copySequenceState(source.sequence, target.sequence, length))) {
      target.tokens.splice(0, target.tokens.length, ...source.tokens.slice(0, length));
      return;
    }
    await target.sequence.clearHistory();
    target.tokens.length = 0;
  }

  /** How many of `tokens` some slot begins with. */
  longest(tokens: readonly Token[]): number {
    return Math.max(0, ...this.#slots.map((slot) => common(slot, tokens)));
  }

  /** Frees a slot; the first `keep` tokens stay for a later question. */
  release(slot: KvSlot, keep = 0): void {
    slot.kept = Math.min(Math.max(keep, slot.kept), slot.tokens.length);
    slot.busy = false;
    slot.lastUsed = ++this.#clock;
  }

  #leastUseful(free: readonly KvSlot[]): KvSlot {
    const byUse = [...free].sort((left, right) => Number(left.kept > 0) - Number(right.kept > 0) || left.lastUsed - right.lastUsed);
    const first = byUse[0];
    if (!first) throw new RangeError('no free slot');
    return first;
  }
}

function best(slots: readonly KvSlot[], tokens: readonly Token[]): KvSlot | undefined {
  let found: KvSlot | undefined;
  let length = -1;
  for (const slot of slots) {
    const shared = common(slot, tokens);
    if (shared > length || (shared === length && found && slot.kept < found.kept)) [found, length] = [slot, shared];
  }
  return found;
}

/** True when using the slot for `tokens` would drop a kept prefix. */
function losesPrefix(slot: KvSlot, tokens: readonly Token[]): boolean {
  return slot.kept > common(slot, tokens);
}

export function common(slot: KvSlot, tokens: readonly Token[]): number {
  let length = 0;
  while (length < slot.tokens.length && length < tokens.length && slot.tokens[length] === tokens[length]) length++;
  return length;
}
