/** Turns of a conversation as prompt parts. Only the template's own marks are special: text of users and data never is. */
import { type ChatTemplate, type PromptPart } from './promptPart.js';

export interface Turn {
  readonly role: 'system' | 'user' | 'assistant';
  readonly text: string;
  /** False leaves the turn open, for text that follows in a later part. */
  readonly closed?: boolean;
}

export function renderTurns(template: ChatTemplate, turns: readonly Turn[]): PromptPart[] {
  return mergeParts(
    turns.flatMap((turn) => [
      ...openTurn(template, turn.role),
      { text: turn.text },
      ...(turn.closed === false ? [] : closeTurn(template, turn.role)),
    ]),
  );
}

/** The marks that end a turn left open. */
export function closeTurn(template: ChatTemplate, role: Turn['role']): PromptPart[] {
  switch (template) {
    case 'chatml':
      return [{ text: '<|im_end|>', special: true }, { text: '\n' }];
    case 'llama3':
      return [{ text: '<|eot_id|>', special: true }];
    case 'gemma':
      return role === 'system' ? [{ text: '\n\n' }] : [{ text: '<end_of_turn>', special: true }, { text: '\n' }];
    case 'plain':
      return [{ text: '\n\n' }];
  }
}

/** The marks that begin a turn. Gemma has no system role: its text opens the first user turn. */
export function openTurn(template: ChatTemplate, role: Turn['role']): PromptPart[] {
  switch (template) {
    case 'chatml':
      return [{ text: '<|im_start|>', special: true }, { text: `${role}\n` }];
    case 'llama3':
      return [
        { text: role === 'system' ? '<|begin_of_text|>' : '', special: true },
        { text: '<|start_header_id|>', special: true },
        { text: role },
        { text: '<|end_header_id|>', special: true },
        { text: '\n\n' },
      ];
    case 'gemma':
      return role === 'system' ? [] : [{ text: '<start_of_turn>', special: true }, { text: `${role === 'assistant' ? 'model' : role}\n` }];
    case 'plain':
      return role === 'assistant' ? [{ text: '### SQL\n' }] : role === 'user' ? [{ text: '### Question\n' }] : [];
  }
}

/** Neighbouring parts of one kind become one, so that their text is tokenised together. */
export function mergeParts(parts: readonly PromptPart[]): PromptPart[] {
  const merged: PromptPart[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (part.text === '') continue;
    if (last && !last.special && !part.special) merged[merged.length - 1] = { text: last.text + part.text };
    else merged.push(part);
  }
  return merged;
}
