/**
 * Questions from the editor to the engine: nothing in an untrusted workspace, answers remembered while the data stays the same, the
 * status kept up to date. It shows no message and chooses no database.
 */
import * as vscode from 'vscode';
import { CancellationSource, throwIfCancelled, type CancellationToken } from '../../core/shared/cancellation.js';
import { type Disposable } from '../../core/shared/disposable.js';
import { isCancelled, isJoineryError, JoineryError, type ErrorCode } from '../../core/shared/errors.js';
import { type Logger } from '../../core/shared/logger.js';
import { type AskService } from '../../engine/ask/askService.js';
import { defaultSteps } from '../../engine/ask/askSteps.js';
import { type AskAnswer, type AskListener, type AskOutcome, type AskSteps } from '../../engine/ask/types.js';
import { AnswerCache, type CacheKey } from './answerCache.js';
import { type EngineService } from './engineService.js';
import { RecentAnswers } from './recentAnswers.js';
import { type JoineryState, type StatusService } from './statusService.js';

export interface HostQuestion {
  readonly question: string;
  readonly database: string;
  readonly begun?: string;
  readonly previous?: { readonly question: string; readonly sql: string };
  /** A statement of the user's that failed, with SQLite's message; the answer is to stand in its place. */
  readonly failed?: { readonly sql: string; readonly error?: string };
  readonly candidates: number;
  readonly priority: 'typing' | 'interactive';
  /** Milliseconds for a database whose schema the model has read; 0 means none. */
  readonly deadlineMs: number;
}

/** Reading a schema for the first time costs up to this much on a slow machine, whatever the budget of a question is. */
const firstDeadlineMs = 180_000;
const seed = 1;

export class Asker implements Disposable {
  readonly #cache = new AnswerCache();
  readonly recent = new RecentAnswers();
  /** Databases whose schema the present model process has read. */
  readonly #warm = new Set<string>();
  /** State of each database when the model had read all of its schema. */
  readonly #readAt = new Map<string, string>();
  readonly #subscription: Disposable;
  #ahead: CancellationSource | undefined;
  #running = 0;

  constructor(
    private readonly engines: EngineService,
    private readonly status: StatusService,
    private readonly log: Logger,
  ) {
    this.#subscription = engines.onReplaced(() => {
      this.#cache.clear();
      this.#warm.clear();
      this.#readAt.clear();
    });
  }

  /** Throws the engine's errors and `ask.untrusted`; a refusal is a value. */
  async ask(question: HostQuestion, token: CancellationToken, listener: AskListener = {}): Promise<AskOutcome> {
    if (!vscode.workspace.isTrusted) throw new JoineryError('ask.untrusted');
    const run = ++this.#running;
    const show = (state: JoineryState): void => {
      // A question that was overtaken says nothing any more.
      if (run === this.#running) this.status.setState(state);
    };
    try {
      const outcome = await this.#ask(question, token, { ...listener, onPhase: (phase) => show({ kind: phase }) });
      if (outcome.kind === 'answer') this.recent.add({ question: question.question, database: question.database, answer: outcome });
      show(stateOfOutcome(outcome));
      return outcome;
    } catch (error) {
      show(stateOfError(error));
      throw error;
    }
  }

  async #ask(question: HostQuestion, token: CancellationToken, listener: AskListener): Promise<AskOutcome> {
    const engine = await this.engines.get();
    throwIfCancelled(token);
    const { database } = await engine.catalogue.open(question.database, token);
    const stamp = await database.changeStamp();
    const key = keyOf(question, stamp);
    const known = this.#cache.get(key);
    if (known) return known;
    this.#ahead?.cancel();
    const isWarm = this.#warm.has(question.database);
    const deadlineMs = question.deadlineMs === 0 || isWarm ? question.deadlineMs : Math.max(firstDeadlineMs, question.deadlineMs);
    const outcome = await engine.ask.ask({ ...question, deadlineMs, seed, steps: stepsFor(question) }, listener, token);
    throwIfCancelled(token);
    this.#warm.add(question.database);
    if (this.#readAt.get(question.database) !== stamp) this.#readAhead(engine.ask, question.database, stamp);
    this.log.log('info', 'ask', `${outcome.kind} after ${Math.round(outcome.timings.totalMs)} ms`);
    this.#cache.set(key, outcome);
    return outcome;
  }

  /** The parts of a large schema that the question did not need; a new question stops it. */
  #readAhead(ask: AskService, database: string, stamp: string): void {
    const source = new CancellationSource();
    this.#ahead = source;
    ask.readAhead(database, source.token).then(
      () => void this.#readAt.set(database, stamp),
      (error: unknown) => {
        if (!isCancelled(error)) this.log.log('warn', 'ask', 'the schema was not read ahead', error);
      },
    );
  }

  dispose(): void {
    this.#ahead?.cancel();
    this.#subscription.dispose();
    this.#cache.clear();
  }
}

/** The words of a broken statement need not read like a question, and its answer may need any table. */
function stepsFor({ failed }: HostQuestion): AskSteps {
  return failed === undefined ? defaultSteps : { ...defaultSteps, refusal: false, sketch: false };
}

function keyOf({ database, question, begun, previous, failed, candidates }: HostQuestion, stamp: string): CacheKey {
  const rest = {
    ...(begun === undefined ? {} : { begun }),
    ...(previous === undefined ? {} : { previous: previous.sql }),
    ...(failed === undefined ? {} : { failed: failed.sql }),
  };
  return { database, stamp, question, candidates, ...rest };
}

function stateOfOutcome(outcome: AskOutcome): JoineryState {
  return outcome.kind === 'answer' ? stateOfAnswer(outcome) : { kind: 'noAnswer', code: outcome.code, details: outcome.details };
}

function stateOfAnswer({ evidence, alternatives }: AskAnswer): JoineryState {
  const { rows, rowsTruncated, runMs, joins, fanOut } = evidence;
  return { kind: 'verified', rows, rowsTruncated, ms: Math.round(runMs), joins: joins.length, others: alternatives.length, fanOut };
}

const processCodes: ReadonlySet<ErrorCode> = new Set([
  'process.died',
  'process.startFailed',
  'process.wrongVersion',
  'process.outOfMemory',
]);

function stateOfError(error: unknown): JoineryState {
  if (!isJoineryError(error)) return { kind: 'noAnswer', code: 'internal', details: {} };
  const { code, details } = error;
  if (code === 'cancelled') return { kind: 'ready' };
  if (code === 'ask.untrusted') return { kind: 'untrusted' };
  if (code === 'model.missing' || code === 'model.truncated') return { kind: 'noModel' };
  return { kind: processCodes.has(code) ? 'modelDown' : 'noAnswer', code, details };
}
