/**
 * Step 3: the prompt, in two parts. The first is fixed per database (instruction, worked examples on a schema of our own, the
 * user's schema or one cluster of it), so that its evaluated state serves every question. The second holds what depends on the
 * question: further tables, join paths, values, demonstrations, the conversation, the question itself.
 */
import { type ChatTemplate, type PromptPart } from './promptPart.js';
import { type JoinTree } from '../graph/types.js';
import { hashText } from '../shared/hash.js';
import { quoteIdentifier, quoteString } from '../sql/quote.js';
import { closeTurn, mergeParts, openTurn, renderTurns, type Turn } from './chatTemplate.js';
import { answerOpening, type PromptStyle, type PromptTarget, promptVersionOf } from './promptStyle.js';
import { clusterSchema } from './clusterSchema.js';
import { exampleLiteral, relationCondition, schemaText, type SchemaView } from './schemaText.js';
import { type DatabaseKnowledge, type Demonstration, type LinkedQuestion, type SchemaChoice } from './types.js';
import { workedExamples, workedSchema } from './workedExamples.js';

/** What the fixed part of a prompt depends on. */
export interface PrefixInput {
  readonly knowledge: DatabaseKnowledge;
  readonly template: ChatTemplate;
  /** False keeps every value of the data out of the prompt. */
  readonly showValues: boolean;
  readonly view?: SchemaView;
  /** `worked` when absent. */
  readonly style?: PromptStyle;
  /** `sql` when absent. */
  readonly target?: PromptTarget;
  /** Tokens that the fixed schema text may take. */
  readonly schemaBudget: number;
}

export interface PromptInput extends PrefixInput {
  readonly linked: LinkedQuestion;
  readonly choice: SchemaChoice;
  readonly demonstrations: readonly Demonstration[];
  readonly previous?: { readonly question: string; readonly sql: string };
  readonly showJoins: boolean;
}

export interface PromptPrefix {
  readonly prefix: readonly PromptPart[];
  /** Equal keys mean equal prefixes. */
  readonly prefixKey: string;
}

export interface Prompt extends PromptPrefix {
  readonly rest: readonly PromptPart[];
  /** Tables whose definition the model sees: the grammar offers these. */
  readonly tables: readonly string[];
}

const instruction =
  'You are an expert in SQLite. Write one SQLite query that answers the question. Select only the columns that are asked for, in the order of the question.';
const targetInstructions: Readonly<Record<PromptTarget, string>> = {
  sql: '',
  think: ' Plan it first in short numbered questions.',
  ir: ' Leave out FROM and JOIN, and name every column with its table.',
};
/** Characters of one token of SQL, roughly; only budgets depend on it. */
const charactersPerToken = 2.4;
const maxExtraTables = 6;
/** No number of tables next to a needed one draws a question to another part of the schema. */
const neededWeight = 100;
const maxValues = 6;

export function renderPrompt(given: PromptInput): Prompt {
  const input = withinBudget(given);
  const { prefixTables, extraTables } = placeTables(input);
  return {
    ...prefixOf(input, prefixTables),
    rest: questionPart(input, extraTables),
    tables: [...prefixTables, ...extraTables],
  };
}

/** All fixed parts that prompts on this database begin with: one, or one for each cluster of a schema above the budget. */
export function renderPrefixes(given: PrefixInput): readonly PromptPrefix[] {
  const input = withinBudget(given);
  return clustersOf(input).map((tables) => prefixOf(input, tables));
}

function prefixOf(input: PrefixInput, tables: readonly string[]): PromptPrefix {
  const prefix = fixedPart(input, tables);
  const key = hashText(prefix.map((part) => `${part.special ? '\u0001' : '\u0002'}${part.text}`).join(''));
  return { prefix, prefixKey: `${promptVersionOf(input.style ?? 'worked', input.target)}-${key}` };
}

/** Example values are worth less than seeing the whole schema: they go first when both do not fit. */
function withinBudget<I extends PrefixInput>(input: I): I {
  if (!input.showValues) return input;
  const tables = input.knowledge.schema.tables.map((table) => table.name);
  const tokens = (profiles: PromptInput['knowledge']['profiles']): number =>
    tableText({ ...input, knowledge: { ...input.knowledge, profiles } }, tables).length / charactersPerToken;
  const fits = tokens(input.knowledge.profiles) <= input.schemaBudget || tokens([]) > input.schemaBudget;
  return fits ? input : { ...input, knowledge: { ...input.knowledge, profiles: [] } };
}

function placeTables(input: PromptInput): { prefixTables: readonly string[]; extraTables: readonly string[] } {
  const clusters = clustersOf(input);
  const needed = [...input.choice.terminals, ...input.choice.bridges];
  const wanted = input.choice.related.slice(0, Math.max(maxExtraTables, needed.length));
  const weight = (table: string): number => (needed.includes(table) ? neededWeight : 1);
  const rank = (table: string): number => (wanted.includes(table) ? weight(table) * (wanted.length - wanted.indexOf(table)) : 0);
  const score = (cluster: readonly string[]): number => cluster.reduce((sum, table) => sum + rank(table), 0);
  const home = clusters.reduce<string[]>((best, cluster) => (score(cluster) > score(best) ? cluster : best), clusters[0] ?? []);
  return { prefixTables: home, extraTables: clusters.length === 1 ? [] : wanted.filter((table) => !home.includes(table)) };
}

function clustersOf(input: PrefixInput): string[][] {
  const { schema, relations } = input.knowledge;
  const cost = (table: string): number => tableText(input, [table]).length / charactersPerToken;
  return clusterSchema(schema, relations, cost, input.schemaBudget);
}

function tableText(input: PrefixInput, tables: readonly string[]): string {
  const { schema, relations, profiles } = input.knowledge;
  return schemaText(input.view ?? 'ddl', { schema, tables, relations, ...(input.showValues ? { profiles } : {}) });
}

function fixedPart(input: PrefixInput, tables: readonly string[]): PromptPart[] {
  const target = input.target ?? 'sql';
  const turns: Turn[] = [{ role: 'system', text: `${instruction}${targetInstructions[target]}` }];
  // The examples are plain statements: they would teach another target to write those.
  const examples = input.style === 'bare' || target !== 'sql' ? [] : workedExamples;
  examples.forEach((example, at) => {
    turns.push({ role: 'user', text: `${at === 0 ? `${workedSchema}\n\n` : ''}Question: ${example.question}` });
    turns.push({ role: 'assistant', text: `\`\`\`sql\n${example.sql};\n\`\`\`` });
  });
  turns.push({ role: 'user', text: `${tableText(input, tables)}\n`, closed: false });
  return renderTurns(input.template, turns);
}

function questionPart(input: PromptInput, extraTables: readonly string[]): PromptPart[] {
  const lines = [
    ...(extraTables.length > 0 ? [tableText(input, extraTables)] : []),
    ...(input.showJoins ? joinLines(input.choice.joins) : []),
    ...(input.showValues ? valueLines(input.linked) : []),
    ...input.demonstrations.map((pair) => `Example: ${oneLine(pair.question)}\n${oneLine(pair.sql)}`),
    ...(input.previous ? [`Earlier question: ${oneLine(input.previous.question)}\nIts SQL: ${oneLine(input.previous.sql)}`] : []),
    `Question: ${oneLine(input.linked.question)}`,
  ];
  return mergeParts([
    { text: `\n${lines.join('\n')}` },
    ...closeTurn(input.template, 'user'),
    ...openTurn(input.template, 'assistant'),
    { text: answerOpening(input.target ?? 'sql') },
  ]);
}

function joinLines(joins: readonly JoinTree[]): string[] {
  const best = joins[0];
  if (!best || best.steps.length === 0) return [];
  const first = best.tables[0] ?? '';
  const hops = best.steps.map((step) => `JOIN ${quoteIdentifier(step.to)} ON ${relationCondition(step.relation)}`);
  return [`-- Join path: ${quoteIdentifier(best.steps[0]?.from ?? first)} ${hops.join(' ')}`];
}

function valueLines(linked: LinkedQuestion): string[] {
  const seen = new Set<string>();
  return linked.links
    .filter((link) => link.kind === 'value')
    .flatMap((link) => {
      const literal = exampleLiteral(link.value ?? '');
      const line = `-- ${quoteString(link.text)} is in the data: ${quoteIdentifier(link.table ?? '')}.${quoteIdentifier(link.column ?? '')} = ${literal}`;
      if (literal === '' || seen.has(line)) return [];
      seen.add(line);
      return [line];
    })
    .slice(0, maxValues);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
