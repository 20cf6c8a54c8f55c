/** Cancelling, by structure: nothing is evaluated after the batch in which it was asked for. How long a batch takes is measured by the bench. */
import { type Token } from 'node-llama-cpp';
import { describe, expect, it } from 'vitest';
import { BatchPace } from '../../../src/inference/batchPace.js';
import { CandidateTally } from '../../../src/inference/candidateTally.js';
import { TreeDecoder } from '../../../src/inference/decodeTree.js';
import { freeGuide } from '../../../src/inference/freeGuide.js';
import { type KvSlot, type KvSlots } from '../../../src/inference/kvSlots.js';
import { type NeedMore } from '../../../src/inference/nextTokens.js';
import { type PrefixStates } from '../../../src/inference/prefixStates.js';
import { preparePrompt } from '../../../src/inference/promptState.js';
import { StopSignal, type StopReason } from '../../../src/inference/stopSignal.js';
import { type TokenTexts } from '../../../src/inference/tokenTexts.js';

/** One sequence that evaluates nothing, counts, and lets a test act in the middle of a batch. */
class FakeSlots {
  readonly sizes: number[] = [];
  released = 0;
  readonly slot = this.#make();

  constructor(private readonly during: (batch: number) => void) {}

  take(): Promise<KvSlot> {
    return Promise.resolve(this.slot);
  }

  longest(): number {
    return 0;
  }

  release(): void {
    this.released++;
  }

  #make(): KvSlot {
    const tokens: Token[] = [];
    const evaluate = (added: readonly Token[]): Promise<void> => {
      this.sizes.push(added.length);
      this.during(this.sizes.length);
      tokens.push(...added);
      return Promise.resolve();
    };
    const fake = {
      tokens,
      kept: 0,
      append: evaluate,
      async appendForNext(added: readonly Token[], needMore: NeedMore) {
        await evaluate(added);
        const next = { tokens: [1, 2], logits: [2, 1] };
        needMore(next);
        return next;
      },
    };
    return fake as unknown as KvSlot;
  }
}

const texts: TokenTexts = {
  vocabularySize: 3,
  bytes: () => new TextEncoder().encode('a'),
  text: () => 'a',
  isEnd: () => false,
  isControl: () => false,
};
const states = { has: () => Promise.resolve(false), restore: () => Promise.resolve(false), save: () => Promise.resolve() };
const tokens = (length: number): Token[] => Array.from({ length }, () => 1 as Token);

function paceOf(): BatchPace {
  let time = 0;
  // Every batch takes the target time: the size stays.
  return new BatchPace({ largest: 16, threads: 1, onGpu: false, rowWidth: 1536 }, () => (time += 150));
}

async function prepare(stopAt: number, reason: StopReason): Promise<{ prepared: boolean; slots: FakeSlots }> {
  const stop = new StopSignal(0, () => 0);
  const slots = new FakeSlots((batch) => batch === stopAt && stop.stop(reason));
  const prepared = await preparePrompt({
    slots: slots as unknown as KvSlots,
    prefix: tokens(100),
    rest: tokens(30),
    states: states as unknown as PrefixStates,
    pace: paceOf(),
    stop,
    giveWay: () => Promise.resolve(),
  });
  return { prepared: prepared !== undefined, slots };
}

describe('a prompt', () => {
  it.each([1, 2, 5, 7])('that is cancelled in batch %i is evaluated no further, and its sequence is free again', async (stopAt) => {
    const { prepared, slots } = await prepare(stopAt, 'cancelled');
    expect([prepared, slots.sizes.length, slots.released]).toEqual([false, stopAt, 1]);
    expect(Math.max(...slots.sizes)).toBeLessThanOrEqual(16);
  });

  it('that is not cancelled goes on to its last batch', async () => {
    const { prepared, slots } = await prepare(0, 'cancelled');
    expect([prepared, slots.released, slots.slot.tokens.length >= 114]).toEqual([true, 0, true]);
  });
});

async function decode(stopAt: number, prompt: number): Promise<{ sizes: readonly number[]; finishes: readonly string[] }> {
  const stop = new StopSignal(0, () => 0);
  const slots = new FakeSlots((batch) => batch === stopAt && stop.stop('cancelled'));
  const tally = new CandidateTally(() => undefined);
  const decoder = new TreeDecoder({
    guide: freeGuide(texts, []),
    slots: slots as unknown as KvSlots,
    prompt: tokens(prompt),
    slot: slots.slot,
    greedy: true,
    samples: 0,
    temperature: 0,
    maxTokens: 20,
    random: () => 0,
    stop,
    tally,
    pace: paceOf(),
    useForced: true,
    giveWay: () => Promise.resolve(),
    now: () => 0,
  });
  await decoder.run();
  return { sizes: slots.sizes, finishes: tally.candidates.map(({ finish }) => finish) };
}

describe('an answer', () => {
  it.each([1, 4, 12])('that is cancelled in step %i computes no further and hands back what it had', async (stopAt) => {
    const { sizes, finishes } = await decode(stopAt, 10);
    expect([sizes.length, finishes]).toEqual([stopAt, ['cancelled']]);
  });

  it('stops inside a prompt that the decoder still has to read', async () => {
    expect((await decode(1, 60)).sizes).toEqual([16]);
  });

  it('that is not cancelled is written to its end', async () => {
    const { sizes, finishes } = await decode(0, 10);
    expect([sizes.length, finishes]).toEqual([20, ['length']]);
  });
});
