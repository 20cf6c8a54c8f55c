/**
 * The versions of the prompt, raised with every change of wording: caches, adapters and training data belong to one. There are two styles: a model
 * that was never trained for the task is shown worked examples first; one that was has learnt them, and is spared reading them each time. What
 * was trained also says what the model writes: a statement, a plan and a statement, or a statement without FROM and JOIN.
 */

export type PromptStyle = 'worked' | 'bare';
/** What the model writes behind the prompt. `think` and `ir` are written by trained models only, and go with `bare`. */
export type PromptTarget = 'sql' | 'think' | 'ir';

export interface PromptKind {
  readonly style: PromptStyle;
  readonly target: PromptTarget;
}

const versions: Readonly<Record<PromptStyle, string>> = { worked: 'joinery-1', bare: 'joinery-1-bare' };
const kinds: readonly PromptKind[] = [
  { style: 'worked', target: 'sql' },
  { style: 'bare', target: 'sql' },
  { style: 'bare', target: 'think' },
  { style: 'bare', target: 'ir' },
];

export const promptStyles: readonly PromptStyle[] = ['worked', 'bare'];
export const promptTargets: readonly PromptTarget[] = ['sql', 'think', 'ir'];

export function promptVersionOf(style: PromptStyle, target: PromptTarget = 'sql'): string {
  return target === 'sql' ? versions[style] : `${versions[style]}-${target}`;
}

/** Undefined for the version of another release: an adapter trained for it does not fit this one's prompts. */
export function promptKindOf(version: string): PromptKind | undefined {
  return kinds.find(({ style, target }) => promptVersionOf(style, target) === version);
}

export function promptStyleOf(version: string): PromptStyle | undefined {
  return promptKindOf(version)?.style;
}

/** How the prompt opens the answer: what a model of this target goes on from. */
export function answerOpening(target: PromptTarget): string {
  return target === 'think' ? '### Plan\n' : '```sql\n';
}
