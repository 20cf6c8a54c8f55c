/**
 * Decodes one greedy answer and any number of samples as a tree: answers that begin alike are evaluated once, and a
 * sequence is copied only where they part. All branches go through the model in one batch a step. It stops between
 * steps, never inside one.
 */
import { type Token } from 'node-llama-cpp';
import { type Candidate } from '../protocol/modelProcess.js';
import { type CandidateTally } from './candidateTally.js';
import { type AllowedToken, drawSamples, type RandomSource } from './drawSamples.js';
import { type ForcedTokens, type Guide, type GuideState } from './guide.js';
import { type Distribution, type KvSlot, type KvSlots } from './kvSlots.js';
import { type StopSignal } from './stopSignal.js';

export interface DecodeJob {
  readonly guide: Guide;
  readonly slots: KvSlots;
  /** The whole prompt; all but its last token are already in `slot`. */
  readonly prompt: readonly Token[];
  readonly slot: KvSlot;
  readonly samples: number;
  readonly temperature: number;
  readonly maxTokens: number;
  readonly random: RandomSource;
  readonly stop: StopSignal;
  readonly tally: CandidateTally;
  readonly useForced: boolean;
  /** Called between steps, so that more urgent requests can go first. */
  readonly giveWay: () => Promise<void>;
  readonly now: () => number;
}

export interface DecodeCounts {
  evaluatedTokens: number;
  sampledTokens: number;
  forcedTokens: number;
  grammarMs: number;
}

interface Leaf {
  readonly state: GuideState;
  /** Tokens of the answer so far. */
  readonly tokens: readonly Token[];
  readonly greedy: boolean;
  readonly samples: number;
  readonly logProbability: number;
  readonly sampled: number;
  readonly forced: number;
  /** Undefined while no sequence is free for it. */
  readonly slot: KvSlot | undefined;
}

interface Child {
  readonly verdict: GuideState | 'end';
  readonly token: Token;
  readonly logProbability: number;
  greedy: boolean;
  samples: number;
}

export class TreeDecoder {
  readonly counts: DecodeCounts = { evaluatedTokens: 0, sampledTokens: 0, forcedTokens: 0, grammarMs: 0 };
  #leaves: Leaf[];
  /** Slots taken for branches; the prompt's own slot belongs to the caller. */
  readonly #taken = new Set<KvSlot>();

  constructor(private readonly job: DecodeJob) {
    this.#leaves = [
      { state: job.guide.start, tokens: [], greedy: true, samples: job.samples, logProbability: 0, sampled: 0, forced: 0, slot: job.slot },
    ];
  }

  async run(): Promise<void> {
    try {
      this.#leaves = this.#leaves.flatMap((leaf) => this.#settle(leaf));
      while (this.#leaves.length > 0) {
        await this.job.giveWay();
        if (this.job.stop.reason !== undefined) break;
        await this.#step();
      }
      this.#abandon();
    } finally {
      for (const slot of this.#taken) this.job.slots.release(slot);
    }
  }

  async #step(): Promise<void> {
    const ready: { leaf: Leaf; slot: KvSlot }[] = [];
    const waiting: Leaf[] = [];
    for (const leaf of this.#leaves) {
      const slot = leaf.slot ?? (await this.#place(leaf));
      if (slot) ready.push({ leaf, slot });
      else waiting.push(leaf);
    }
    const distributions = await Promise.all(ready.map(({ leaf, slot }) => this.#evaluate(leaf, slot)));
    const grown: Leaf[] = [];
    for (const [index, { leaf, slot }] of ready.entries()) {
      const distribution = distributions[index];
      if (distribution) grown.push(...(await this.#grow(leaf, slot, distribution)));
    }
    this.#leaves = [...grown.flatMap((leaf) => this.#settle(leaf)), ...waiting].sort((left, right) => Number(right.greedy) - Number(left.greedy));
    this.#releaseIdle();
  }

  #evaluate(leaf: Leaf, slot: KvSlot): Promise<Distribution> {
    const whole = [...this.job.prompt, ...leaf.tokens];
    const todo = whole.slice(slot.tokens.length);
    this.counts.evaluatedTokens += todo.length;
    return slot.appendForNext(todo);
  }

  async #place(leaf: Leaf): Promise<KvSlot | undefined> {
    const slot = await this.job.slots.take([...this.job.prompt, ...leaf.tokens]);
    if (slot) this.#taken.add(slot);
    return slot;
  }

  /** The children of a leaf whose distribution is known. The first keeps the leaf's sequence, the others wait for their own. */
  async #grow(leaf: Leaf, slot: KvSlot, distribution: Distribution): Promise<Leaf[]> {
    let { allowed, verdicts } = this.#judge(leaf, distribution);
    let seen = distribution;
    if (allowed.length === 0) {
      const only = this.job.guide.allowedTokens(leaf.state);
      seen = await slot.widen(only as readonly Token[] | undefined);
      this.counts.evaluatedTokens++;
      ({ allowed, verdicts } = this.#judge(leaf, seen));
    }
    if (allowed.length === 0) {
      this.#finish(leaf, 'stop');
      return [];
    }
    const children = this.#draw(leaf, allowed, verdicts, logOfSum(distribution.logits));
    this.counts.sampledTokens += children.length;
    const grown: Leaf[] = [];
    for (const child of children) {
      const next = this.#childLeaf(leaf, child, grown.length === 0 ? slot : undefined);
      if (next) grown.push(next);
    }
    return grown;
  }

  #judge(leaf: Leaf, distribution: Distribution): { allowed: AllowedToken[]; verdicts: (GuideState | 'end')[] } {
    const start = this.job.now();
    const allowed: AllowedToken[] = [];
    const verdicts: (GuideState | 'end')[] = [];
    // A greedy branch needs the first allowed token only; a sampled one all that have a chance to be drawn.
    const floor = leaf.samples === 0 || this.job.temperature <= 0 ? 0 : Math.log(leastChance) * this.job.temperature;
    for (const [index, token] of distribution.tokens.entries()) {
      const logit = distribution.logits[index] ?? -Infinity;
      const first = allowed[0];
      if (first && logit - first.logit < floor) break;
      if (first && floor === 0) break;
      const verdict = this.job.guide.step(leaf.state, token);
      if (verdict === undefined) continue;
      allowed.push({ token, logit });
      verdicts.push(verdict);
    }
    this.counts.grammarMs += this.job.now() - start;
    return { allowed, verdicts };
  }

  #draw(leaf: Leaf, allowed: readonly AllowedToken[], verdicts: readonly (GuideState | 'end')[], logTotal: number): Child[] {
    const counts = drawSamples(allowed, leaf.samples, this.job.temperature, this.job.random);
    const children: Child[] = [];
    for (const [index, { token, logit }] of allowed.entries()) {
      const samples = counts[index] ?? 0;
      const greedy = leaf.greedy && index === 0;
      const verdict = verdicts[index];
      if ((samples > 0 || greedy) && verdict !== undefined)
        children.push({ verdict, token: token as Token, logProbability: Math.min(0, logit - logTotal), greedy, samples });
    }
    return children.sort((left, right) => Number(right.greedy) - Number(left.greedy) || right.samples - left.samples);
  }

  #childLeaf(leaf: Leaf, child: Child, slot: KvSlot | undefined): Leaf | undefined {
    const grown = {
      ...leaf,
      greedy: child.greedy,
      samples: child.samples,
      logProbability: leaf.logProbability + child.logProbability,
      sampled: leaf.sampled + 1,
      slot,
    };
    if (child.verdict !== 'end') return { ...grown, state: child.verdict, tokens: [...leaf.tokens, child.token] };
    this.#finish(grown, 'stop');
    return undefined;
  }

  /** Follows what is forced and ends what is final: zero or one leaf. */
  #settle(leaf: Leaf): Leaf[] {
    const { guide } = this.job;
    const forced = this.#forcedOf(leaf.state);
    const settled: Leaf =
      forced.tokens.length === 0
        ? leaf
        : { ...leaf, state: forced.state, tokens: [...leaf.tokens, ...(forced.tokens as readonly Token[])], forced: leaf.forced + forced.tokens.length };
    this.counts.forcedTokens += forced.tokens.length;
    if (guide.isFinal(settled.state)) this.#finish(settled, settled.state.place === undefined ? 'stop' : 'grammar');
    else if (settled.tokens.length >= this.job.maxTokens) this.#finish(settled, 'length');
    else return [settled];
    return [];
  }

  #forcedOf(state: GuideState): ForcedTokens {
    if (!this.job.useForced) return { tokens: [], state };
    const start = this.job.now();
    const forced = this.job.guide.forced(state);
    this.counts.grammarMs += this.job.now() - start;
    return forced;
  }

  #finish(leaf: Leaf, finish: Candidate['finish']): void {
    this.job.tally.add({
      text: this.job.guide.answer(leaf.state),
      count: leaf.samples + Number(leaf.greedy),
      greedy: leaf.greedy,
      logProbability: leaf.logProbability,
      sampledTokens: leaf.sampled,
      forcedTokens: leaf.forced,
      finish,
    });
  }

  /** Without any finished answer the greedy beginning is handed back, so that a deadline is not left empty-handed. */
  #abandon(): void {
    const { reason } = this.job.stop;
    const greedy = this.#leaves.find((leaf) => leaf.greedy);
    if (this.job.tally.isEmpty && greedy && (reason === 'cancelled' || reason === 'deadline')) this.#finish({ ...greedy, samples: 0 }, reason);
  }

  #releaseIdle(): void {
    const used = new Set(this.#leaves.map(({ slot }) => slot));
    for (const slot of [...this.#taken]) {
      if (used.has(slot)) continue;
      this.job.slots.release(slot);
      this.#taken.delete(slot);
    }
  }
}

/** Tokens this much less likely than the best allowed one, at the temperature, are never drawn. */
const leastChance = 1e-3;

function logOfSum(logits: readonly number[]): number {
  const top = logits[0] ?? 0;
  return top + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - top), 0));
}
