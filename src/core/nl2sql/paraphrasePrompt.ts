/** The prompt that has a model say a question in other words, for training data. What came back is checked by the trainer, not here. */
import { type ChatTemplate, type PromptPart } from './promptPart.js';
import { mergeParts, openTurn, renderTurns, type Turn } from './chatTemplate.js';

const instruction =
  'Rewrite the question so that a colleague could have typed it. Keep its meaning exactly, and keep every name, number and quoted text as it is. Answer with the question alone.';

/** Of our own schema, as the worked examples of the answer prompt are: nothing of a measured set is in it. */
const examples: readonly (readonly [string, string])[] = [
  ['What are the titles of books whose genre is "poetry"?', 'which books are in the genre "poetry"? just the titles'],
  ['Show the number of loans for each member name.', 'How often did each member borrow a book?'],
  ['List the name of the author with the highest birth year.', "Who is the youngest author, what's the name?"],
];

export interface ParaphrasePrompt {
  readonly prefix: readonly PromptPart[];
  readonly prefixKey: string;
  readonly rest: readonly PromptPart[];
}

/** `prefixKey` is the same for all questions of a template: the evaluated prefix serves them all. */
export function paraphrasePrompt(template: ChatTemplate, question: string): ParaphrasePrompt {
  const turns: Turn[] = [{ role: 'system', text: instruction }];
  for (const [stiff, free] of examples) turns.push({ role: 'user', text: stiff }, { role: 'assistant', text: free });
  const asked = question.replace(/\s+/g, ' ').trim();
  return {
    prefix: renderTurns(template, turns),
    prefixKey: `paraphrase-1-${template}`,
    rest: mergeParts([...renderTurns(template, [{ role: 'user', text: asked }]), ...openTurn(template, 'assistant')]),
  };
}
