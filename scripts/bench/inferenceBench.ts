/**
 * What an answer costs, in ratios of one run: a warm single answer under the grammar against node-llama-cpp alone (greedy,
 * no grammar, no predictor, cached prefix, same stop, same questions), eight voted answers against one, the second question
 * on a large schema against the first; how soon a cancelled question is over; and where the time goes. `JOINERY_BENCH_MODEL` names another model file.
 */
import { getLlama, type LlamaContextSequence, type LlamaModel, LlamaLogLevel, type Token } from 'node-llama-cpp';
import { setTimeout as delay } from 'node:timers/promises';
import { CancellationSource } from '../../src/core/shared/cancellation.js';
import { isCancelled } from '../../src/core/shared/errors.js';
import { type ModelService } from '../../src/engine/process/types.js';
import { promptVersionOf } from '../../src/core/nl2sql/promptStyle.js';
import { promptTokens } from '../../src/inference/promptTokens.js';
import { type Candidate } from '../../src/protocol/modelProcess.js';
import { ask, benchService, defaultModelPath, maxTokens, stop, tagged } from './askModel.js';
import { type BenchRow } from './grammarBench.js';
import { largeSchema, type Prepared, prepareQuestion, shopKnowledge, shopQuestions } from './inferenceQuestions.js';

const contextSize = 4096;
const rounds = 2;
const votes = 8;

export async function runInferenceBench(modelPath = defaultModelPath()): Promise<BenchRow[]> {
  const { service, close } = benchService();
  try {
    const facts = await service.facts();
    await service.load({ modelPath, modelId: 'bench', promptVersion: promptVersionOf('worked'), contextSize, sequences: 10 });
    const single = await singleRows(service, modelPath, facts.threads);
    return [...single, ...(await largeRows(service)), ...(await cancelRows(service))];
  } finally {
    await close();
  }
}

async function singleRows(service: ModelService, modelPath: string, threads: number): Promise<BenchRow[]> {
  const questions = shopQuestions.map((question) => prepareQuestion(shopKnowledge, question));
  const plain = await openPlain(modelPath, threads);
  const sums = { plain: 0, plainTokens: 0, single: 0, unforced: 0, voted: 0, all: 0 };
  const stats = { promptMs: 0, decodeMs: 0, grammarMs: 0, sampled: 0, forced: 0 };
  // The first of both evaluates the prefix: it is not measured.
  for (const prepared of questions.slice(0, 1)) {
    await plain.answer(prepared);
    await ask(service, prepared, {});
  }
  for (let round = 0; round < rounds; round++)
    for (const prepared of questions) {
      const alone = await plain.answer(tagged(prepared));
      sums.plain += alone.ms;
      sums.plainTokens += alone.tokens;
      const single = await ask(service, prepared, {});
      sums.single += single.ms;
      stats.promptMs += single.result.stats.promptMs;
      stats.decodeMs += single.result.stats.decodeMs;
      stats.grammarMs += single.result.stats.grammarMs;
      stats.sampled += single.result.stats.sampledTokens;
      stats.forced += single.result.stats.forcedTokens;
      sums.unforced += (await ask(service, prepared, { noForcedTokens: true })).ms;
      sums.voted += (await ask(service, prepared, { candidates: votes, temperature: 0.8, seed: round }, majority())).ms;
      if (round === 0) sums.all += (await ask(service, prepared, { candidates: votes, temperature: 0.8 })).ms;
    }
  await plain.close();
  const answers = questions.length * rounds;
  return [
    { name: 'single answer under the grammar / node-llama-cpp alone', value: sums.single / sums.plain, unit: '×', bar: 1.15 },
    { name: 'the same without forced tokens', value: sums.unforced / sums.plain, unit: '×' },
    { name: `voted with ${votes}, until a majority stands / single`, value: sums.voted / sums.single, unit: '×', bar: 3.5 },
    { name: `all ${votes} answers / single`, value: (sums.all * rounds) / sums.single, unit: '×' },
    { name: 'node-llama-cpp alone, an answer', value: sums.plain / answers, unit: 'ms' },
    { name: 'node-llama-cpp alone, tokens of an answer', value: sums.plainTokens / answers, unit: 'tokens' },
    { name: 'single answer', value: sums.single / answers, unit: 'ms' },
    { name: '… of it the prompt behind the prefix', value: stats.promptMs / answers, unit: 'ms' },
    { name: '… of it decoding', value: stats.decodeMs / answers, unit: 'ms' },
    { name: '… of it the grammar', value: stats.grammarMs / answers, unit: 'ms' },
    { name: 'sampled tokens of an answer', value: stats.sampled / answers, unit: 'tokens' },
    { name: 'forced tokens of an answer', value: stats.forced / answers, unit: 'tokens' },
  ];
}

async function largeRows(service: ModelService): Promise<BenchRow[]> {
  const [first, second] = largeSchema.questions.map((question) => prepareQuestion(largeSchema.knowledge, question));
  if (!first || !second) return [];
  const cold = await ask(service, first, {});
  const start = performance.now();
  for (const part of largeSchema.prefixes) await service.readAhead?.(part);
  const aheadMs = performance.now() - start;
  const warm = await ask(service, second, {});
  return [
    {
      name: '60 tables: second question, on another part, once that was read ahead / first',
      value: warm.ms / cold.ms,
      unit: '×',
      bar: 1 / 3,
    },
    { name: '60 tables: parts of the schema', value: largeSchema.prefixes.length, unit: '' },
    { name: '60 tables: reading the other parts ahead', value: aheadMs, unit: 'ms' },
    { name: '60 tables: tokens of the prefix', value: cold.result.stats.prefixTokens, unit: 'tokens' },
    { name: '60 tables: first question', value: cold.ms, unit: 'ms' },
    { name: '60 tables: second question', value: warm.ms, unit: 'ms' },
  ];
}

/** Into the reading of a prompt, at growing depth, and into the writing of answers. */
const cancelAfterMs = [50, 300, 700, 1_100, 1_900, 2_700];

async function cancelRows(service: ModelService): Promise<BenchRow[]> {
  const caller: number[] = [];
  const computing: number[] = [];
  for (const [turn, after] of cancelAfterMs.entries()) {
    const source = new CancellationSource();
    const long = { prefix: [{ text: `[${turn}] ${'A table with columns and keys. '.repeat(150)}` }], prefixKey: `cancel${turn}` };
    const free = service
      .generate({ ...plainRequest, ...long, rest: [{ text: 'SELECT' }], maxTokens, candidates: votes, temperature: 0.8 }, {}, source.token)
      .catch((error: unknown) => {
        if (!isCancelled(error)) throw error;
      })
      .then(() => performance.now());
    await delay(after);
    const start = performance.now();
    source.cancel();
    // Of equal urgency: it waits until the other one computes no more.
    const next = service.generate({ ...plainRequest, prefix: [], prefixKey: 'next', rest: [{ text: 'a' }], maxTokens: 1, candidates: 1 });
    caller.push((await free) - start);
    computing.push((await next).stats.queueMs);
  }
  return [
    { name: 'cancelling: until the caller is free, at worst', value: Math.max(...caller), unit: 'ms', bar: 100 },
    { name: 'cancelling: until computing has stopped, at worst', value: Math.max(...computing), unit: 'ms', bar: 250 },
  ];
}

const plainRequest = { stop, temperature: 0, seed: 1, priority: 'interactive', deadlineMs: 0 } as const;

/** As the product does: more than half of the answers agree, and the rest cannot change the vote. */
function majority(): (candidate: Candidate) => 'more' | 'enough' {
  return (candidate) => (candidate.count * 2 > votes ? 'enough' : 'more');
}

interface PlainModel {
  answer(prepared: Prepared): Promise<{ readonly ms: number; readonly tokens: number }>;
  close(): Promise<void>;
}

/** The library by its own means, in this process, with as many threads. */
async function openPlain(modelPath: string, threads: number): Promise<PlainModel> {
  const llama = await getLlama({ gpu: false, build: 'never', maxThreads: threads, logLevel: LlamaLogLevel.error });
  const model = await llama.loadModel({ modelPath });
  const context = await model.createContext({ contextSize, threads });
  const sequence = context.getSequence();
  return {
    answer: (prepared) => plainAnswer(model, sequence, prepared),
    close: async () => {
      await context.dispose();
      await model.dispose();
      await llama.dispose();
    },
  };
}

async function plainAnswer(model: LlamaModel, sequence: LlamaContextSequence, prepared: Prepared): Promise<{ ms: number; tokens: number }> {
  const start = performance.now();
  const prefix = promptTokens(model, prepared.prefix);
  const kept = Math.min(prefix.length, sequence.compareContextTokens(prefix).firstDifferentIndex);
  if (kept < sequence.nextTokenIndex) await sequence.eraseContextTokenRanges([{ start: kept, end: sequence.nextTokenIndex }]);
  const input = [...prefix.slice(kept), ...promptTokens(model, prepared.rest)];
  const written: Token[] = [];
  for await (const token of sequence.evaluate(input, { temperature: 0 })) {
    written.push(token);
    const text = model.detokenize(written);
    if (written.length >= maxTokens || stop.some((end) => text.includes(end))) break;
  }
  return { ms: performance.now() - start, tokens: written.length };
}
