/** Step 9: one more try, told what went wrong and which columns the named tables really have. */
import { type ChatTemplate, type PromptPart } from './promptPart.js';
import { closeTurn, mergeParts, openTurn } from './chatTemplate.js';
import { answerOpening, type PromptTarget } from './promptStyle.js';
import { type Prompt } from './renderPrompt.js';
import { schemaText } from './schemaText.js';
import { type DatabaseKnowledge } from './types.js';
import { writtenFor } from './writtenFor.js';

export interface FailedAttempt {
  readonly sql: string;
  /** SQLite's message, or undefined when it ran and returned no rows. */
  readonly error?: string;
  /** Tables that the statement names. */
  readonly tables: readonly string[];
  /** What the prompt asks for; `sql` when absent. */
  readonly target?: PromptTarget;
}

/** Longest error text that is shown to the model. */
const errorLength = 200;

/** The question part of the prompt, continued by the failed answer and the complaint. */
export function repairPrompt(prompt: Prompt, failed: FailedAttempt, knowledge: DatabaseKnowledge, template: ChatTemplate): PromptPart[] {
  const reason =
    failed.error === undefined ? 'It returned no rows.' : `It failed: ${failed.error.replace(/\s+/g, ' ').slice(0, errorLength)}`;
  const target = failed.target ?? 'sql';
  const columns = schemaText('compact', { schema: knowledge.schema, tables: failed.tables, relations: [] });
  return mergeParts([
    ...prompt.rest,
    { text: `${target === 'think' ? '```sql\n' : ''}${writtenFor(target, failed.sql, knowledge)};\n\`\`\`` },
    ...closeTurn(template, 'assistant'),
    ...openTurn(template, 'user'),
    { text: `${reason}\n${columns}\nWrite a different query that answers the question.` },
    ...closeTurn(template, 'user'),
    ...openTurn(template, 'assistant'),
    { text: answerOpening(target) },
  ]);
}
