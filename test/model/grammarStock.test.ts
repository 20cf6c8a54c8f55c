import { getLlama, LlamaGrammar, LlamaLogLevel } from 'node-llama-cpp';
import { expect, it } from 'vitest';
import { buildGrammar } from '../../src/core/nl2sql/buildGrammar.js';
import { type GrammarInput } from '../../src/core/nl2sql/types.js';
import { grammarSchemas } from '../support/grammarSchemas.js';

const modes: readonly Pick<GrammarInput, 'lockJoins' | 'sketch' | 'freeLiterals' | 'completeFrom'>[] = [
  { lockJoins: true, sketch: false, freeLiterals: true },
  { lockJoins: false, sketch: false, freeLiterals: false },
  { lockJoins: true, sketch: true, freeLiterals: false },
  { lockJoins: true, sketch: false, freeLiterals: false, completeFrom: true },
];

it('llama.cpp itself reads every grammar', async () => {
  const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.disabled });
  const read = (grammar: string): boolean => {
    try {
      return new LlamaGrammar(llama, { grammar }) instanceof LlamaGrammar;
    } catch {
      // The addon has no other way to say no.
      return false;
    }
  };
  expect(read('root ::= missing')).toBe(false);
  for (const { schema, relations } of grammarSchemas) {
    const tables = schema.tables.map(({ name }) => name);
    const literals = ["O'Neil", '"quoted" \\ and\nlines'];
    expect(modes.map((mode) => read(buildGrammar({ schema, tables, relations, literals, ...mode })))).toEqual([true, true, true, true]);
  }
  await llama.dispose();
});
