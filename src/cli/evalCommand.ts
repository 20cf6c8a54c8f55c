/** `joinery eval`: asks a set of questions, keeps the predictions, scores them and writes a report. Figures to stdout, progress to stderr. */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { comparePaired, type PairedComparison, renderPaired } from '../core/eval/comparePaired.js';
import { headline, renderReport } from '../core/eval/renderReport.js';
import { summarise } from '../core/eval/summarise.js';
import { comparatorNames, type ComparatorName, type PredictionHeader, type PredictionRow, type Verdict } from '../core/eval/types.js';
import { promptVersionOf } from '../core/nl2sql/promptStyle.js';
import { type Ranker } from '../core/nl2sql/rankCandidates.js';
import { JoineryError } from '../core/shared/errors.js';
import { defaultSteps, parseSteps, stepNames } from '../engine/ask/askSteps.js';
import { type AskSteps } from '../engine/ask/types.js';
import { noAdapter } from '../engine/models/modelStore.js';
import { type ResolvedModel } from '../engine/models/types.js';
import { readRanker } from '../engine/ask/rankerFile.js';
import { pipelineAsker, plainAsker } from '../engine/eval/askers.js';
import { candidateLines } from '../engine/eval/candidateLines.js';
import { DatabaseVariants } from '../engine/eval/databaseVariants.js';
import { type EvalPlan, planEval, type PlanRequest } from '../engine/eval/evalPlan.js';
import { PredictionFile, readPredictions } from '../engine/eval/predictionFile.js';
import { spiderSplits, type SpiderSplit } from '../engine/eval/readSets.js';
import { rechoose } from '../engine/eval/rechoose.js';
import { type EvalProgress, runEval } from '../engine/eval/runEval.js';
import { scorePredictions } from '../engine/eval/scorePredictions.js';
import { SqlRunner } from '../engine/eval/sqlRunner.js';
import { addModelOptions, type CliContext, type EngineChoice, readModelOptions, withEngine } from './context.js';
import { jsonText } from './jsonText.js';
import { writeCandidates } from './candidateFile.js';
import { runQuestionFiles } from './questionTests.js';

interface EvalOptions {
  readonly spider?: string;
  readonly split: SpiderSplit;
  readonly set: readonly string[];
  readonly tests: readonly string[];
  readonly junit?: string;
  readonly db?: string;
  readonly only: readonly string[];
  readonly sample?: number;
  readonly offset?: number;
  readonly limit?: number;
  readonly candidates: number;
  readonly comparator: readonly ComparatorName[];
  readonly variants: number;
  readonly steps: AskSteps;
  readonly plain?: boolean;
  readonly seed: number;
  readonly threads: number;
  readonly out?: string;
  readonly rescore?: string;
  readonly against?: string;
  readonly features?: string;
  readonly ranker?: string;
  readonly report?: string;
  readonly failures: number;
  readonly reason?: string;
  readonly json?: boolean;
}

const sampleTemperature = 0.8;
const progressEvery = 20;

export function registerEval(program: Command, context: CliContext): void {
  const command = program
    .command('eval')
    .description('measure answers against a set of questions with known SQL')
    .option('--spider <folder>', "set in Spider's layout")
    .option('--split <name>', spiderSplits.join(', '), readSplit, 'dev')
    .option('--set <file...>', 'JSONL with id, question, sql, level', [])
    .option('--tests <file...>', 'questions as tests (*.joinery.yaml); the other options on sets and scores do not apply', [])
    .option('--junit <file>', 'write the results of --tests as JUnit XML')
    .option('--db <path>', 'database of the sets given by --set, and of tests that name none')
    .option('--only <id...>', 'only questions on these databases', [])
    .option('--sample <n>', 'an even sample of n questions', readCount)
    .option('--offset <n>', 'skip the first n of the sample', readCount)
    .option('--limit <n>', 'ask at most n of the sample', readCount)
    .option('-n, --candidates <n>', 'candidates of one question; 0 is what suits the model', readCount, 1)
    .option('--comparator <list>', comparatorNames.join(', '), readComparators, ['spider_ex'])
    .option('--variants <n>', 'mutated copies of each database for spider_ts', readCount, 4)
    .option(
      '--steps <list>',
      `switch steps: ${stepNames.join(', ')}; "-name" off, "name" on, "none" all off first`,
      readSteps,
      defaultSteps,
    )
    .option('--plain', 'the baseline: plain prompt, greedy decoding, nothing of the pipeline')
    .option('--seed <n>', 'seed of the samples', readCount, 1)
    .option('--threads <n>', 'threads of the model', readCount, availableParallelism())
    .option('--out <file>', 'keep predictions here (.jsonl or .jsonl.gz) and continue what is there')
    .option('--rescore <file>', 'compute every figure again from predictions; asks nothing')
    .option('--against <file>', 'compare question by question with other predictions on the same set')
    .option('--features <file>', 'write the candidates with their features and whether they are right, as JSON lines')
    .option('--ranker <file>', 'let a trained ranker choose among candidates; with --rescore among those that were kept')
    .option('--report <file>', 'write the report, .md or .json')
    .option('--failures <n>', 'list at most n wrong answers in the report', readCount, 100)
    .option('--reason <text>', 'why this run is made, kept with the predictions')
    .option('--json', 'figures as JSON');
  addModelOptions(command).action(async (options: EvalOptions) => {
    await evaluate(context, options, readModelOptions(options as unknown as Record<string, unknown>, context.io.environment));
  });
}

async function evaluate(context: CliContext, options: EvalOptions, choice: EngineChoice): Promise<void> {
  const { io } = context;
  if (options.tests.length > 0) {
    const { tests: files, candidates, threads, json = false } = options;
    const optional = {
      ...(options.db === undefined ? {} : { database: options.db }),
      ...(options.junit === undefined ? {} : { junit: options.junit }),
    };
    return runQuestionFiles(context, { ...choice, maxThreads: threads }, { files, candidates, json, ...optional });
  }
  const plan = await planEval(planRequest(options, io.folder));
  const ranker = options.ranker === undefined ? {} : { ranker: resolve(io.folder, options.ranker) };
  const { header, rows } =
    options.rescore === undefined
      ? await predict(context, options, { ...choice, ...ranker }, plan)
      : await rerank(await reread(resolve(io.folder, options.rescore)), ranker.ranker);
  const runner = new SqlRunner();
  const variants = new DatabaseVariants(options.variants, options.spider !== undefined);
  const scoring = {
    comparators: options.comparator,
    runner,
    instances: (database: string): Promise<readonly string[]> => variants.of(database),
    token: io.token,
  };
  const score = (predictions: readonly PredictionRow[]): Promise<readonly Verdict[]> => scorePredictions(plan.items, predictions, scoring);
  try {
    if (options.features !== undefined) {
      const counts = await writeCandidates(resolve(io.folder, options.features), candidateLines(header, plan.items, rows, scoring));
      io.err(`${counts.candidates} candidates, ${counts.right} of them right → ${options.features}`);
    }
    const verdicts = await score(rows);
    const paired = options.against === undefined ? undefined : await pair(options, verdicts, options.against, io.folder, score);
    await publish(context, options, { header, verdicts, paired });
  } finally {
    await runner.close();
    await variants.close();
  }
}

interface Scored {
  readonly header: PredictionHeader;
  readonly verdicts: readonly Verdict[];
  readonly paired: PairedComparison | undefined;
}

async function publish({ io }: CliContext, options: EvalOptions, { header, verdicts, paired }: Scored): Promise<void> {
  const figures = summarise(verdicts);
  const comparison = paired ? `\n${renderPaired(paired, judgeOf(options), options.against ?? '')}\n` : '';
  const report = (failures: number): string => renderReport({ header, figures, verdicts, failures }) + comparison;
  io.out(options.json === true ? jsonText({ header, figures, paired }) : report(0));
  if (options.report === undefined) return;
  const path = resolve(io.folder, options.report);
  await writeFile(path, path.endsWith('.json') ? `${jsonText({ header, figures, paired, verdicts })}\n` : report(options.failures));
  io.err(`${headline(figures)} → ${options.report}`);
}

async function pair(
  options: EvalOptions,
  verdicts: readonly Verdict[],
  against: string,
  folder: string,
  score: (rows: readonly PredictionRow[]) => Promise<readonly Verdict[]>,
): Promise<PairedComparison> {
  const other = await reread(resolve(folder, against));
  return comparePaired(verdicts, await score(other.rows), judgeOf(options));
}

function judgeOf(options: EvalOptions): ComparatorName {
  return options.comparator[0] ?? 'spider_ex';
}

function planRequest(options: EvalOptions, folder: string): PlanRequest {
  const { sample, offset, limit } = options;
  return {
    split: options.split,
    only: options.only,
    sets: options.set.map((path) => resolve(folder, path)),
    ...(options.spider === undefined ? {} : { spider: resolve(folder, options.spider) }),
    ...(options.db === undefined ? {} : { database: resolve(folder, options.db) }),
    ...(sample === undefined ? {} : { sample }),
    ...(offset === undefined ? {} : { offset }),
    ...(limit === undefined ? {} : { limit }),
  };
}

interface Predictions {
  readonly header: PredictionHeader;
  readonly rows: readonly PredictionRow[];
}

async function reread(path: string): Promise<Predictions> {
  const { header, rows } = await readPredictions(path);
  if (!header) throw new JoineryError('config.invalid', { path, detail: 'no header of a prediction file' });
  return { header, rows };
}

async function rerank(predictions: Predictions, path: string | undefined): Promise<Predictions> {
  if (path === undefined) return predictions;
  const ranker = await readRanker(path);
  return { header: { ...predictions.header, ranker: ranker.fingerprint }, rows: rechoose(predictions.rows, ranker) };
}

async function predict(context: CliContext, options: EvalOptions, named: EngineChoice, plan: EvalPlan): Promise<Predictions> {
  // The baseline is the model as it was fetched.
  const choice = options.plain === true ? { adapter: noAdapter, ...named } : named;
  if (options.out === undefined) throw new JoineryError('config.invalid', { detail: 'name the file for the predictions with --out' });
  const out = resolve(context.io.folder, options.out);
  return withEngine(context, { ...choice, maxThreads: options.threads }, async (engine) => {
    const { id, adapter } = choice.server
      ? { id: choice.server.model ?? choice.server.url, adapter: undefined }
      : await engine.models.resolve(choice.model, choice.adapter);
    const file = await PredictionFile.open(out, headerOf(options, plan, id, { adapter, ranker: await engine.findRanker() }));
    const settings = { ...options, temperature: sampleTemperature, now: () => performance.now() };
    const asker = options.plain === true ? plainAsker(engine, settings) : pipelineAsker(engine, settings);
    context.io.err(`${plan.items.length} questions, ${file.rows.length} already there`);
    const onProgress = (progress: EvalProgress): void => {
      if (progress.done % progressEvery === 0 || progress.done === progress.total) context.io.err(progressLine(progress));
    };
    const rows = await runEval(plan.items, asker, file, { now: settings.now, token: context.io.token, onProgress });
    return { header: file.header, rows };
  });
}

interface Chosen {
  readonly adapter: ResolvedModel['adapter'];
  readonly ranker: Ranker | undefined;
}

function headerOf(options: EvalOptions, plan: EvalPlan, model: string, { adapter, ranker }: Chosen): PredictionHeader {
  const plain = options.plain === true;
  return {
    kind: 'header',
    format: 1,
    set: plan.set,
    mode: plain ? 'plain' : 'ask',
    model,
    ...(adapter === undefined ? {} : { adapter: adapter.id }),
    candidates: plain ? 1 : options.candidates,
    temperature: plain ? 0 : sampleTemperature,
    seed: options.seed,
    steps: plain ? {} : { ...options.steps },
    promptVersion: plain ? 'plain-1' : (adapter?.promptVersion ?? promptVersionOf('worked')),
    threads: options.threads,
    ...(plain || ranker === undefined ? {} : { ranker: ranker.fingerprint }),
    sample: plan.note,
    date: new Date().toISOString(),
    ...(options.reason === undefined ? {} : { reason: options.reason }),
  };
}

function progressLine({ done, total, row, remainingMs }: EvalProgress): string {
  return `${done} / ${total}  ${row.id}  ${row.ms} ms  about ${Math.ceil(remainingMs / 60_000)} min left`;
}

function readCount(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('a whole number from 0 is needed');
  return value;
}

function readSplit(text: string): SpiderSplit {
  const split = spiderSplits.find((name) => name === text);
  if (!split) throw new InvalidArgumentError(`one of ${spiderSplits.join(', ')} is needed`);
  return split;
}

function readComparators(text: string): readonly ComparatorName[] {
  return text.split(',').map((part) => {
    const name = comparatorNames.find((known) => known === part.trim());
    if (!name) throw new InvalidArgumentError(`${part} is not one of ${comparatorNames.join(', ')}`);
    return name;
  });
}

function readSteps(text: string): AskSteps {
  const steps = parseSteps(text);
  if (!steps) throw new InvalidArgumentError(`steps are ${stepNames.join(', ')}`);
  return steps;
}
