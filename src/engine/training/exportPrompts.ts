/**
 * Prompts of question and SQL pairs as the model will see them, for the trainer: it never builds a prompt itself. What is fixed per database
 * stands in lines of its own, which pairs name by key, so that training can share it as inference does. No model is loaded and nothing is run.
 */
import { compileGrammar } from '../../core/grammar/compileGrammar.js';
import { type GrammarMatcher } from '../../core/grammar/types.js';
import { type EvalItem } from '../../core/eval/types.js';
import { normaliseBegun } from '../../core/nl2sql/normaliseBegun.js';
import { type ChatTemplate, type PromptPart } from '../../core/nl2sql/promptPart.js';
import { answerOpening, type PromptStyle, type PromptTarget, promptVersionOf } from '../../core/nl2sql/promptStyle.js';
import { toJoinFree } from '../../core/nl2sql/toJoinFree.js';
import { type SchemaView } from '../../core/nl2sql/schemaText.js';
import { type CancellationToken, throwIfCancelled } from '../../core/shared/cancellation.js';
import { isCancelled, isJoineryError } from '../../core/shared/errors.js';
import { defaultSteps } from '../ask/askSteps.js';
import { type AskRequest, type AskSteps } from '../ask/types.js';
import { prepareAsk } from '../ask/prepareAsk.js';
import { type Catalogue, type OpenedDatabase } from '../catalogue/types.js';
import { shuffled } from './chance.js';
import { type GraphTaskKind, graphTasks } from './graphTasks.js';
import { variedDatabase, type Variation } from './schemaVariant.js';

export interface ExportOptions {
  readonly template: ChatTemplate;
  /** At least one; with several, each pair is written once in each, under an id of its own. */
  readonly views: readonly SchemaView[];
  readonly style: PromptStyle;
  /** What is to be written: statements, plans before them (which the trainer makes), or statements without FROM and JOIN; `sql` when absent. */
  readonly target?: PromptTarget;
  /** False keeps every stored value out of the prompts. */
  readonly showValues: boolean;
  /** Tokens that the fixed schema text may take; the same as when asking, so that training sees what inference will show. */
  readonly schemaBudget: number;
  /** How prompts differ from those of the product, for augmentation; absent leaves them as they are asked with. */
  readonly augmentation?: Augmentation;
}

export interface Augmentation extends Variation {
  /** In how many of the views each pair is written. */
  readonly viewsEach: number;
  /** Questions about the schema itself, per database. */
  readonly graphTasks: number;
}

export interface HeaderLine {
  readonly kind: 'header';
  readonly format: 1;
  readonly promptVersion: string;
  readonly target: PromptTarget;
  readonly template: ChatTemplate;
  /** Names of the views, joined by plus signs. */
  readonly view: string;
  readonly showValues: boolean;
}

export interface PrefixLine {
  readonly kind: 'prefix';
  readonly key: string;
  readonly db: string;
  readonly parts: readonly PromptPart[];
}

export interface PairLine {
  readonly kind: 'pair';
  readonly id: string;
  readonly db: string;
  readonly database: string;
  readonly question: string;
  /** In the surface style of the product's grammar; for the target `ir` without FROM and JOIN. */
  readonly sql: string;
  /** As it was given. */
  readonly gold: string;
  readonly prefixKey: string;
  readonly rest: readonly PromptPart[];
  /** True when the grammar of this question could have written `sql`. */
  readonly inGrammar: boolean;
  readonly level?: string;
}

/** A question about the schema that its graph answers; the answer is no SQL. */
export interface TaskLine {
  readonly kind: 'task';
  readonly id: string;
  readonly db: string;
  readonly database: string;
  readonly task: GraphTaskKind;
  readonly question: string;
  readonly answer: string;
  readonly prefixKey: string;
  readonly rest: readonly PromptPart[];
}

/** A pair that has no prompt, and the code of the reason; `outside.…` for statements that cannot be said without FROM. */
export interface SkippedLine {
  readonly kind: 'skipped';
  readonly id: string;
  readonly db: string;
  readonly reason: string;
}

export type ExportLine = HeaderLine | PrefixLine | PairLine | TaskLine | SkippedLine;

const indexWaitMs = 120_000;

/** One line at a time, databases together as they come. A pair that cannot be rendered is a line that says why; nothing is dropped in silence. */
export async function* exportPrompts(
  catalogue: Catalogue,
  items: readonly EvalItem[],
  options: ExportOptions,
  token: CancellationToken,
): AsyncGenerator<ExportLine> {
  const { template, views, style, target = 'sql', showValues, augmentation } = options;
  yield { kind: 'header', format: 1, promptVersion: promptVersionOf(style, target), target, template, view: views.join('+'), showValues };
  const seen = new Set<string>();
  const asked = new Set<string>();
  for (const item of items) {
    throwIfCancelled(token);
    if (item.gold === undefined) {
      yield { kind: 'skipped', id: item.id, db: item.db, reason: 'no SQL' };
      continue;
    }
    try {
      const opened = await catalogue.open(item.database, token);
      await opened.whenIndexed(indexWaitMs, token);
      const written = writtenAs(target, item.gold, opened);
      if ('outside' in written) {
        yield { kind: 'skipped', id: item.id, db: item.db, reason: `outside.${written.outside}` };
        continue;
      }
      const pair = { ...item, gold: item.gold, sql: written.sql };
      const rendered = viewsOf(item.id, options).map((view) => renderPair(opened, pair, view, options));
      if (augmentation !== undefined && !asked.has(item.database)) rendered.push(...renderTasks(opened, item, options, augmentation));
      asked.add(item.database);
      for (const { prefix, line } of rendered) {
        if (!seen.has(prefix.key)) yield prefix;
        seen.add(prefix.key);
        yield line;
      }
    } catch (error) {
      if (isCancelled(error) || !isJoineryError(error)) throw error;
      yield { kind: 'skipped', id: item.id, db: item.db, reason: error.code };
    }
  }
}

interface Rendered {
  readonly prefix: PrefixLine;
  readonly line: PairLine | TaskLine;
}

function viewsOf(id: string, { views, augmentation }: ExportOptions): readonly SchemaView[] {
  return augmentation === undefined
    ? views
    : shuffled(views, `${augmentation.seed} view ${id}`, (view) => view).slice(0, augmentation.viewsEach);
}

/** The gold as the model should write it; a plan is put before it elsewhere. */
function writtenAs(
  target: PromptTarget,
  gold: string,
  { knowledge }: OpenedDatabase,
): { readonly sql: string } | { readonly outside: string } {
  const sql = normaliseBegun(gold.replace(/[\s;]+$/, ''), knowledge.schema);
  if (target !== 'ir') return { sql };
  const free = toJoinFree(sql, knowledge);
  return 'outside' in free ? free : { sql: free.ir };
}

interface WrittenItem extends EvalItem {
  readonly gold: string;
  /** What the model should write. */
  readonly sql: string;
}

/** Any plan: what the grammar takes before a statement. */
const somePlan = '1. Which?\n```sql\n';

function renderPair(opened: OpenedDatabase, item: WrittenItem, view: SchemaView, options: ExportOptions): Rendered {
  const { augmentation, views, target } = options;
  const shown = augmentation === undefined ? opened : variedDatabase(opened, item, augmentation);
  const { prompt, grammar } = prepareAsk(shown, requestOf(item), { ...options, view, pairs: [] });
  // What a variant hides is hidden from its prompt alone: the grammar is that of the product.
  const own = shown === opened ? grammar : prepareAsk(opened, requestOf(item), { ...options, view, pairs: [] }).grammar;
  const answer = `${target === 'think' ? somePlan : ''}${item.sql}`;
  return {
    prefix: { kind: 'prefix', key: prompt.prefixKey, db: item.db, parts: prompt.prefix },
    line: {
      kind: 'pair',
      id: views.length === 1 ? item.id : `${item.id}@${view}`,
      db: item.db,
      database: item.database,
      question: item.question,
      sql: item.sql,
      gold: item.gold,
      prefixKey: prompt.prefixKey,
      rest: prompt.rest,
      inGrammar: own !== undefined && accepts(compileGrammar(own), answer),
      ...(item.hardness === undefined ? {} : { level: item.hardness }),
    },
  };
}

/** Tasks stand on the prefixes of the pairs. Hints of joins would give their answers away, and an answer is text: the prompt ends accordingly. */
function renderTasks(opened: OpenedDatabase, item: EvalItem, options: ExportOptions, augmentation: Augmentation): Rendered[] {
  const { distractors: _, ...whole } = augmentation;
  const tasks = graphTasks(opened.knowledge, opened.joinGraph, augmentation.graphTasks, `${augmentation.seed} ${item.db}`);
  return tasks.map((task, at): Rendered => {
    const id = `${item.db}#${task.kind}-${at}`;
    // Join lines alone name too little to answer from.
    const [view = 'ddl'] = viewsOf(id, { ...options, views: options.views.filter((name) => name !== 'joins') });
    const request = requestOf({ ...item, question: task.question }, { joins: false, grammar: false });
    const { prompt } = prepareAsk(variedDatabase(opened, { id, gold: '' }, { ...whole, droppedKeys: 0 }), request, {
      ...options,
      view,
      pairs: [],
    });
    const line = { db: item.db, database: item.database, task: task.kind, question: task.question, answer: task.answer };
    return {
      prefix: { kind: 'prefix', key: prompt.prefixKey, db: item.db, parts: prompt.prefix },
      line: { kind: 'task', id, ...line, prefixKey: prompt.prefixKey, rest: asText(prompt.rest, answerOpening(options.target ?? 'sql')) },
    };
  });
}

function asText(rest: readonly PromptPart[], opening: string): PromptPart[] {
  return rest.map((part, at) => {
    const isOpening = at === rest.length - 1 && part.text.endsWith(opening);
    return isOpening ? { ...part, text: `${part.text.slice(0, -opening.length)}\`\`\`text\n` } : part;
  });
}

function requestOf(item: EvalItem, steps: Partial<AskSteps> = {}): AskRequest {
  return {
    question: item.question,
    database: item.database,
    candidates: 1,
    priority: 'batch',
    deadlineMs: 0,
    seed: 0,
    steps: { ...defaultSteps, demonstrations: false, ...steps },
  };
}

function accepts(matcher: GrammarMatcher, sql: string): boolean {
  const state = matcher.advance(matcher.start, sql);
  return state !== undefined && matcher.isComplete(state);
}
