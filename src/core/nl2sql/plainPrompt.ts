/** The baseline prompt for measurements: CREATE TABLE text and the question, nothing else of the pipeline. */
import { type ChatTemplate, type PromptPart } from './promptPart.js';
import { type DatabaseKnowledge } from './types.js';
import { closeTurn, mergeParts, openTurn, renderTurns } from './chatTemplate.js';
import { schemaText } from './schemaText.js';

export interface PlainPrompt {
  readonly prefix: readonly PromptPart[];
  rest(question: string): readonly PromptPart[];
}

const system = 'You are an expert in SQLite. Write one SQLite query that answers the question.';

/** Declared relations only and no example values: what a schema dump would show. */
export function plainPrompt(knowledge: DatabaseKnowledge, template: ChatTemplate): PlainPrompt {
  const tables = knowledge.schema.tables.map((table) => table.name);
  const relations = knowledge.relations.filter((relation) => relation.origin === 'declared');
  const ddl = schemaText('ddl', { schema: knowledge.schema, tables, relations });
  return {
    prefix: renderTurns(template, [
      { role: 'system', text: system },
      { role: 'user', text: `${ddl}\n`, closed: false },
    ]),
    rest: (question) =>
      mergeParts([
        { text: `\nQuestion: ${question}` },
        ...closeTurn(template, 'user'),
        ...openTurn(template, 'assistant'),
        { text: '```sql\n' },
      ]),
  };
}
