/** Prompts as values. What they are rendered from is decided by the steps; how they become tokens, by the model process. */

/** A piece of prompt. Only pieces marked special may become control tokens: data can never open or close a turn. */
export interface PromptPart {
  readonly text: string;
  readonly special?: boolean;
}

/** The known ways in which models mark the turns of a conversation. */
export type ChatTemplate = 'chatml' | 'llama3' | 'gemma' | 'plain';
