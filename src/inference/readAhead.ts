/** Evaluates a prompt prefix before a question needs it, and keeps it in memory and on disk. Writes nothing and decodes nothing. */
import { type Token } from 'node-llama-cpp';
import { type GenerateResult } from '../protocol/modelProcess.js';
import { type AnswerContext } from './answerContext.js';
import { preparePrompt } from './promptState.js';

/** A prefix that lies in memory or on disk already costs nothing again. No candidates come back. */
export async function readAhead(prefix: readonly Token[], context: AnswerContext): Promise<GenerateResult> {
  const { loaded, states, pace, stop, giveWay, now, queueMs } = context;
  const start = now();
  const known = loaded.slots.longest(prefix) === prefix.length ? 'memory' : (await states.has(prefix)) ? 'disk' : undefined;
  // A prompt needs a token behind its prefix; being in the last batch, it is never evaluated.
  const prepared = known
    ? undefined
    : await preparePrompt({ slots: loaded.slots, prefix, rest: prefix.slice(-1), states, pace, stop, giveWay });
  if (prepared) loaded.slots.release(prepared.slot, prefix.length);
  return {
    candidates: [],
    stats: {
      prefixTokens: prefix.length,
      prefixFrom: known ?? prepared?.prefixFrom ?? 'evaluated',
      restTokens: 0,
      promptMs: now() - start,
      decodeMs: 0,
      evaluatedTokens: 0,
      sampledTokens: 0,
      forcedTokens: 0,
      grammarMs: 0,
      queueMs,
    },
  };
}
