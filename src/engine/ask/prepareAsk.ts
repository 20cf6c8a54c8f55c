/** The part of the pipeline before the model: links, schema choice, demonstrations, prompt and grammar for one question. */
import { buildGrammar } from '../../core/nl2sql/buildGrammar.js';
import { type ChatTemplate } from '../../core/nl2sql/promptPart.js';
import { chooseSchema } from '../../core/nl2sql/chooseSchema.js';
import { chooseDemonstrations, usualDemonstrations } from '../../core/nl2sql/demonstrations.js';
import { findUnmetWords } from '../../core/nl2sql/missingWords.js';
import { linkQuestion } from '../../core/nl2sql/linkQuestion.js';
import { maskValues, withoutStoredValues } from '../../core/nl2sql/maskValues.js';
import { buildNameIndex, type NameIndex } from '../../core/nl2sql/nameIndex.js';
import { pickSketch } from '../../core/nl2sql/pickSketch.js';
import { collectLiterals, collectNumbers } from '../../core/nl2sql/collectLiterals.js';
import { type PromptStyle, type PromptTarget } from '../../core/nl2sql/promptStyle.js';
import { type PrefixInput, type Prompt, type PromptPrefix, renderPrefixes, renderPrompt } from '../../core/nl2sql/renderPrompt.js';
import { type SchemaView } from '../../core/nl2sql/schemaText.js';
import { type Demonstration, type LinkedQuestion, type SchemaChoice } from '../../core/nl2sql/types.js';
import { type DatabaseSchema } from '../../core/schema/types.js';
import { writtenFor } from '../../core/nl2sql/writtenFor.js';
import { type OpenedDatabase } from '../catalogue/types.js';
import { type AskRequest, type AskSteps } from './types.js';

export interface PreparedAsk {
  readonly linked: LinkedQuestion;
  readonly choice: SchemaChoice;
  readonly prompt: Prompt;
  readonly target: PromptTarget;
  /** Absent when the grammar step is off. */
  readonly grammar?: string;
}

/** What follows from the model, its context and the user's permission. */
export interface PromptSettings {
  readonly template: ChatTemplate;
  /** Tokens that the fixed schema text may take. */
  readonly schemaBudget: number;
  /** False keeps the data away from the model: from the prompt, and from the texts that the grammar offers. */
  readonly showValues: boolean;
  /** How the schema is written; DDL when absent. */
  readonly view?: SchemaView;
  /** Of the model that will answer; `worked` when absent. */
  readonly style?: PromptStyle;
  /** What that model writes; `sql` when absent. A begun statement is gone on with in SQL whatever it is. */
  readonly target?: PromptTarget;
}

export interface PrepareSettings extends PromptSettings {
  readonly pairs: readonly Demonstration[];
  /** At most so many pairs are shown; the usual number when absent. */
  readonly mostDemonstrations?: number;
}

/** Tokens of the schema text; the rest of the context holds the worked examples, the question and the answer. */
export const askSchemaBudget = 2_600;
const maxTables = 40;
const nameIndexes = new WeakMap<DatabaseSchema, NameIndex>();

export function prepareAsk(opened: OpenedDatabase, request: AskRequest, settings: PrepareSettings): PreparedAsk {
  const { steps } = request;
  const { knowledge } = opened;
  const { linked, choice } = linkAndChoose(opened, request.question, steps);
  const visible = settings.showValues ? linked : withoutStoredValues(linked);
  const target = request.begun === undefined ? (settings.target ?? 'sql') : 'sql';
  const asWritten = <P extends Demonstration>(pair: P): P => ({ ...pair, sql: writtenFor(target, pair.sql, knowledge) });
  const demonstrations = steps.demonstrations ? demonstrationsFor(request, linked, choice, settings).map(asWritten) : [];
  const previous = request.previous && asWritten(earlierAnswer(request.previous, request.question, settings.showValues));
  const prompt = renderPrompt({
    ...prefixInput(opened, steps, settings),
    linked: visible,
    choice,
    demonstrations,
    showJoins: steps.joins,
    target,
    ...(previous ? { previous } : {}),
  });
  const grammar = steps.grammar ? grammarFor(opened, request, { linked: visible, choice, prompt, target }, settings.showValues) : undefined;
  return { linked, choice, prompt, target, ...(grammar === undefined ? {} : { grammar }) };
}

/** What prompts of questions on this database begin with. */
export function prefixesOf(opened: OpenedDatabase, steps: AskSteps, settings: PromptSettings): readonly PromptPrefix[] {
  return renderPrefixes(prefixInput(opened, steps, settings));
}

function prefixInput(opened: OpenedDatabase, steps: AskSteps, settings: PromptSettings): PrefixInput {
  const { template, schemaBudget, showValues, view, style, target } = settings;
  return {
    knowledge: opened.knowledge,
    template,
    showValues: showValues && steps.values,
    schemaBudget,
    ...(view === undefined ? {} : { view }),
    ...(style === undefined ? {} : { style }),
    ...(target === undefined ? {} : { target }),
  };
}

function linkAndChoose(opened: OpenedDatabase, question: string, steps: AskSteps): Pick<PreparedAsk, 'linked' | 'choice'> {
  const { knowledge } = opened;
  const linked = linkQuestion(question, namesOf(knowledge.schema), {
    ...(steps.values ? { findValues: (mention, limit) => opened.findValues(mention, limit) } : {}),
  });
  const choice = chooseSchema(knowledge, steps.links ? linked : { ...linked, links: [] }, {
    maxTables,
    ...(steps.joins ? { joinTrees: (tables: readonly string[]) => opened.joinTrees(tables) } : {}),
  });
  return { linked, choice };
}

/** All pairs that could be shown with a question, best first: what `prepareAsk` takes the first few of. */
export function likeDemonstrations(
  opened: OpenedDatabase,
  question: string,
  steps: AskSteps,
  pairs: readonly Demonstration[],
): readonly Demonstration[] {
  const { linked, choice } = linkAndChoose(opened, question, steps);
  return chooseDemonstrations(pairs, { linked, tables: choice.terminals, limit: pairs.length });
}

function demonstrationsFor(
  request: AskRequest,
  linked: LinkedQuestion,
  choice: SchemaChoice,
  settings: PrepareSettings,
): readonly Demonstration[] {
  const chosen =
    request.demonstrations ??
    chooseDemonstrations(settings.pairs, {
      linked,
      tables: choice.terminals,
      limit: settings.mostDemonstrations ?? usualDemonstrations,
      ...(request.failed === undefined ? {} : { draft: request.failed.sql }),
    });
  return settings.showValues ? chosen : chosen.map((pair) => ({ ...pair, sql: maskValues(pair.sql, pair.question) }));
}

/** An earlier statement holds the stored spellings of what was asked then. */
function earlierAnswer(previous: Demonstration, question: string, showValues: boolean): Demonstration {
  return showValues ? previous : { ...previous, sql: maskValues(previous.sql, `${previous.question} ${question}`) };
}

function namesOf(schema: DatabaseSchema): NameIndex {
  const known = nameIndexes.get(schema) ?? buildNameIndex(schema);
  nameIndexes.set(schema, known);
  return known;
}

function grammarFor(
  opened: OpenedDatabase,
  request: AskRequest,
  prepared: Pick<PreparedAsk, 'linked' | 'choice' | 'prompt' | 'target'>,
  showValues: boolean,
): string {
  const { schema, relations, profiles } = opened.knowledge;
  const sketchTable =
    request.steps.sketch && !request.previous && request.begun === undefined
      ? pickSketch(prepared.linked, prepared.choice, relations)
      : undefined;
  const columns = schema.tables.filter((table) => prepared.prompt.tables.includes(table.name)).flatMap((table) => table.columns);
  const seen = profiles.filter(({ table }) => prepared.prompt.tables.includes(table));
  const { literals, literalsByColumn } = collectLiterals(prepared.linked, showValues ? domainsFor(opened, request, prepared) : new Map());
  return buildGrammar({
    schema,
    tables: sketchTable === undefined ? prepared.prompt.tables : [sketchTable],
    relations,
    literals,
    literalsByColumn,
    ...(request.begun === undefined && request.steps.values ? { numbers: collectNumbers(prepared.linked, columns, seen) } : {}),
    lockJoins: request.steps.lockJoins,
    completeFrom: request.steps.completion && request.steps.lockJoins && request.begun === undefined,
    sketch: sketchTable !== undefined,
    target: prepared.target,
    // A begun statement may hold any text; an answer of the model only what the question or the data gave (R2).
    freeLiterals: request.begun !== undefined || !request.steps.values,
  });
}

/** Columns with at most so many values are flags in all but name: 'Y' and 'N' are rarely said. */
const flagChoices = 4;

/** Lists of choices matter when a word of the question met nothing, since it may be a choice under another name; those of flags when the column is meant. */
function domainsFor(
  opened: OpenedDatabase,
  request: AskRequest,
  prepared: Pick<PreparedAsk, 'linked' | 'prompt'>,
): Map<string, readonly string[]> {
  const domains = new Map<string, readonly string[]>();
  if (!request.steps.values) return domains;
  const isOpen = findUnmetWords(prepared.linked).length > 0;
  const named = new Set(prepared.linked.links.map((link) => `${link.table ?? ''}.${link.column ?? ''}`));
  for (const table of opened.knowledge.schema.tables.filter((candidate) => prepared.prompt.tables.includes(candidate.name))) {
    for (const column of table.columns) {
      const values = opened.smallDomain(table.name, column.name);
      const key = `${table.name}.${column.name}`;
      if (values && (isOpen || (values.length <= flagChoices && named.has(key)))) domains.set(key, values);
    }
  }
  return domains;
}
