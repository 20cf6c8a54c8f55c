/**
 * The versions of the prompt, raised with every change of wording: caches, adapters and training data belong to one. There are two styles: a model
 * that was never trained for the task is shown worked examples first; one that was has learnt them, and is spared reading them each time.
 */

export type PromptStyle = 'worked' | 'bare';

const versions: Readonly<Record<PromptStyle, string>> = { worked: 'joinery-1', bare: 'joinery-1-bare' };

export const promptStyles: readonly PromptStyle[] = ['worked', 'bare'];

export function promptVersionOf(style: PromptStyle): string {
  return versions[style];
}

/** Undefined for the version of another release: an adapter trained for it does not fit this one's prompts. */
export function promptStyleOf(version: string): PromptStyle | undefined {
  return promptStyles.find((style) => versions[style] === version);
}
