/** Which of the known turn marks a model was trained with, from its template or, without one, from its vocabulary. */
import { type LlamaModel } from 'node-llama-cpp';
import { type ModelFacts } from '../protocol/modelProcess.js';

const marks: readonly (readonly [string, ModelFacts['chatTemplate']])[] = [
  ['<|im_start|>', 'chatml'],
  ['<|start_header_id|>', 'llama3'],
  ['<start_of_turn>', 'gemma'],
];

export function detectChatTemplate(model: LlamaModel): ModelFacts['chatTemplate'] {
  const { tokenizer } = model.fileInfo.metadata;
  const template = tokenizer.chat_template;
  return chatTemplateOf(typeof template === 'string' ? template : undefined, (mark) => model.tokenize(mark, true).length === 1);
}

/** `isToken` tells whether a text is one control token of the vocabulary: a mark that is not cannot be used. */
export function chatTemplateOf(template: string | undefined, isToken: (mark: string) => boolean): ModelFacts['chatTemplate'] {
  const known = marks.filter(([mark]) => isToken(mark));
  return (known.find(([mark]) => template?.includes(mark)) ?? (template === undefined ? known[0] : undefined))?.[1] ?? 'plain';
}
