/**
 * Prompts in, what the model writes after them out, one line each: how the trainer draws rollouts from the very process that serves answers,
 * and compares an adapter in it with its own. No grammar, no check, no pipeline: what a policy does by itself is what it is taught by.
 */
import { paraphrasePrompt } from '../../core/nl2sql/paraphrasePrompt.js';
import { type ChatTemplate, type PromptPart } from '../../core/nl2sql/promptPart.js';
import { type CancellationToken } from '../../core/shared/cancellation.js';
import { isCancelled, isJoineryError } from '../../core/shared/errors.js';
import { type Candidate, type GenerateParams } from '../../protocol/modelProcess.js';
import { describeError } from '../words/errorSentences.js';
import { type ModelService } from '../process/types.js';

/** One request. `n` counts samples; `greedy` asks for the likeliest answer beside them. */
export interface CompleteRequest {
  readonly id: string;
  readonly prefixKey: string;
  readonly prefix: readonly PromptPart[];
  readonly rest: readonly PromptPart[];
  readonly n: number;
  readonly greedy: boolean;
  readonly temperature: number;
  readonly seed: number;
  readonly maxTokens: number;
  readonly stop: readonly string[];
}

/** `count` is how often exactly this text was drawn; `logProbability` is natural, under the model's own distribution at temperature 1. */
export interface Completion {
  readonly text: string;
  readonly count: number;
  readonly greedy: boolean;
  readonly logProbability: number;
  readonly tokens: number;
  readonly finish: Candidate['finish'];
}

export type CompleteLine =
  | { readonly id: string; readonly completions: readonly Completion[] }
  | { readonly id: string; readonly error: { readonly code: string; readonly sentence: string } };

const mostTokens = 4096;

/**
 * Reads one line: a prompt in parts, or `paraphrase` with a question that is to be said otherwise, whose prompt is made here for the model's
 * `template`. Throws a sentence in an Error for what is no request.
 */
export function readCompleteRequest(line: string, template: ChatTemplate): CompleteRequest {
  const value = JSON.parse(line) as Readonly<Record<string, unknown>> | null;
  if (typeof value !== 'object' || value === null) throw new Error('a request is an object');
  const number = (name: string, fallback: number, least: number, most: number): number => {
    const found = value[name] ?? fallback;
    if (typeof found !== 'number' || !Number.isFinite(found) || found < least || found > most)
      throw new Error(`${name} is a number from ${least} to ${most}`);
    return found;
  };
  const text = (name: string): string => {
    if (typeof value[name] !== 'string') throw new Error(`${name} is a text`);
    return value[name];
  };
  const stop = value['stop'] ?? [];
  if (!Array.isArray(stop) || !stop.every((one) => typeof one === 'string')) throw new Error('stop is a list of texts');
  const parts = (): Pick<CompleteRequest, 'prefix' | 'prefixKey' | 'rest'> => ({
    prefixKey: text('prefixKey'),
    prefix: readParts(value['prefix'], 'prefix'),
    rest: readParts(value['rest'], 'rest'),
  });
  return {
    id: text('id'),
    ...('paraphrase' in value ? paraphrasePrompt(template, text('paraphrase')) : parts()),
    n: number('n', 1, 0, 512),
    greedy: value['greedy'] === true,
    temperature: number('temperature', 1, 0, 10),
    seed: number('seed', 0, 0, Number.MAX_SAFE_INTEGER),
    maxTokens: number('maxTokens', 256, 1, mostTokens),
    stop,
  };
}

function readParts(value: unknown, name: string): readonly PromptPart[] {
  const isPart = (part: unknown): part is PromptPart =>
    typeof part === 'object' && part !== null && 'text' in part && typeof part.text === 'string';
  if (!Array.isArray(value) || !value.every(isPart)) throw new Error(`${name} is a list of parts with a text`);
  return value;
}

/** Answers one request. What is wrong with it, or with the model, becomes a line; cancelling is thrown. */
export async function completePrompt(model: ModelService, request: CompleteRequest, token: CancellationToken): Promise<CompleteLine> {
  if (request.n + Number(request.greedy) < 1) return { id: request.id, completions: [] };
  try {
    const { candidates } = await model.generate(paramsOf(request), {}, token);
    const completions = candidates.map(({ text, count, greedy, logProbability, sampledTokens, forcedTokens, finish }) => ({
      text,
      count,
      greedy,
      logProbability,
      tokens: sampledTokens + forcedTokens,
      finish,
    }));
    return { id: request.id, completions };
  } catch (error) {
    if (isCancelled(error) || !isJoineryError(error)) throw error;
    return { id: request.id, error: { code: error.code, sentence: describeError(error.code, error.details).sentence } };
  }
}

function paramsOf(request: CompleteRequest): Omit<GenerateParams, 'requestId'> {
  const { prefix, prefixKey, rest, stop, maxTokens, temperature, seed, n, greedy } = request;
  const shape = { candidates: n + Number(greedy), samplesOnly: !greedy };
  return { prefix, prefixKey, rest, stop, maxTokens, temperature, seed, priority: 'batch', deadlineMs: 0, ...shape };
}
