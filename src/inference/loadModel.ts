/**
 * Loads a GGUF, its adapter and a context with as many sequences as the memory allows; for second opinions a context without the adapter.
 * Says which of the known faults a bad file has.
 */
import { open } from 'node:fs/promises';
import { freemem } from 'node:os';
import { type LlamaContext, type LlamaModel } from 'node-llama-cpp';
import { isJoineryError, JoineryError } from '../core/shared/errors.js';
import { type Logger } from '../core/shared/logger.js';
import { type LoadModelParams, type ModelFacts } from '../protocol/modelProcess.js';
import { type ContextPlan, planContext, smallerPlan } from './contextPlan.js';
import { detectChatTemplate } from './detectChatTemplate.js';
import { GrammarCache } from './grammarCache.js';
import { KvSlots } from './kvSlots.js';
import { loadFault, saysNoMemory } from './loadFault.js';
import { nextTokensOf } from './nextTokens.js';
import { type Runtime } from './runtime.js';
import { onSpareThreads, SpareThreads } from './spareThreads.js';
import { readTokenTexts, type TokenTexts } from './tokenTexts.js';
import { VocabularyIndex } from './vocabularyIndex.js';

export interface LoadedModel {
  readonly model: LlamaModel;
  readonly context: LlamaContext;
  readonly slots: KvSlots;
  readonly texts: TokenTexts;
  readonly vocabulary: VocabularyIndex;
  readonly grammars: GrammarCache;
  readonly facts: ModelFacts;
  readonly params: LoadModelParams;
  readonly spare: SpareThreads;
}

/** Throws `model.missing`, `model.notGguf`, `model.truncated`, `model.badArchitecture`, `model.tooBig`, `model.adapterMismatch` or `process.outOfMemory`. */
export async function loadModel(runtime: Runtime, params: LoadModelParams, log: Logger, now: () => number): Promise<LoadedModel> {
  const start = now();
  // Looks at the machine from here: loading takes long enough to see how busy it is before the first batch.
  const spare = new SpareThreads(runtime.facts.threads, now);
  const bytes = await checkFile(params.modelPath, params.modelId);
  if (params.adapterPath !== undefined) await checkFile(params.adapterPath, params.adapterId ?? params.adapterPath);
  if (runtime.facts.gpu === 'none' && bytes > freemem()) throw tooBig(params, bytes);
  runtime.recentLines.length = 0;
  let model: LlamaModel | undefined;
  try {
    model = await runtime.llama.loadModel({ modelPath: params.modelPath });
    const context = await createContext(runtime, model, params, log);
    const facts: ModelFacts = { ...factsOf(model, context), loadMs: now() - start };
    log.log(
      'info',
      'inference',
      `loaded ${params.modelId} in ${Math.round(facts.loadMs)} ms: ${facts.sequences} × ${facts.contextSize} tokens`,
    );
    const texts = readTokenTexts(model);
    return {
      model,
      context,
      slots: new KvSlots(context, onSpareThreads(nextTokensOf(context), runtime.llama, spare)),
      texts,
      vocabulary: new VocabularyIndex(texts),
      grammars: new GrammarCache(),
      facts,
      params,
      spare,
    };
  } catch (error) {
    await model?.dispose();
    await lastWords();
    throw isJoineryError(error) ? error : await loadFault(error, runtime.recentLines, params);
  }
}

/** Sequences for second opinions: a greedy answer, four samples and a kept prefix. */
const secondSequences = 6;

/** The same weights without the adapter. Throws `model.tooBig` when there is no memory for another context. */
export async function withoutAdapter(runtime: Runtime, loaded: LoadedModel, log: Logger): Promise<LoadedModel> {
  const { adapterPath: _path, adapterId: _id, ...base } = loaded.params;
  const params = { ...base, sequences: Math.min(secondSequences, base.sequences) };
  const context = await createContext(runtime, loaded.model, params, log);
  const slots = new KvSlots(context, onSpareThreads(nextTokensOf(context), runtime.llama, loaded.spare));
  return { ...loaded, context, slots, facts: { ...factsOf(loaded.model, context), loadMs: 0 }, params };
}

function factsOf(model: LlamaModel, context: LlamaContext): Omit<ModelFacts, 'loadMs'> {
  return {
    architecture: model.fileInfo.metadata.general.architecture,
    parameters: model.fileInsights.totalParameters,
    vocabularySize: model.fileInfo.metadata.tokenizer.ggml.tokens.length,
    contextSize: context.contextSize,
    sequences: context.totalSequences,
    chatTemplate: detectChatTemplate(model),
  };
}

/** Tokens of one batch: on the CPU larger ones gain nothing and cost memory. */
const cpuBatch = 128;
const gpuBatch = 512;
/** Left to the system and to other programs. */
const reserveBytes = 256_000_000;

/** What is free is an estimate, and limits of the system may be lower: a context that cannot be had is tried smaller. */
async function createContext(runtime: Runtime, model: LlamaModel, params: LoadModelParams, log: Logger): Promise<LlamaContext> {
  let wanted: ContextPlan | undefined = {
    contextSize: Math.min(params.contextSize, model.trainContextSize),
    sequences: Math.max(1, params.sequences),
  };
  for (;;) {
    const plan = await fittingPlan(runtime, model, params, wanted);
    try {
      return await openContext(runtime, model, params, plan);
    } catch (error) {
      await lastWords();
      wanted = smallerPlan(plan);
      if (!wanted || !saysNoMemory(runtime.recentLines)) throw error;
      log.log('warn', 'inference', `no memory for ${plan.sequences} × ${plan.contextSize} tokens`);
    }
  }
}

/** The runtime hands its messages over on the next turn of the event loop. */
function lastWords(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function batchSizeOf({ facts }: Runtime): number {
  return facts.gpu === 'none' ? cpuBatch : gpuBatch;
}

async function fittingPlan(runtime: Runtime, model: LlamaModel, params: LoadModelParams, wanted: ContextPlan): Promise<ContextPlan> {
  const { llama, facts } = runtime;
  const batchSize = batchSizeOf(runtime);
  const onGpu = facts.gpu !== 'none';
  const freeBytes = (onGpu ? (await llama.getVramState()).free : freemem()) - reserveBytes;
  const bytesOf = async (plan: ContextPlan): Promise<number> => {
    const needs = await model.fileInsights.estimateContextResourceRequirementsV2({ ...plan, batchSize, modelGpuLayers: model.gpuLayers });
    return onGpu ? needs.gpuVram : needs.cpuRam;
  };
  const plan = await planContext({ wanted, freeBytes, bytesOf });
  if (!plan) throw tooBig(params, await bytesOf({ sequences: 1, contextSize: 512 }));
  return plan;
}

function openContext(runtime: Runtime, model: LlamaModel, params: LoadModelParams, plan: ContextPlan): Promise<LlamaContext> {
  return model.createContext({
    ...plan,
    batchSize: batchSizeOf(runtime),
    threads: runtime.facts.threads,
    ...(params.adapterPath === undefined ? {} : { lora: { adapters: [{ filePath: params.adapterPath, scale: 1 }] } }),
  });
}

function tooBig(params: LoadModelParams, needBytes: number): JoineryError {
  return new JoineryError('model.tooBig', { id: params.modelId, needBytes, haveBytes: freemem() });
}

/** The least that a GGUF header takes: magic, version and two counts. */
const leastHeader = 24;

/** The size in bytes of a file that begins like a GGUF. */
async function checkFile(path: string, id: string): Promise<number> {
  const file = await open(path).catch((error: unknown) => {
    throw new JoineryError('model.missing', { id, path }, error);
  });
  try {
    const facts = await file.stat();
    if (!facts.isFile()) throw new JoineryError('model.notGguf', { path });
    const { bytesRead, buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    if (bytesRead < 4 || buffer.toString('latin1') !== 'GGUF') throw new JoineryError('model.notGguf', { path });
    if (facts.size < leastHeader) throw new JoineryError('model.truncated', { id });
    return facts.size;
  } finally {
    await file.close();
  }
}
