/** Turns predictions into verdicts by running gold and predicted SQL. Uses nothing of a prediction but its statement and its facts. */
import { compareBird } from '../../core/eval/compareBird.js';
import { compareSpider, spiderOrdered } from '../../core/eval/compareSpider.js';
import { compareStrict } from '../../core/eval/compareStrict.js';
import { countGoldTables, orderedAtTop } from '../../core/eval/goldShape.js';
import { prepareForSpider } from '../../core/eval/prepareForSpider.js';
import { type ComparatorName, type EvalItem, type PredictionRow, type Verdict } from '../../core/eval/types.js';
import { type CancellationToken, throwIfCancelled } from '../../core/shared/cancellation.js';
import { type RunOutcome, type SqlRunner } from './sqlRunner.js';

export interface ScoreOptions {
  readonly comparators: readonly ComparatorName[];
  readonly runner: SqlRunner;
  /** Further instances of a database with other data, for `spider_ts`; absolute paths. */
  readonly instances: (database: string) => Promise<readonly string[]>;
  readonly token: CancellationToken;
}

export async function scorePredictions(
  items: readonly EvalItem[],
  rows: readonly PredictionRow[],
  options: ScoreOptions,
): Promise<readonly Verdict[]> {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const verdicts: Verdict[] = [];
  for (const item of items) {
    const row = byId.get(item.id);
    if (!row) continue;
    throwIfCancelled(options.token);
    verdicts.push(item.gold === undefined ? unanswerable(item, row) : await scoreOne(item, item.gold, row, options));
  }
  return verdicts;
}

async function scoreOne(item: EvalItem, gold: string, row: PredictionRow, options: ScoreOptions): Promise<Verdict> {
  const base = { ...head(item, row), tables: countGoldTables(gold), answerable: true, gold };
  const goldRun = await options.runner.run(item.database, gold, options.token);
  const correct: Partial<Record<ComparatorName, boolean>> = {};
  for (const name of options.comparators)
    correct[name] = goldRun.ok && row.sql !== '' && (await isRight(name, item, gold, row.sql, options));
  const predicted = row.sql === '' ? undefined : await options.runner.run(item.database, row.sql, options.token);
  return {
    ...base,
    runnable: predicted?.ok === true,
    correct,
    bestOf: goldRun.ok && (await anyRight(item, gold, row, correct, options)),
    capped: isCapped(goldRun) || (predicted !== undefined && isCapped(predicted)),
    goldFailed: !goldRun.ok,
    problem: predicted === undefined ? (row.refusal ?? 'empty') : predicted.ok ? '' : predicted.code,
  };
}

async function anyRight(
  item: EvalItem,
  gold: string,
  row: PredictionRow,
  correct: Verdict['correct'],
  options: ScoreOptions,
): Promise<boolean> {
  const judge = options.comparators[0];
  if (judge === undefined || correct[judge] === true) return judge !== undefined;
  for (const { sql } of row.candidates) if (sql !== row.sql && (await isRight(judge, item, gold, sql, options))) return true;
  return false;
}

/** Whether a statement is right by one comparator; a gold that fails makes every statement wrong. */
export async function isRight(name: ComparatorName, item: EvalItem, gold: string, sql: string, options: ScoreOptions): Promise<boolean> {
  switch (name) {
    case 'spider_ex':
      return compareOn(item.database, gold, sql, options);
    case 'spider_ts': {
      const paths = [item.database, ...(await options.instances(item.database))];
      for (const path of paths) if (!(await compareOn(path, gold, sql, options))) return false;
      return true;
    }
    case 'bird_ex':
      return onBoth(item.database, gold, sql, options, (left, right) => compareBird(left.result.rows, right.result.rows));
    case 'strict':
      return onBoth(item.database, gold, sql, options, (left, right) =>
        compareStrict(left.result.rows, right.result.rows, orderedAtTop(gold)),
      );
  }
}

async function compareOn(path: string, gold: string, sql: string, options: ScoreOptions): Promise<boolean> {
  return onBoth(path, prepareForSpider(gold), prepareForSpider(sql), options, (left, right) =>
    compareSpider(left.result.rows, right.result.rows, spiderOrdered(gold)),
  );
}

type Ran = Extract<RunOutcome, { ok: true }>;

async function onBoth(
  path: string,
  gold: string,
  sql: string,
  options: ScoreOptions,
  same: (left: Ran, right: Ran) => boolean,
): Promise<boolean> {
  const left = await options.runner.run(path, gold, options.token);
  const right = await options.runner.run(path, sql, options.token);
  return left.ok && right.ok && left.result.truncated === right.result.truncated && same(left, right);
}

/** Right exactly when refused; a fault of the machinery is not a refusal. */
function unanswerable(item: EvalItem, row: PredictionRow): Verdict {
  return {
    ...head(item, row),
    tables: 0,
    answerable: false,
    runnable: row.sql !== '',
    correct: {},
    bestOf: false,
    capped: false,
    goldFailed: false,
    gold: '',
    problem: row.refusal ?? '',
  };
}

function head(
  item: EvalItem,
  row: PredictionRow,
): Omit<Verdict, 'tables' | 'answerable' | 'runnable' | 'correct' | 'bestOf' | 'capped' | 'goldFailed' | 'gold' | 'problem'> {
  const { ms, promptTokens, sampledTokens, forcedTokens, sql, question } = row;
  return {
    id: item.id,
    db: item.db,
    hardness: item.hardness ?? item.reason ?? '',
    refused: row.refusal?.startsWith('ask.') ?? false,
    ...(row.refusal === undefined ? {} : { refusal: row.refusal }),
    question,
    sql,
    ms,
    promptTokens,
    sampledTokens,
    forcedTokens,
  };
}

function isCapped(outcome: RunOutcome): boolean {
  return outcome.ok && outcome.result.truncated;
}
