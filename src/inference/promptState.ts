/** Brings a prompt into a sequence: what is already there is used, the rest is evaluated in batches small enough to be interrupted. */
import { type Token } from 'node-llama-cpp';
import { type GenerateStats } from '../protocol/modelProcess.js';
import { type BatchPace } from './batchPace.js';
import { type KvSlot, type KvSlots } from './kvSlots.js';
import { type PrefixStates } from './prefixStates.js';
import { type StopSignal } from './stopSignal.js';

export interface PreparedPrompt {
  readonly slot: KvSlot;
  readonly prefixFrom: GenerateStats['prefixFrom'];
}

export interface PromptJob {
  readonly slots: KvSlots;
  readonly prefix: readonly Token[];
  readonly rest: readonly Token[];
  readonly states: PrefixStates;
  readonly pace: BatchPace;
  readonly stop: StopSignal;
  readonly giveWay: () => Promise<void>;
}

/** Undefined when the request was stopped on the way or no sequence was free. All but a last batch are evaluated afterwards. */
export async function preparePrompt(job: PromptJob): Promise<PreparedPrompt | undefined> {
  const whole = [...job.prefix, ...job.rest];
  const prefixEnd = Math.min(job.prefix.length, whole.length - 1);
  // A prefix that will come from disk must not be copied first.
  const fromDisk = job.slots.longest(whole) < prefixEnd && (await job.states.has(job.prefix));
  const slot = await job.slots.take(whole, !fromDisk);
  if (!slot) return undefined;
  let prepared = false;
  try {
    let prefixFrom: GenerateStats['prefixFrom'] = 'memory';
    if (slot.tokens.length < prefixEnd) {
      prefixFrom = (await job.states.restore(slot, job.prefix)) ? 'disk' : 'evaluated';
      if (!(await evaluateTo(job, slot, whole, prefixEnd))) return undefined;
      if (prefixFrom === 'evaluated') await job.states.save(slot, job.prefix);
    }
    slot.kept = prefixEnd;
    // The last batch is left to the decoder, which reads the first choice from it.
    prepared = await evaluateTo(job, slot, whole, Math.max(prefixEnd, whole.length - job.pace.size));
    return prepared ? { slot, prefixFrom } : undefined;
  } finally {
    if (!prepared) job.slots.release(slot, slot.tokens.length);
  }
}

async function evaluateTo(job: PromptJob, slot: KvSlot, whole: readonly Token[], end: number): Promise<boolean> {
  while (slot.tokens.length < end) {
    await job.giveWay();
    if (job.stop.reason !== undefined) return false;
    const from = slot.tokens.length;
    await job.pace.measure((size) => {
      const batch = whole.slice(from, Math.min(end, from + size));
      return slot.append(batch).then(() => batch.length);
    });
  }
  return true;
}
