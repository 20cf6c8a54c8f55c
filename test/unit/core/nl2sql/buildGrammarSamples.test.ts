import { describe, expect, it } from 'vitest';
import { compileGrammar } from '../../../../src/core/grammar/compileGrammar.js';
import { buildGrammar } from '../../../../src/core/nl2sql/buildGrammar.js';
import { compileJoinFree } from '../../../../src/core/nl2sql/joinFreeSql.js';
import { completeJoins } from '../../../../src/core/nl2sql/completeJoins.js';
import { qualifyAmbiguous } from '../../../../src/core/nl2sql/qualifyAmbiguous.js';
import { type GrammarInput } from '../../../../src/core/nl2sql/types.js';
import { type GrammarSchema, grammarSchemas } from '../../../support/grammarSchemas.js';
import { memoryDatabase } from '../../../support/memoryDatabase.js';
import { plainJoinTrees } from '../../../support/plainJoinTrees.js';
import { sampleSentence } from '../../../support/sampleGrammar.js';
import { seededRandom } from '../../../support/seededRandom.js';

/** Sentences in all; a matcher is used for `perMatcher` of them, so that what it remembers stays small. */
const sentences = Number(process.env['GRAMMAR_SAMPLES'] ?? 1000);
const perMatcher = 50;
const modes: readonly Pick<GrammarInput, 'lockJoins' | 'completeFrom' | 'sketch' | 'freeLiterals' | 'target'>[] = [
  { lockJoins: true, sketch: false, freeLiterals: false },
  { lockJoins: true, sketch: false, freeLiterals: true },
  { lockJoins: false, sketch: false, freeLiterals: false },
  { lockJoins: true, sketch: true, freeLiterals: true },
  { lockJoins: true, completeFrom: true, sketch: false, freeLiterals: false },
  { lockJoins: true, sketch: false, freeLiterals: false, target: 'ir' },
];

async function complaints({ schema, relations }: GrammarSchema, mode: (typeof modes)[number], count: number): Promise<string[]> {
  const tables = schema.tables.map(({ name }) => name);
  const columns = schema.tables.flatMap((table) => table.columns.map((column) => `${table.name}.${column.name}`));
  const literalsByColumn = new Map([[columns[1] ?? '', ["L'Aquila", 'Rome']]]);
  const gbnf = buildGrammar({ schema, tables, relations, literals: ["O'Neil", '100%', '漢'], literalsByColumn, ...mode });
  const extra = [...new Set([...tables, ...columns].join(''))].join('');
  const random = seededRandom(count + gbnf.length);
  const joinTrees = plainJoinTrees(relations);
  const database = await memoryDatabase(schema);
  const found: string[] = [];
  for (let done = 0; done < count;) {
    const matcher = compileGrammar(gbnf);
    for (let index = 0; index < perMatcher && done < count; index++, done++) {
      const written = sampleSentence(matcher, random, { patience: 20 + (done % 5) * 30, extra });
      const whole =
        mode.completeFrom === true ? completeJoins(written.replace(/;$/, ''), { schema, joinTrees, preferred: [] }).sql : written;
      const joined =
        mode.target === 'ir' ? compileJoinFree(written, { schema, relations, profiles: [] }) : { sql: qualifyAmbiguous(whole, schema) };
      // What the graph cannot join, or only in two ways, is refused before SQLite sees it.
      if ('refusal' in joined) continue;
      const sentence = joined.sql;
      const complaint = await database.complaint(sentence);
      if (complaint !== undefined) found.push(`${complaint}: ${sentence}`);
    }
  }
  await database.close();
  return found;
}

describe('random sentences of the grammar compile in SQLite', () => {
  const cases = grammarSchemas.flatMap((schema) =>
    modes.map((mode) => ({ title: `${schema.title}, ${JSON.stringify(mode)}`, schema, mode })),
  );
  it.each(cases)('$title', { timeout: 600_000 }, async ({ schema, mode }) => {
    expect(await complaints(schema, mode, Math.ceil(sentences / cases.length))).toEqual([]);
  });
});
