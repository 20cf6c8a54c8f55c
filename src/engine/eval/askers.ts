/** The two ways to answer a question of a set: the product's pipeline, and the plain baseline that uses nothing of it. */
import { resultHash } from '../../core/eval/valueKey.js';
import { type CandidateNote, type EvalItem, type PredictionRow } from '../../core/eval/types.js';
import { plainPrompt } from '../../core/nl2sql/plainPrompt.js';
import { isCancelled, isJoineryError } from '../../core/shared/errors.js';
import { formatSql } from '../../core/presentation/formatSql.js';
import { hashText } from '../../core/shared/hash.js';
import { type CancellationToken } from '../../core/shared/cancellation.js';
import { type Clock } from '../../core/shared/clock.js';
import { type AskOutcome, type AskSteps, type JudgedCandidate } from '../ask/types.js';
import { type Engine } from '../createEngine.js';
import { runLimits } from './sqlRunner.js';

export type Asker = (item: EvalItem, token: CancellationToken) => Promise<PredictionRow>;

export interface AskerOptions {
  readonly candidates: number;
  readonly seed: number;
  readonly temperature: number;
  readonly steps: AskSteps;
  readonly now: Clock;
}

const indexWaitMs = 60_000;
const plainTokens = 200;

/** The product as a user has it, with the value index complete. A fault of one question is a row with its code, not the end of the run. */
export function pipelineAsker(engine: Engine, options: AskerOptions): Asker {
  return async (item, token) => {
    const opened = await engine.catalogue.open(item.database, token);
    await opened.whenIndexed(indexWaitMs, token);
    const started = options.now();
    try {
      const request = {
        question: item.question,
        database: item.database,
        candidates: options.candidates,
        priority: 'batch',
        deadlineMs: 0,
        seed: options.seed,
        steps: options.steps,
        ...(item.demonstrations ? { demonstrations: item.demonstrations } : {}),
      } as const;
      let judged: readonly JudgedCandidate[] = [];
      const onJudged = (candidates: readonly JudgedCandidate[]): void => {
        judged = candidates;
      };
      const outcome = await engine.ask.ask(request, { onJudged }, token);
      return outcomeRow(item, outcome, judged, options.now() - started);
    } catch (error) {
      return faultRow(item, error, options.now() - started);
    }
  };
}

function outcomeRow(item: EvalItem, outcome: AskOutcome, judged: readonly JudgedCandidate[], ms: number): PredictionRow {
  const { promptTokens, sampledTokens, forcedTokens } = outcome.timings;
  const facts = { ...rowHead(item), ms: Math.round(ms), promptTokens, sampledTokens, forcedTokens };
  if (outcome.kind === 'refusal') return { ...facts, sql: '', candidates: [], refusal: outcome.code };
  return { ...facts, sql: outcome.sql, candidates: judged.map(judgedNote) };
}

function judgedNote({ sql, count, result, features }: JudgedCandidate): CandidateNote {
  const { rows } = result;
  const kept = Object.fromEntries(Object.entries(features).filter(([, value]) => value !== 0));
  return { sql: formatSql(sql), count, ran: true, rows: rows.length, resultHash: resultHash(rows), features: kept };
}

/** One greedy answer to a CREATE TABLE prompt: no grammar, no links, no values, no check, no votes. */
export function plainAsker(engine: Engine, options: AskerOptions): Asker {
  return async (item, token) => {
    const opened = await engine.catalogue.open(item.database, token);
    const facts = await engine.loadModel(token);
    const prompt = plainPrompt(opened.knowledge, facts.chatTemplate);
    const started = options.now();
    try {
      const result = await engine.model.generate(
        {
          prefix: prompt.prefix,
          prefixKey: `plain-${hashText(JSON.stringify(prompt.prefix))}`,
          rest: prompt.rest(item.question),
          stop: [';', '\n\n', '```'],
          maxTokens: plainTokens,
          candidates: 1,
          temperature: 0,
          seed: options.seed,
          priority: 'batch',
          deadlineMs: 0,
        },
        {},
        token,
      );
      const ms = Math.round(options.now() - started);
      const sql = (result.candidates[0]?.text ?? '').trim();
      const { prefixTokens, restTokens, sampledTokens, forcedTokens } = result.stats;
      const candidate = sql === '' ? undefined : await runNote(opened.database, sql, token);
      return {
        ...rowHead(item),
        sql,
        candidates: candidate ? [candidate] : [],
        ms,
        promptTokens: prefixTokens + restTokens,
        sampledTokens,
        forcedTokens,
      };
    } catch (error) {
      return faultRow(item, error, options.now() - started);
    }
  };
}

type Database = Awaited<ReturnType<Engine['catalogue']['open']>>['database'];

async function runNote(database: Database, sql: string, token: CancellationToken): Promise<CandidateNote> {
  try {
    const { rows } = await database.run(sql, { ...runLimits, token });
    return { sql, count: 1, ran: true, rows: rows.length, resultHash: resultHash(rows) };
  } catch (error) {
    if (isCancelled(error)) throw error;
    return { sql, count: 1, ran: false, rows: -1, resultHash: '' };
  }
}

function rowHead(item: EvalItem): Pick<PredictionRow, 'kind' | 'id' | 'db' | 'question'> {
  return { kind: 'prediction', id: item.id, db: item.db, question: item.question };
}

/** What may hit one question and spare the next; a missing model, a full disk or a database that is gone end the run instead. */
const survivable: ReadonlySet<string> = new Set(['process.died', 'process.deadline', 'process.outOfMemory', 'internal']);

function faultRow(item: EvalItem, error: unknown, ms: number): PredictionRow {
  const refusal = isJoineryError(error) ? error.code : 'internal';
  if (!survivable.has(refusal) && !refusal.startsWith('sql.')) throw error;
  return { ...rowHead(item), sql: '', candidates: [], refusal, ms: Math.round(ms), promptTokens: 0, sampledTokens: 0, forcedTokens: 0 };
}
