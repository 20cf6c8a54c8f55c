/** Loads a GGUF, its adapter and a context with as many sequences as the memory allows. Says which of the known faults a bad file has. */
import { open } from 'node:fs/promises';
import { type Llama, type LlamaContext, type LlamaModel, type Token } from 'node-llama-cpp';
import { JoineryError } from '../core/shared/errors.js';
import { type Logger } from '../core/shared/logger.js';
import { type LoadModelParams, type ModelFacts } from '../protocol/modelProcess.js';
import { GrammarCache } from './chooseGuide.js';
import { detectChatTemplate } from './detectChatTemplate.js';
import { KvSlots } from './kvSlots.js';
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
}

export async function loadModel(llama: Llama, threads: number, params: LoadModelParams, log: Logger, now: () => number): Promise<LoadedModel> {
  const start = now();
  await checkMagic(params.modelPath);
  const model = await llama.loadModel({ modelPath: params.modelPath });
  try {
    const context = await createContext(llama, model, threads, params);
    const facts: ModelFacts = {
      architecture: model.fileInfo.metadata.general.architecture,
      parameters: model.fileInsights.totalParameters ?? 0,
      vocabularySize: model.fileInfo.metadata.tokenizer.ggml.tokens.length,
      contextSize: context.contextSize,
      sequences: context.totalSequences,
      chatTemplate: detectChatTemplate(model),
      loadMs: now() - start,
    };
    log.log('info', 'inference', `loaded ${params.modelId} in ${Math.round(facts.loadMs)} ms: ${facts.sequences} × ${facts.contextSize} tokens`);
    const texts = readTokenTexts(model);
    return { model, context, slots: new KvSlots(context), texts, vocabulary: new VocabularyIndex(texts), grammars: new GrammarCache(), facts, params };
  } catch (error) {
    await model.dispose();
    throw error;
  }
}

/** Tokens of one batch: on the CPU larger ones gain nothing and cost memory. */
const cpuBatch = 128;
const gpuBatch = 512;

async function createContext(llama: Llama, model: LlamaModel, threads: number, params: LoadModelParams): Promise<LlamaContext> {
  const contextSize = Math.min(params.contextSize, model.trainContextSize);
  return model.createContext({
    contextSize,
    sequences: params.sequences,
    batchSize: llama.gpu === false ? cpuBatch : gpuBatch,
    threads,
    ...(params.adapterPath === undefined ? {} : { lora: { adapters: [{ filePath: params.adapterPath, scale: 1 }] } }),
  });
}

async function checkMagic(path: string): Promise<void> {
  const file = await open(path).catch((error: unknown) => {
    throw new JoineryError('model.missing', { path }, error);
  });
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    if (bytesRead < 4 || buffer.toString('latin1') !== 'GGUF') throw new JoineryError('model.notGguf', { path });
  } finally {
    await file.close();
  }
}

/** The end-of-text tokens count as one token; for prompts sizes only. */
export function countTokens(model: LlamaModel, text: string): number {
  const tokens: Token[] = model.tokenize(text, false);
  return tokens.length;
}
