/**
 * Evaluates tokens in a sequence and reads what may follow the last one. The runtime's public way makes a sampler for every
 * call and forgets the logits afterwards; the direct way keeps one sampler and can look twice at the same logits. Where a
 * version lacks the internals of the direct way, the public one is taken: the same tokens, a few milliseconds slower.
 */
import { type LlamaContext, type LlamaContextSequence, type Token } from 'node-llama-cpp';

/** The likeliest next tokens, best first, with their raw logits. */
export interface Distribution {
  readonly tokens: readonly number[];
  readonly logits: readonly number[];
}

/** Decides whether the likeliest tokens suffice: undefined, or the tokens to look at instead ('all' for the vocabulary). */
export type NeedMore = (top: Distribution) => readonly number[] | 'all' | undefined;

export interface NextTokens {
  readonly way: 'direct' | 'public';
  /** Evaluates and reads nothing. */
  append(sequence: LlamaContextSequence, tokens: readonly Token[]): Promise<void>;
  /** `tokens` has at least one. */
  read(sequence: LlamaContextSequence, tokens: readonly Token[], needMore: NeedMore): Promise<Distribution>;
}

/** How many of the likeliest tokens are looked at. The mass beyond them is negligible for an answer in a language. */
export const distributionWidth = 128;
const widthOptions = { temperature: 1, topK: distributionWidth, topP: 1, minP: 0, seed: 0 };

export function nextTokensOf(context: LlamaContext): NextTokens {
  return directNextTokens(context) ?? publicNextTokens;
}

type FlatPairs = readonly number[];
type LogitFilter = true | readonly [tokens: readonly number[], max: boolean, min: boolean, selected: boolean, top: number];

interface NativeSampler {
  applyConfig(config: Readonly<Record<string, unknown>>): void;
}

interface NativeContext {
  sampleToken(
    index: number,
    sampler: NativeSampler,
    probabilities: boolean,
    confidence: boolean,
    logits: LogitFilter,
  ): Promise<readonly [number, unknown, unknown, FlatPairs | undefined, unknown]>;
}

interface DirectSequence {
  _decodeTokens(
    tokens: readonly Token[],
    logits: readonly (true | undefined)[],
    priority: number,
    meter: unknown,
    contextShift: { readonly size: number; readonly strategy: 'eraseBeginning' },
    mapper: (logitIndex: number) => Promise<Distribution>,
  ): Promise<readonly (Distribution | undefined)[]>;
}

const samplerDefaults = {
  repeatPenaltyMaxTokens: 64,
  dryRepeatPenaltyBase: 1.75,
  dryRepeatPenaltyAllowedLength: 2,
  dryRepeatPenaltyLastTokens: -1,
  dryRepeatPenaltySequenceBreakers: false,
};
const evaluationPriority = 5;
/** Never used: prompts and answers are bounded by the context before. */
const noShift = { size: 1, strategy: 'eraseBeginning' } as const;

/** Undefined when this version of the runtime has other internals. */
export function directNextTokens(context: LlamaContext): NextTokens | undefined {
  const native = field(context, '_ctx');
  const Sampler = field(field(field(context.model, '_llama'), '_bindings'), 'AddonSampler');
  const nativeModel = field(context.model, '_model');
  if (!isNativeContext(native) || typeof Sampler !== 'function' || nativeModel === undefined) return undefined;
  const sampler: unknown = Reflect.construct(Sampler, [nativeModel]);
  if (!isNativeSampler(sampler)) return undefined;
  let turn: Promise<void> = Promise.resolve();
  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const before = turn;
    let done = (): void => undefined;
    turn = new Promise((resolve) => (done = resolve));
    await before;
    try {
      return await work();
    } finally {
      done();
    }
  }
  const look = async (index: number, config: object, filter: LogitFilter): Promise<Distribution> => {
    sampler.applyConfig({ ...samplerDefaults, ...config });
    const pairs = (await native.sampleToken(index, sampler, false, false, filter))[3] ?? [];
    return sortedDistribution(pairs);
  };
  return {
    way: 'direct',
    async append(sequence, tokens) {
      if (!isDirectSequence(sequence)) return publicNextTokens.append(sequence, tokens);
      await sequence._decodeTokens(tokens, [], evaluationPriority, sequence.tokenMeter, noShift, () =>
        Promise.reject(new Error('no logits were asked for')),
      );
    },
    async read(sequence, tokens, needMore) {
      if (!isDirectSequence(sequence)) return publicNextTokens.read(sequence, tokens, needMore);
      const logits: (true | undefined)[] = tokens.map(() => undefined);
      logits[tokens.length - 1] = true;
      const results = await sequence._decodeTokens(tokens, logits, evaluationPriority, sequence.tokenMeter, noShift, (index) =>
        // One sampler serves all sequences of a batch, one after the other.
        inTurn(async () => {
          const top = await look(index, widthOptions, [[], false, false, false, distributionWidth]);
          const more = needMore(top);
          if (more === undefined) return top;
          return more === 'all'
            ? look(index, { ...widthOptions, topK: 0 }, true)
            : look(index, { ...widthOptions, temperature: 0 }, [more, false, false, false, 0]);
        }),
      );
      return results.at(-1) ?? { tokens: [], logits: [] };
    },
  };
}

/** With the public interface alone; looking twice means evaluating the last token twice. */
export const publicNextTokens: NextTokens = {
  way: 'public',
  append: (sequence, tokens) => sequence.evaluateWithoutGeneratingNewTokens([...tokens]),
  async read(sequence, tokens, needMore) {
    const last = tokens.at(-1);
    if (last === undefined) throw new RangeError('nothing to evaluate');
    const evaluate = async (
      input: readonly Token[],
      logits: true | { filter: { tokens: readonly Token[]; includeTop: number } },
      options: object,
    ): Promise<Distribution> => {
      const results = await sequence.controlledEvaluate([...input, [last, { generateNext: { logits, options } }]]);
      const found = [...(results.at(-1)?.next.logits ?? [])].sort((left, right) => right[1] - left[1]);
      return { tokens: found.map(([token]) => token), logits: found.map(([, logit]) => logit) };
    };
    const top = await evaluate(tokens.slice(0, -1), { filter: { tokens: [], includeTop: distributionWidth } }, widthOptions);
    const more = needMore(top);
    if (more === undefined) return top;
    const end = sequence.nextTokenIndex;
    await sequence.eraseContextTokenRanges([{ start: end - 1, end }]);
    if (more === 'all') return evaluate([], true, { ...widthOptions, topK: 0 });
    return evaluate([], { filter: { tokens: more as readonly Token[], includeTop: 0 } }, { temperature: 0 });
  },
};

function sortedDistribution(pairs: FlatPairs): Distribution {
  const found: [number, number][] = [];
  for (let at = 1; at < pairs.length; at += 2) found.push([pairs[at - 1] ?? 0, pairs[at] ?? -Infinity]);
  const isSorted = found.every(([, logit], index) => index === 0 || logit <= (found[index - 1]?.[1] ?? Infinity));
  if (!isSorted) found.sort((left, right) => right[1] - left[1]);
  return { tokens: found.map(([token]) => token), logits: found.map(([, logit]) => logit) };
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function isNativeContext(value: unknown): value is NativeContext {
  return typeof field(value, 'sampleToken') === 'function';
}

function isNativeSampler(value: unknown): value is NativeSampler {
  return typeof field(value, 'applyConfig') === 'function';
}

function isDirectSequence(sequence: LlamaContextSequence): sequence is LlamaContextSequence & DirectSequence {
  return typeof field(sequence, '_decodeTokens') === 'function';
}
