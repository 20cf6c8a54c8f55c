/**
 * Prompt parts as the messages of a chat request. Only the marks of the template divide messages, as in the model process: text of users
 * and data stays inside its message. The parts must have been rendered for `chatml`.
 */
import { type PromptPart } from '../../core/nl2sql/promptPart.js';

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export function chatMessages(parts: readonly PromptPart[]): readonly ChatMessage[] {
  const messages: ChatMessage[] = [];
  let text: string | undefined;
  const close = (): void => {
    const message = text === undefined ? undefined : messageOf(text);
    if (message) messages.push(message);
    text = undefined;
  };
  for (const part of parts) {
    if (part.special === true) {
      close();
      if (part.text === '<|im_start|>') text = '';
    } else if (text !== undefined) {
      text += part.text;
    }
  }
  // The answer that was opened for the model: a server opens it itself.
  if (text !== undefined && !text.startsWith('assistant\n')) close();
  return messages;
}

function messageOf(text: string): ChatMessage | undefined {
  const end = text.indexOf('\n');
  const role = (['system', 'user', 'assistant'] as const).find((known) => known === text.slice(0, end));
  return role && { role, content: text.slice(end + 1) };
}

/** The same conversation, with the beginning of the statement that the answer must continue. */
export function withBegun(messages: readonly ChatMessage[], begun: string): readonly ChatMessage[] {
  const last = messages.at(-1);
  if (!last) return messages;
  return [
    ...messages.slice(0, -1),
    { ...last, content: `${last.content}\nThe query begins with exactly this text; repeat it and go on:\n${begun}` },
  ];
}
