/**
 * Decodes one greedy answer and any number of samples as a tree: answers that begin alike are evaluated once, and a
 * sequence is copied only where they part. The greedy branch and one that may hold the majority go first, alone, since
 * their answer may end the rest; the others go through the model together. It stops between steps, never inside one.
 */
import { type Token } from 'node-llama-cpp';
import { type Candidate } from '../protocol/modelProcess.js';
import { BranchSlots } from './branchSlots.js';
import { type CandidateTally } from './candidateTally.js';
import { type AllowedToken, drawSamples, type RandomSource } from './drawSamples.js';
import { type ForcedTokens, type Guide, type GuideState } from './guide.js';
import { type KvSlot, type KvSlots } from './kvSlots.js';
import { type Distribution } from './nextTokens.js';
import { type BatchPace } from './batchPace.js';
import { type StopSignal } from './stopSignal.js';

export interface DecodeJob {
  readonly guide: Guide;
  readonly slots: KvSlots;
  /** The whole prompt; `slot` holds its beginning, all but at most one batch. */
  readonly prompt: readonly Token[];
  readonly slot: KvSlot;
  /** Whether the likeliest answer is wanted beside the samples. */
  readonly greedy: boolean;
  readonly samples: number;
  readonly temperature: number;
  readonly maxTokens: number;
  readonly random: RandomSource;
  readonly stop: StopSignal;
  readonly tally: CandidateTally;
  readonly pace: BatchPace;
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
  /** Undefined until it is its turn and a sequence is free for it. */
  readonly slot: KvSlot | undefined;
}

interface ReadyLeaf {
  readonly leaf: Leaf;
  readonly slot: KvSlot;
}

/** What may follow a leaf, best first, and the logarithm of the likeliest tokens' summed weight. */
interface Choice {
  readonly allowed: readonly AllowedToken[];
  readonly verdicts: readonly (GuideState | 'end')[];
  readonly logTotal: number;
}

/** Tokens this much less likely than the best allowed one are never drawn (min-p, https://arxiv.org/abs/2407.01082, at llama.cpp's default). */
const leastChance = 0.05;
const leastChanceAlone = 0.0005;
/** Branches that go through the model together. */
const mostTogether = 8;

export class TreeDecoder {
  readonly counts: DecodeCounts = { evaluatedTokens: 0, sampledTokens: 0, forcedTokens: 0, grammarMs: 0 };
  readonly #slots: BranchSlots;
  #leaves: Leaf[];

  constructor(private readonly job: DecodeJob) {
    this.#slots = new BranchSlots(job.slots, job.slot, job.prompt);
    const { greedy, samples, slot } = job;
    this.#leaves = [{ state: job.guide.start, tokens: [], greedy, samples, logProbability: 0, sampled: 0, forced: 0, slot }];
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
      this.#slots.release();
    }
  }

  async #step(): Promise<void> {
    this.#slots.markUsed(this.#leaves.flatMap(({ slot }) => (slot ? [slot] : [])));
    const ready = await this.#place(this.#chooseLeaves());
    const choices = await this.#evaluate(ready);
    if (!choices) return;
    const taken = new Set(ready.map(({ leaf }) => leaf));
    const grown = ready.flatMap(({ leaf, slot }, index) => (choices[index] ? this.#grow(leaf, slot, choices[index]) : []));
    const waiting = this.#leaves.filter((leaf) => !taken.has(leaf));
    this.#leaves = [...grown.flatMap((leaf) => this.#settle(leaf)), ...waiting].sort((left, right) => weight(right) - weight(left));
  }

  /** The leader alone, or all together when there is none. */
  #chooseLeaves(): readonly Leaf[] {
    const greedy = this.#leaves.find((leaf) => leaf.greedy);
    const majority = this.#leaves.find((leaf) => leaf.samples * 2 > this.job.samples + 1);
    const leader = greedy ?? majority;
    return leader ? [leader] : this.#leaves.slice(0, mostTogether);
  }

  /** Leaves without a sequence get one; when none of the chosen has any, those that have one go first. */
  async #place(chosen: readonly Leaf[]): Promise<readonly ReadyLeaf[]> {
    const ready: ReadyLeaf[] = [];
    for (const leaf of chosen) {
      const slot = leaf.slot ?? (await this.#slots.place(leaf.tokens));
      if (slot) ready.push({ leaf, slot });
    }
    return ready.length > 0 ? ready : this.#leaves.flatMap((leaf) => (leaf.slot ? [{ leaf, slot: leaf.slot }] : []));
  }

  /** Undefined when stopped on the way. The last tokens of all leaves make one batch of equal parts. */
  async #evaluate(ready: readonly ReadyLeaf[]): Promise<readonly Choice[] | undefined> {
    const { pace, prompt } = this.job;
    const alone = ready.length === 1;
    for (const { leaf, slot } of ready) {
      const end = prompt.length + leaf.tokens.length;
      while (slot.tokens.length < end - 1) {
        const missing = end - slot.tokens.length;
        const size = missing <= pace.singlesUpTo ? 1 : Math.min(pace.size, missing);
        if (alone && size === missing) break;
        if (this.job.stop.reason !== undefined) return undefined;
        const batch = this.#tokensOf(leaf, slot.tokens.length, Math.min(slot.tokens.length + size, end - 1));
        this.counts.evaluatedTokens += batch.length;
        await slot.append(batch);
      }
    }
    return Promise.all(ready.map(({ leaf, slot }) => this.#choose(leaf, slot)));
  }

  async #choose(leaf: Leaf, slot: KvSlot): Promise<Choice> {
    const { guide } = this.job;
    const tokens = this.#tokensOf(leaf, slot.tokens.length, this.job.prompt.length + leaf.tokens.length);
    this.counts.evaluatedTokens += tokens.length;
    let judged: Pick<Choice, 'allowed' | 'verdicts'> = { allowed: [], verdicts: [] };
    let logTotal: number | undefined;
    const last = await slot.appendForNext(tokens, (top) => {
      logTotal = logOfSum(top.logits);
      judged = this.#judge(leaf, top);
      return judged.allowed.length > 0 ? undefined : (guide.allowedTokens(leaf.state) ?? 'all');
    });
    if (judged.allowed.length === 0) judged = this.#judge(leaf, last);
    return { ...judged, logTotal: logTotal ?? logOfSum(last.logits) };
  }

  #tokensOf(leaf: Leaf, from: number, to: number): readonly Token[] {
    const start = this.job.prompt.length;
    return [...this.job.prompt.slice(from, to), ...leaf.tokens.slice(Math.max(0, from - start), Math.max(0, to - start))];
  }

  #judge(leaf: Leaf, distribution: Distribution): Pick<Choice, 'allowed' | 'verdicts'> {
    const start = this.job.now();
    const allowed: AllowedToken[] = [];
    const verdicts: (GuideState | 'end')[] = [];
    // A greedy branch needs the first allowed token only; a sampled one all that have a chance to be drawn.
    const onlyFirst = leaf.samples === 0 || this.job.temperature <= 0;
    // What is learnt from one's own answers has to hold unlikely ones, too.
    const floor = Math.log(this.job.greedy ? leastChance : leastChanceAlone);
    for (const [index, token] of distribution.tokens.entries()) {
      const logit = distribution.logits[index] ?? -Infinity;
      const first = allowed[0];
      if (first && (onlyFirst || logit - first.logit < floor)) break;
      const verdict = this.job.guide.step(leaf.state, token);
      if (verdict === undefined) continue;
      allowed.push({ token, logit });
      verdicts.push(verdict);
    }
    this.counts.grammarMs += this.job.now() - start;
    return { allowed, verdicts };
  }

  /** The children of a leaf. The greediest and heaviest keeps its sequence, the others wait for their own. */
  #grow(leaf: Leaf, slot: KvSlot, choice: Choice): Leaf[] {
    const drawn = drawSamples(choice.allowed, leaf.samples, this.job.temperature, this.job.random);
    const children: Leaf[] = [];
    for (const [index, { token, logit }] of choice.allowed.entries()) {
      const samples = drawn[index] ?? 0;
      const greedy = leaf.greedy && index === 0;
      const verdict = choice.verdicts[index];
      if (verdict === undefined || (samples === 0 && !greedy)) continue;
      const logProbability = leaf.logProbability + Math.min(0, logit - choice.logTotal);
      const child: Leaf = { ...leaf, greedy, samples, logProbability, sampled: leaf.sampled + 1, slot: undefined };
      if (verdict === 'end') this.#finish(child, 'stop');
      else children.push({ ...child, state: verdict, tokens: [...leaf.tokens, token as Token] });
      this.counts.sampledTokens++;
    }
    if (choice.allowed.length === 0) this.#finish(leaf, 'stop');
    const [heir, ...others] = children.sort((left, right) => weight(right) - weight(left));
    return heir ? [{ ...heir, slot }, ...others] : [];
  }

  /** Follows what is forced and ends what is final: zero or one leaf. */
  #settle(leaf: Leaf): Leaf[] {
    const forced = this.#forcedOf(leaf.state);
    const tokens = [...leaf.tokens, ...(forced.tokens as readonly Token[])];
    const settled: Leaf =
      forced.tokens.length === 0 ? leaf : { ...leaf, state: forced.state, tokens, forced: leaf.forced + forced.tokens.length };
    this.counts.forcedTokens += forced.tokens.length;
    if (this.job.guide.isFinal(settled.state)) this.#finish(settled, settled.state.place === undefined ? 'stop' : 'grammar');
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

  /** Without any finished answer the greedy beginning is handed back, so that a deadline does not leave its caller with nothing. */
  #abandon(): void {
    const { reason } = this.job.stop;
    const greedy = this.#leaves.find((leaf) => leaf.greedy);
    if (this.job.tally.isEmpty && greedy && (reason === 'cancelled' || reason === 'deadline'))
      this.#finish({ ...greedy, samples: 0 }, reason);
  }
}

/** The greedy leaf before all, then by the answers that hang on it. */
function weight(leaf: Leaf): number {
  return leaf.samples + (leaf.greedy ? 1e6 : 0);
}

function logOfSum(logits: readonly number[]): number {
  const top = logits[0] ?? 0;
  return top + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - top), 0));
}
