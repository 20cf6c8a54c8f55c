/** One generate request from prompt to candidates: prompt state, guide, tree decoding, counters. */
import { type Token } from 'node-llama-cpp';
import { JoineryError } from '../core/shared/errors.js';
import { type GenerateParams, type GenerateResult, type GenerateStats } from '../protocol/modelProcess.js';
import { type AnswerContext } from './answerContext.js';
import { CandidateTally } from './candidateTally.js';
import { type DecodeCounts, TreeDecoder } from './decodeTree.js';
import { seededRandom } from './drawSamples.js';
import { chooseGuide } from './chooseGuide.js';
import { type Guide } from './guide.js';
import { type PreparedPrompt, preparePrompt } from './promptState.js';
import { promptTokens } from './promptTokens.js';
import { readAhead } from './readAhead.js';

/** Room that an answer needs at least. */
const leastAnswer = 16;

/** Throws `ask.tooLong` when the prompt leaves no room, `cancelled` when cancelled before anything was ready. */
export async function answerRequest(params: GenerateParams, context: AnswerContext): Promise<GenerateResult> {
  const { loaded, stop, now } = context;
  const start = now();
  const prefix = promptTokens(loaded.model, params.prefix);
  if (params.maxTokens === 0) return readAhead(prefix, context);
  const chosen = chooseGuide(params, loaded);
  const rest = promptTokens(loaded.model, chosen.rest);
  const room = loaded.facts.contextSize - 2 - prefix.length - rest.length;
  if (rest.length === 0 && prefix.length === 0) throw new JoineryError('ask.empty');
  if (room < leastAnswer) throw new JoineryError('ask.tooLong', { tokens: prefix.length + rest.length, limit: loaded.facts.contextSize });
  const tally = new CandidateTally(context.onCandidate);
  const prepared = await preparePrompt({
    slots: loaded.slots,
    prefix,
    rest,
    states: context.states,
    pace: context.pace,
    stop,
    giveWay: context.giveWay,
  });
  const promptMs = now() - start;
  const base = { prefixTokens: prefix.length, restTokens: rest.length, promptMs, queueMs: context.queueMs };
  if (!prepared) return { candidates: [], stats: { ...base, ...noCounts, prefixFrom: 'evaluated', decodeMs: 0 } };
  const counts = await decode(params, context, { guide: chosen.guide, prepared, prompt: [...prefix, ...rest], room, tally });
  const stats: GenerateStats = { ...base, ...counts, prefixFrom: prepared.prefixFrom, decodeMs: now() - start - promptMs };
  return { candidates: tally.candidates, stats };
}

const noCounts: DecodeCounts = { evaluatedTokens: 0, sampledTokens: 0, forcedTokens: 0, grammarMs: 0 };

interface DecodeInput {
  readonly guide: Guide;
  readonly prepared: PreparedPrompt;
  readonly prompt: readonly Token[];
  readonly room: number;
  readonly tally: CandidateTally;
}

async function decode(params: GenerateParams, context: AnswerContext, input: DecodeInput): Promise<DecodeCounts> {
  const { loaded } = context;
  const { slot } = input.prepared;
  try {
    const decoder = new TreeDecoder({
      guide: input.guide,
      slots: loaded.slots,
      prompt: input.prompt,
      slot,
      greedy: params.samplesOnly !== true,
      samples: Math.max(0, params.candidates - (params.samplesOnly === true ? 0 : 1)),
      temperature: params.temperature,
      maxTokens: Math.min(params.maxTokens, input.room),
      random: seededRandom(params.seed),
      stop: context.stop,
      tally: input.tally,
      pace: context.pace,
      useForced: params.noForcedTokens !== true,
      giveWay: context.giveWay,
      now: context.now,
    });
    await decoder.run();
    return decoder.counts;
  } finally {
    loaded.slots.release(slot, slot.kept);
  }
}
