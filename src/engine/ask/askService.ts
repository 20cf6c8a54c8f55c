/**
 * The ask pipeline put together: database, model and the pure steps of core/nl2sql. It owns no process and no file; it shows nothing.
 * One call answers one question; a refusal is a value, only faults and cancellation throw.
 */
import { parse } from 'node:path';
import { candidateFeatures } from '../../core/nl2sql/candidateFeatures.js';
import { checkQuestion } from '../../core/nl2sql/checkQuestion.js';
import { leavesOutGiven } from '../../core/nl2sql/coverLinks.js';
import { type AskedDatabase, judgeAnswerability } from '../../core/nl2sql/judgeAnswerability.js';
import { maskValues } from '../../core/nl2sql/maskValues.js';
import { normaliseBegun } from '../../core/nl2sql/normaliseBegun.js';
import { rankCandidates, type Ranker } from '../../core/nl2sql/rankCandidates.js';
import { repairPrompt } from '../../core/nl2sql/repairPrompt.js';
import { type FeatureContext } from '../../core/nl2sql/statementFeatures.js';
import { type LinkedQuestion } from '../../core/nl2sql/types.js';
import { type CandidateGroup, emptinessOf, voteCandidates } from '../../core/nl2sql/voteCandidates.js';
import { type CancellationToken, neverCancelled, throwIfCancelled } from '../../core/shared/cancellation.js';
import { type ErrorArguments, type ErrorCode } from '../../core/shared/errors.js';
import { type Logger } from '../../core/shared/logger.js';
import { type Clock } from '../../core/shared/clock.js';
import { type PromptTarget } from '../../core/nl2sql/promptStyle.js';
import { namedTables } from '../../core/nl2sql/namedTables.js';
import { type PromptPart } from '../../core/nl2sql/promptPart.js';
import { type GenerateResult } from '../../protocol/modelProcess.js';
import { type ModelPermission } from '../agents/modelPermission.js';
import { type Catalogue, type OpenedDatabase } from '../catalogue/types.js';
import { type LoadedModel, type ModelService } from '../process/types.js';
import { buildAnswer } from './buildAnswer.js';
import { CandidatePool, type OrderCandidates } from './candidatePool.js';
import { type DemonstrationStore } from './demonstrationStore.js';
import { defaultSteps } from './askSteps.js';
import { askSchemaBudget, type PreparedAsk, prefixesOf, prepareAsk, type PromptSettings } from './prepareAsk.js';
import { readReasons } from './reasons.js';
import { type FailedStatement, type RanStatement } from './verifyCandidate.js';
import { type AskListener, type AskOutcome, type AskRequest, type AskTimings, type JudgedCandidate } from './types.js';

export interface AskSettings {
  /** Loads the chosen model, fetching nothing. Throws `model.missing` when it is not there. */
  readonly loadModel: (token: CancellationToken) => Promise<LoadedModel>;
  readonly readDemonstrations: (database: string) => Promise<DemonstrationStore>;
  /** What the model may see of this database: with `schema` no stored value, with `nothing` it is not asked at all. */
  readonly permissionOf: (database: string) => ModelPermission;
  /** Chooses among candidates; the vote does when there is none. */
  readonly findRanker?: () => Promise<Ranker | undefined>;
  readonly log: Logger;
  readonly now: Clock;
}

const verifyTimeoutMs = 5_000;
const verifyRows = 1_000;
const maxAnswerTokens = 220;
/** Tokens of a plan before the statement, for models that write one. */
const maxPlanTokens = 160;
/** A plan stands in lines of its own before a fence: only the statement's end ends an answer with one. */
const stops: Readonly<Record<PromptTarget, readonly string[]>> = { sql: [';', '```', '\n\n'], think: [';'], ir: [';', '```', '\n\n'] };
/** Of a vote whose number is left open. */
const usualCandidates = 5;
/** Samples of the one repair, its greedy answer included. */
const repairCandidates = 3;
const sampleTemperature = 0.8;
const otherTokens = 1_300;
const indexWaitMs = 3_000;
/** Parts of a schema that are read ahead: their states lie on disk, where few are kept. */
const mostPartsAhead = 8;

export class AskService {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly model: ModelService,
    private readonly settings: AskSettings,
  ) {}

  async ask(request: AskRequest, listener: AskListener = {}, token: CancellationToken = neverCancelled): Promise<AskOutcome> {
    const problem = checkQuestion(request.question);
    const run = new AskRun(this.settings.now);
    if (problem) return run.refuse(problem.code, problem.details);
    const permission = this.settings.permissionOf(request.database);
    if (permission === 'nothing') return run.refuse('ask.notAllowed', { database: request.database });
    listener.onPhase?.('opening');
    const opened = await this.catalogue.open(request.database, token);
    if (request.steps.values && !opened.indexed) {
      listener.onPhase?.('indexing');
      await opened.whenIndexed(indexWaitMs, token);
    }
    listener.onPhase?.('loadingModel');
    const facts = await this.settings.loadModel(token);
    throwIfCancelled(token);
    const isStored = request.steps.demonstrations && request.demonstrations === undefined;
    const stored = isStored ? await this.settings.readDemonstrations(request.database) : undefined;
    const pairs = { pairs: stored?.pairs ?? [], ...(stored ? { mostDemonstrations: stored.most } : {}) };
    const prepare = (reader: LoadedModel): PreparedAsk => prepareAsk(opened, request, { ...promptSettings(reader, permission), ...pairs });
    const prepared = prepare(facts);
    const ranker = await this.settings.findRanker?.();
    run.prepared();
    listener.onPhase?.('thinking');
    return this.#answer({ request, listener, token, opened, prepare, prepared, facts, run, permission, ...(ranker ? { ranker } : {}) });
  }

  /**
   * On a schema in several parts, has the model read the parts that no question needed yet, while nothing else is asked: the next
   * question may need another one. Loads no model that is not there, and throws what loading throws.
   */
  async readAhead(database: string, token: CancellationToken = neverCancelled): Promise<void> {
    const permission = this.settings.permissionOf(database);
    if (!this.model.readAhead || permission === 'nothing') return;
    const opened = await this.catalogue.open(database, token);
    const facts = await this.settings.loadModel(token);
    const starts = prefixesOf(opened, defaultSteps, promptSettings(facts, permission));
    // A schema in one part was read by the first question.
    for (const start of starts.length > 1 ? starts.slice(0, mostPartsAhead) : []) {
      throwIfCancelled(token);
      await this.model.readAhead(start, token);
    }
  }

  async #answer(context: AnswerContext): Promise<AskOutcome> {
    const { request, run, prepared } = context;
    const { own, again } = candidatesOf(context);
    const pool = this.#newPool(context, own + again);
    const result = await this.#generate(context, firstRest(context), own, pool);
    run.generated(result);
    if (again > 0) await this.#askAgain(context, again, pool);
    await pool.settle();
    let repaired = false;
    let tried: Tried = pool;
    const groups = pool.groups;
    if (request.steps.repair && request.begun === undefined && needsRepair(groups)) {
      const second = await this.#repair(context, pool);
      const better = repairsOf(second.groups, groups[0], prepared.linked);
      repaired = better.length > 0;
      tried = {
        groups: repaired ? better : groups,
        others: [...(repaired ? groups : []), ...second.groups].filter((group) => !better.includes(group)),
        failed: [...pool.failed, ...second.failed],
      };
    }
    run.verified(pool.verifyMs);
    return this.#conclude(context, tried, repaired);
  }

  #conclude(context: AnswerContext, { groups, others = [], failed }: Tried, repaired: boolean): AskOutcome {
    const { request, prepared, opened, run, listener } = context;
    const best = groups[0];
    listener.onJudged?.(judge(groups, featureContext(context)));
    if (request.steps.refusal) {
      const verdict = judgeAnswerability(prepared.linked, askedDatabase(context), best?.best);
      if (!verdict.answerable) return run.refuse('ask.unanswerable', verdict.details);
    }
    if (!best) return run.refuse('ask.noRunnableCandidate', {});
    const reasons = readReasons(prepared, [...groups, ...others], failed);
    const answer = buildAnswer(groups, { opened, repaired, timings: run.timings(), reasons });
    listener.onAnswer?.(answer);
    return answer;
  }

  #newPool(context: AnswerContext, wanted: number): CandidatePool {
    const { opened, prepared, request, listener, token, run } = context;
    let shown: string | undefined;
    const onChange = (groups: readonly CandidateGroup<RanStatement>[]): void => {
      const best = groups[0];
      // With refusal on, nothing is shown before the verdict, so that no answer has to be taken back.
      if (!best || best.emptiness !== 'rows' || best.best.sql === shown || wanted === 1) return;
      if (request.steps.refusal && !judgeAnswerability(prepared.linked, askedDatabase(context), best.best).answerable) return;
      shown = best.best.sql;
      listener.onAnswer?.(buildAnswer(groups, { opened, repaired: false, timings: run.timings() }));
    };
    const isBegun = request.begun !== undefined;
    const verify = {
      opened,
      linked: prepared.linked,
      completion: request.steps.completion && !isBegun,
      values: request.steps.values && !isBegun,
      target: prepared.target,
      timeoutMs: verifyTimeoutMs,
      maxRows: verifyRows,
      token,
    };
    return new CandidatePool(verify, wanted, request.begun ?? '', orderOf(context), onChange, this.settings.now);
  }

  async #generate(
    context: AnswerContext,
    rest: readonly PromptPart[],
    candidates: number,
    pool: CandidatePool,
    withoutAdapter = false,
  ): Promise<GenerateResult> {
    const { request, prepared, token, run } = context;
    // The model sees the begun statement in the style of its grammar; the user's own text is what runs and comes back.
    const begun = request.begun === undefined ? undefined : normaliseBegun(request.begun, context.opened.knowledge.schema);
    const result = await this.model.generate(
      {
        prefix: prepared.prompt.prefix,
        prefixKey: prepared.prompt.prefixKey,
        rest: begun === undefined ? rest : [...rest, { text: begun }],
        ...(prepared.grammar === undefined ? {} : { grammar: prepared.grammar }),
        stop: stops[prepared.target],
        maxTokens: maxAnswerTokens + (prepared.target === 'think' ? maxPlanTokens : 0),
        candidates,
        temperature: candidates > 1 ? sampleTemperature : 0,
        ...(withoutAdapter ? { withoutAdapter } : {}),
        ...(begun === undefined ? {} : { begun }),
        seed: request.seed,
        priority: request.priority,
        deadlineMs: request.deadlineMs === 0 ? 0 : Math.max(1, request.deadlineMs - run.elapsed()),
      },
      { onCandidate: (candidate) => pool.add(candidate) },
      token,
    );
    this.settings.log.log('debug', 'ask', `${result.candidates.length} candidates in ${Math.round(result.stats.decodeMs)} ms`);
    return result;
  }

  /** Candidates of the model without its adapter, which errs elsewhere. Whatever keeps it from them, the others stand. */
  async #askAgain(context: AnswerContext, candidates: number, pool: CandidatePool): Promise<void> {
    const { request, run, facts, token } = context;
    await pool.settle();
    if (pool.isDecided() || (request.deadlineMs > 0 && run.elapsed() > request.deadlineMs / 2)) return;
    const prepared = context.prepare({ ...facts, promptStyle: 'worked', promptTarget: 'sql' });
    try {
      run.generated(await this.#generate({ ...context, prepared }, prepared.prompt.rest, candidates, pool, true));
    } catch (error) {
      throwIfCancelled(token);
      this.settings.log.log('warn', 'ask', `no second opinion: ${String(error)}`);
    }
  }

  async #repair(context: AnswerContext, pool: CandidatePool): Promise<Tried> {
    const { opened, prepared, facts, request, run } = context;
    const empty = pool.groups[0]?.best;
    const failed = pool.failed[0];
    const sql = empty?.sql ?? failed?.sql;
    if (sql === undefined || (request.deadlineMs > 0 && run.elapsed() > request.deadlineMs / 2)) return { groups: [], failed: [] };
    const shown = context.permission === 'schemaAndSamples' ? sql : maskValues(sql, request.question);
    const { target } = prepared;
    const attempt = {
      sql: shown,
      tables: namedTables(sql, opened.knowledge.schema),
      target,
      ...(empty || !failed ? {} : { error: failed.error }),
    };
    const rest = repairPrompt(prepared.prompt, attempt, opened.knowledge, facts.chatTemplate);
    const second = this.#newPool(context, repairCandidates);
    run.generated(await this.#generate(context, rest, repairCandidates, second));
    await second.settle();
    run.verified(second.verifyMs);
    return second;
  }
}

interface AnswerContext {
  readonly request: AskRequest;
  readonly listener: AskListener;
  readonly token: CancellationToken;
  readonly opened: OpenedDatabase;
  /** Prompt and grammar for a model of other habits. */
  readonly prepare: (reader: LoadedModel) => PreparedAsk;
  readonly prepared: PreparedAsk;
  readonly facts: LoadedModel;
  readonly run: AskRun;
  readonly permission: ModelPermission;
  readonly ranker?: Ranker;
}

/**
 * How many candidates the model writes, and how many more without its adapter. A number that is named is voted over by the model as it is; left
 * open, two greedy answers are asked for where the second is worth it, and a vote elsewhere.
 */
function candidatesOf({ request, facts, prepared }: AnswerContext): { readonly own: number; readonly again: number } {
  if (request.candidates > 0) return { own: request.candidates, again: 0 };
  const isNew = request.begun === undefined && request.failed === undefined;
  const asksAgain = facts.secondOpinion === true && request.steps.secondOpinion && prepared.target === 'sql' && isNew;
  return asksAgain ? { own: 1, again: 1 } : { own: usualCandidates, again: 0 };
}

function promptSettings(facts: LoadedModel, permission: ModelPermission): PromptSettings {
  return {
    template: facts.chatTemplate,
    schemaBudget: Math.max(Math.min(askSchemaBudget, facts.contextSize - otherTokens), 200),
    showValues: permission === 'schemaAndSamples',
    ...(facts.promptStyle === undefined ? {} : { style: facts.promptStyle }),
    ...(facts.promptTarget === undefined ? {} : { target: facts.promptTarget }),
  };
}

/** What the candidates came to. */
interface Tried {
  readonly groups: readonly CandidateGroup<RanStatement>[];
  /** Groups of the pool that lost to a repair, or of a repair that did not help. */
  readonly others?: readonly CandidateGroup<RanStatement>[];
  readonly failed: readonly FailedStatement[];
}

/** The question; or, when the user's own statement failed, the question with that statement and the complaint. */
function firstRest({ request, prepared, opened, facts, permission }: AnswerContext): readonly PromptPart[] {
  if (request.failed === undefined) return prepared.prompt.rest;
  // An accepted answer may hold stored spellings that the user never typed.
  const sql = permission === 'schemaAndSamples' ? request.failed.sql : maskValues(request.failed.sql, request.question);
  const attempt = { ...request.failed, sql, tables: namedTables(sql, opened.knowledge.schema), target: prepared.target };
  return repairPrompt(prepared.prompt, attempt, opened.knowledge, facts.chatTemplate);
}

function featureContext({ prepared, opened }: AnswerContext): FeatureContext {
  return { linked: prepared.linked, choice: prepared.choice, knowledge: opened.knowledge };
}

function askedDatabase({ request, opened }: AnswerContext): AskedDatabase {
  return { schema: opened.knowledge.schema, title: parse(request.database).name };
}

function orderOf(context: AnswerContext): OrderCandidates {
  const { ranker } = context;
  if (!ranker) return (candidates) => voteCandidates(candidates);
  const known = featureContext(context);
  return (candidates) => rankCandidates(candidates, known, ranker);
}

function judge(groups: readonly CandidateGroup<RanStatement>[], context: FeatureContext): JudgedCandidate[] {
  const members = groups.flatMap((group) => group.members);
  const features = candidateFeatures(members, context);
  return members.flatMap(({ sql, count, result }, at) => {
    const own = features[at];
    return own ? [{ sql, count, result, features: own }] : [];
  });
}

function needsRepair(groups: readonly CandidateGroup<RanStatement>[]): boolean {
  const best = groups[0];
  return !best || emptinessOf(best.best.result) === 'empty';
}

/** Groups that mend: any where nothing ran; where nothing was found, those with rows that keep what the question gives. */
function repairsOf(
  groups: readonly CandidateGroup<RanStatement>[],
  empty: CandidateGroup<RanStatement> | undefined,
  linked: LinkedQuestion,
): readonly CandidateGroup<RanStatement>[] {
  if (!empty) return groups;
  return groups.filter(({ emptiness, best }) => emptiness === 'rows' && !leavesOutGiven(best.sql, empty.best.sql, linked));
}

/** Clock and counters of one question. */
class AskRun {
  readonly #start: number;
  #timings: AskTimings = {
    totalMs: 0,
    prepareMs: 0,
    promptMs: 0,
    decodeMs: 0,
    verifyMs: 0,
    promptTokens: 0,
    sampledTokens: 0,
    forcedTokens: 0,
  };

  constructor(private readonly now: Clock) {
    this.#start = now();
  }

  elapsed(): number {
    return this.now() - this.#start;
  }

  prepared(): void {
    this.#timings = { ...this.#timings, prepareMs: this.elapsed() };
  }

  generated(result: GenerateResult): void {
    const { stats } = result;
    const old = this.#timings;
    this.#timings = {
      ...old,
      promptMs: old.promptMs + stats.promptMs,
      decodeMs: old.decodeMs + stats.decodeMs,
      promptTokens: old.promptTokens + stats.prefixTokens + stats.restTokens,
      sampledTokens: old.sampledTokens + stats.sampledTokens,
      forcedTokens: old.forcedTokens + stats.forcedTokens,
    };
  }

  verified(ms: number): void {
    this.#timings = { ...this.#timings, verifyMs: this.#timings.verifyMs + ms };
  }

  timings(): AskTimings {
    return { ...this.#timings, totalMs: this.elapsed() };
  }

  refuse(code: ErrorCode, details: ErrorArguments): AskOutcome & { kind: 'refusal' } {
    return { kind: 'refusal', code, details, timings: this.timings() };
  }
}
