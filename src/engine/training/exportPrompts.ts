/**
 * Prompts of question and SQL pairs as the model will see them, for the trainer: it never builds a prompt itself. What is fixed per database
 * stands in lines of its own, which pairs name by key, so that training can share it as inference does. No model is loaded and nothing is run.
 */
import { compileGrammar } from '../../core/grammar/compileGrammar.js';
import { type GrammarMatcher } from '../../core/grammar/types.js';
import { type EvalItem } from '../../core/eval/types.js';
import { normaliseBegun } from '../../core/nl2sql/normaliseBegun.js';
import { type ChatTemplate, type PromptPart } from '../../core/nl2sql/promptPart.js';
import { type PromptStyle, promptVersionOf } from '../../core/nl2sql/promptStyle.js';
import { type SchemaView } from '../../core/nl2sql/schemaText.js';
import { type CancellationToken, throwIfCancelled } from '../../core/shared/cancellation.js';
import { isCancelled, isJoineryError } from '../../core/shared/errors.js';
import { defaultSteps } from '../ask/askSteps.js';
import { prepareAsk } from '../ask/prepareAsk.js';
import { type Catalogue, type OpenedDatabase } from '../catalogue/types.js';

export interface ExportOptions {
  readonly template: ChatTemplate;
  readonly view: SchemaView;
  readonly style: PromptStyle;
  /** False keeps every stored value out of the prompts. */
  readonly showValues: boolean;
  /** Tokens that the fixed schema text may take; the same as when asking, so that training sees what inference will show. */
  readonly schemaBudget: number;
}

export interface HeaderLine {
  readonly kind: 'header';
  readonly format: 1;
  readonly promptVersion: string;
  readonly template: ChatTemplate;
  readonly view: SchemaView;
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
  /** In the surface style of the product's grammar. */
  readonly sql: string;
  /** As it was given. */
  readonly gold: string;
  readonly prefixKey: string;
  readonly rest: readonly PromptPart[];
  /** True when the grammar of this question could have written `sql`. */
  readonly inGrammar: boolean;
  readonly level?: string;
}

/** A pair that has no prompt, and the code of the reason. */
export interface SkippedLine {
  readonly kind: 'skipped';
  readonly id: string;
  readonly db: string;
  readonly reason: string;
}

export type ExportLine = HeaderLine | PrefixLine | PairLine | SkippedLine;

const indexWaitMs = 120_000;

/** One line at a time, databases together as they come. A pair that cannot be rendered is a line that says why; nothing is dropped in silence. */
export async function* exportPrompts(
  catalogue: Catalogue,
  items: readonly EvalItem[],
  options: ExportOptions,
  token: CancellationToken,
): AsyncGenerator<ExportLine> {
  const { template, view, style, showValues } = options;
  yield { kind: 'header', format: 1, promptVersion: promptVersionOf(style), template, view, showValues };
  const seen = new Set<string>();
  for (const item of items) {
    throwIfCancelled(token);
    if (item.gold === undefined) {
      yield { kind: 'skipped', id: item.id, db: item.db, reason: 'no SQL' };
      continue;
    }
    try {
      const opened = await catalogue.open(item.database, token);
      await opened.whenIndexed(indexWaitMs, token);
      const { prefix, pair } = renderPair(opened, item, item.gold, options);
      if (!seen.has(prefix.key)) yield prefix;
      seen.add(prefix.key);
      yield pair;
    } catch (error) {
      if (isCancelled(error) || !isJoineryError(error)) throw error;
      yield { kind: 'skipped', id: item.id, db: item.db, reason: error.code };
    }
  }
}

function renderPair(opened: OpenedDatabase, item: EvalItem, gold: string, options: ExportOptions): { prefix: PrefixLine; pair: PairLine } {
  const request = {
    question: item.question,
    database: item.database,
    candidates: 1,
    priority: 'batch',
    deadlineMs: 0,
    seed: 0,
    steps: { ...defaultSteps, demonstrations: false },
  } as const;
  const { prompt, grammar } = prepareAsk(opened, request, { ...options, pairs: [] });
  const sql = normaliseBegun(gold.replace(/[\s;]+$/, ''), opened.knowledge.schema);
  return {
    prefix: { kind: 'prefix', key: prompt.prefixKey, db: item.db, parts: prompt.prefix },
    pair: {
      kind: 'pair',
      id: item.id,
      db: item.db,
      database: item.database,
      question: item.question,
      sql,
      gold,
      prefixKey: prompt.prefixKey,
      rest: prompt.rest,
      inGrammar: grammar !== undefined && accepts(compileGrammar(grammar), sql),
      ...(item.hardness === undefined ? {} : { level: item.hardness }),
    },
  };
}

function accepts(matcher: GrammarMatcher, sql: string): boolean {
  const state = matcher.advance(matcher.start, sql);
  return state !== undefined && matcher.isComplete(state);
}
