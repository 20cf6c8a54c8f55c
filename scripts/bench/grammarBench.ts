/**
 * What the grammar costs: building and compiling it, and testing 64 candidate tokens per model step, cold (texts seen
 * for the first time) and warm (seen before). It uses made-up schemas and no model.
 */
import { compileGrammar } from '../../src/core/grammar/compileGrammar.js';
import { type GrammarMatcher, type GrammarState } from '../../src/core/grammar/types.js';
import { type Relation } from '../../src/core/graph/types.js';
import { buildGrammar } from '../../src/core/nl2sql/buildGrammar.js';
import { type GrammarInput } from '../../src/core/nl2sql/types.js';
import { type Column, type Table } from '../../src/core/schema/types.js';
import { mean, median } from './averages.js';

export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the value must not exceed. */
  readonly bar?: number;
}

const candidatesPerStep = 64;
const rounds = 7;

export async function runGrammarBench(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const [tables, columns, bar] of [
    [20, 10, 20],
    [60, 10, 80],
  ] as const) {
    const input = madeUpInput(tables, columns);
    const name = `grammar, ${String(tables)} tables`;
    rows.push({ name: `${name}: build and compile`, value: medianTime(() => void compileGrammar(buildGrammar(input))), unit: 'ms', bar });
    const sentences = madeUpSentences();
    const cold = stepTimes(compileGrammar(buildGrammar(input)), sentences);
    const matcher = compileGrammar(buildGrammar(input));
    stepTimes(matcher, sentences);
    const warm = stepTimes(matcher, sentences);
    rows.push({ name: `${name}: model step cold, mean`, value: mean(cold), unit: 'ms', bar: 3 });
    rows.push({ name: `${name}: model step cold, slowest`, value: Math.max(...cold), unit: 'ms' });
    rows.push({ name: `${name}: model step warm, mean`, value: mean(warm), unit: 'ms', bar: 0.3 });
  }
  return Promise.resolve(rows);
}

/** Milliseconds of each model step: candidates are tested, then the sentence's next four characters are taken. */
function stepTimes(matcher: GrammarMatcher, sentences: readonly string[]): number[] {
  const times: number[] = [];
  for (const sentence of sentences) {
    let state: GrammarState | undefined = matcher.start;
    for (let at = 0; at < sentence.length && state !== undefined; at += 4) {
      const start = performance.now();
      for (let index = 0; index < candidatesPerStep; index++) matcher.advance(state, candidate(sentence, at, index));
      state = matcher.advance(state, sentence.slice(at, at + 4));
      matcher.forcedText(state ?? matcher.start);
      times.push(performance.now() - start);
    }
    if (state === undefined || !matcher.isComplete(state)) throw new Error(`the grammar refuses ${sentence}`);
  }
  return times;
}

/** Half of the candidates are pieces that occur in SQL, half are pieces of the sentence from elsewhere. */
function candidate(sentence: string, at: number, index: number): string {
  const pieces = [' AND', ' FROM', 'COUN', 'name', ' WHE', ' = ', 'tabl', ', ta', '1', ' ORD', 'colu', ' (SE', ')', ' JOI', '.co', 'SUM('];
  if (index % 2 === 0) return pieces[(index / 2) % pieces.length] ?? '';
  const from = (at + index * 7) % sentence.length;
  return sentence.slice(from, from + 4);
}

function madeUpInput(tableCount: number, columnCount: number): GrammarInput {
  const tables = Array.from({ length: tableCount }, (_, table) => madeUpTable(table, columnCount));
  const relations = tables.flatMap((_, child): Relation[] => {
    const parents = child === 0 ? [] : [Math.floor((child - 1) / 2), Math.max(0, child - 3)];
    return [...new Set(parents)].map((parent, index) => ({
      id: `${String(child)}-${String(parent)}`,
      child: `table_${String(child)}`,
      childColumns: [`table_${String(child)}_column_${String(index + 2)}`],
      parent: `table_${String(parent)}`,
      parentColumns: ['id'],
      origin: 'declared',
      confidence: 1,
      cardinality: 'N:1',
    }));
  });
  return {
    schema: { id: 'bench', name: 'bench', tables, problems: [], schemaHash: '' },
    tables: tables.map(({ name }) => name),
    relations,
    literals: ['France', '2014-01-01', 'New York'],
    lockJoins: true,
    sketch: false,
    freeLiterals: true,
  };
}

function madeUpTable(table: number, columnCount: number): Table {
  const columns = Array.from({ length: columnCount }, (_, index): Column => {
    const name = index === 0 ? 'id' : index === 1 ? 'name' : `table_${String(table)}_column_${String(index)}`;
    return { name, type: 'TEXT', affinity: 'TEXT', notNull: false, primaryKey: index === 0 ? 1 : 0 };
  });
  const nothing = { foreignKeys: [], indexes: [], triggers: [], checks: [], withoutRowid: false, strict: false, ddl: '' };
  return { name: `table_${String(table)}`, kind: 'table', columns, primaryKey: ['id'], ...nothing };
}

function madeUpSentences(): readonly string[] {
  return [
    "SELECT name FROM table_3 WHERE table_3_column_4 = 'France' ORDER BY table_3_column_5 DESC LIMIT 5",
    'SELECT table_1.name, COUNT(*) AS total FROM table_3 JOIN table_1 ON table_3.table_3_column_2 = table_1.id GROUP BY table_1.id ORDER BY total DESC LIMIT 1',
    "SELECT AVG(table_7_column_8), MAX(table_7_column_9) FROM table_7 WHERE table_7_column_3 > 20 AND name LIKE '%New York%'",
    'SELECT name FROM table_0 WHERE id NOT IN (SELECT table_1_column_2 FROM table_1 WHERE table_1_column_5 BETWEEN 1 AND 9)',
    'SELECT table_0.name FROM table_0 JOIN table_1 ON table_1.table_1_column_2 = table_0.id JOIN table_4 ON table_4.table_4_column_2 = table_1.id WHERE table_4.table_4_column_7 = 3',
  ];
}

function medianTime(run: () => void): number {
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return median(times);
}
