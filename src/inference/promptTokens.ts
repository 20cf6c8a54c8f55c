/** Prompt parts as tokens. Only parts marked special may become control tokens, so that data cannot open or close a turn. */
import { type LlamaModel, type Token } from 'node-llama-cpp';
import { type PromptPart } from '../core/nl2sql/promptPart.js';

export function promptTokens(model: LlamaModel, parts: readonly PromptPart[]): Token[] {
  return parts.flatMap((part, index) => model.tokenize(part.text, part.special === true, index === 0 ? undefined : 'trimLeadingSpace'));
}
