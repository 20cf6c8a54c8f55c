/** `joinery export`: the prompts of question and SQL pairs as JSON lines, for the trainer. */
import { createWriteStream } from 'node:fs';
import { resolve } from 'node:path';
import { once } from 'node:events';
import { type Command, Option } from 'commander';
import { type PromptStyle, promptStyles, type PromptTarget, promptTargets } from '../core/nl2sql/promptStyle.js';
import { schemaViews, type SchemaView } from '../core/nl2sql/schemaText.js';
import { JoineryError } from '../core/shared/errors.js';
import { askSchemaBudget } from '../engine/ask/prepareAsk.js';
import { planEval } from '../engine/eval/evalPlan.js';
import { spiderSplits, type SpiderSplit } from '../engine/eval/readSets.js';
import { type Augmentation, exportPrompts, type ExportLine } from '../engine/training/exportPrompts.js';
import { type CliContext, withEngine } from './context.js';
import { jsonText } from './jsonText.js';
import { readCount } from './readCount.js';

interface ExportOptions {
  readonly spider?: string;
  readonly split: SpiderSplit;
  readonly set: readonly string[];
  readonly db?: string;
  readonly only: readonly string[];
  readonly sample?: number;
  readonly view: readonly SchemaView[];
  readonly viewsEach?: number;
  readonly orders: number;
  readonly distractors?: number;
  readonly dropKeys: number;
  readonly graphTasks: number;
  readonly seed: number;
  readonly style: PromptStyle;
  readonly target: PromptTarget;
  readonly values: boolean;
  readonly template: 'chatml' | 'llama3' | 'gemma' | 'plain';
  readonly out: string;
  readonly json?: boolean;
}

const progressEvery = 200;

export function registerExport(program: Command, context: CliContext): void {
  program
    .command('export')
    .description('write the prompts of questions with known SQL as JSON lines, for the trainer')
    .option('--spider <folder>', "set in Spider's layout")
    .addOption(new Option('--split <name>', 'part of it').choices(spiderSplits).default('train'))
    .option('--set <file...>', 'JSONL with id, question, sql', [])
    .option('--db <path>', 'database of the sets given by --set')
    .option('--only <id...>', 'only questions on these databases', [])
    .option('--sample <n>', 'an even sample of n questions', readCount)
    .addOption(
      new Option('--view <name...>', 'how schemas are written; with several, each pair in each').choices(schemaViews).default(['ddl']),
    )
    .option('--views-each <n>', 'each pair in n of the views', readCount)
    .option('--orders <n>', 'write each schema in n orders of tables and columns', readCount, 0)
    .option('--distractors <n>', "show the SQL's tables and the n nearest others only", readCount)
    .option('--drop-keys <percent>', 'leave out so many of the relations', readCount, 0)
    .option('--graph-tasks <n>', 'ask n questions about each schema itself', readCount, 0)
    .option('--seed <n>', 'of all that is drawn at random', readCount, 1)
    .addOption(
      new Option('--template <name>', 'how the model marks turns').choices(['chatml', 'llama3', 'gemma', 'plain']).default('chatml'),
    )
    .addOption(new Option('--style <name>', 'worked examples before the schema, or none').choices(promptStyles).default('bare'))
    .addOption(
      new Option('--target <name>', 'what is to be written: SQL, a plan and SQL, or SQL without FROM and JOIN')
        .choices(promptTargets)
        .default('sql'),
    )
    .option('--no-values', 'keep stored values out of the prompts')
    .requiredOption('--out <file>', 'where the lines go (.jsonl)')
    .option('--json', 'counts as JSON')
    .action((options: ExportOptions) => writePrompts(context, options));
}

async function writePrompts(context: CliContext, options: ExportOptions): Promise<void> {
  const { io } = context;
  if (options.style === 'worked' && options.target !== 'sql')
    throw new JoineryError('config.invalid', { detail: 'the worked examples are SQL: --style worked goes with --target sql' });
  const { items } = await planEval({
    ...(options.spider === undefined ? {} : { spider: resolve(io.folder, options.spider) }),
    split: options.split,
    sets: options.set.map((file) => resolve(io.folder, file)),
    ...(options.db === undefined ? {} : { database: resolve(io.folder, options.db) }),
    only: options.only,
    ...(options.sample === undefined ? {} : { sample: options.sample }),
  });
  const counts = { pairs: 0, prefixes: 0, outsideGrammar: 0, tasks: 0, skipped: 0 };
  const file = createWriteStream(resolve(io.folder, options.out));
  await once(file, 'open');
  await withEngine(context, {}, async (engine) => {
    const settings = {
      template: options.template,
      views: options.view,
      style: options.style,
      target: options.target,
      showValues: options.values,
      schemaBudget: askSchemaBudget,
      ...augmentationOf(options),
    };
    const wanted = items.length * Math.min(options.view.length, Math.max(1, options.viewsEach ?? options.view.length));
    for await (const line of exportPrompts(engine.catalogue, items, settings, io.token)) {
      count(counts, line);
      if (!file.write(`${JSON.stringify(line)}\n`)) await once(file, 'drain');
      if (line.kind === 'pair' && counts.pairs % progressEvery === 0) io.err(`${counts.pairs} / ${wanted}`);
    }
  });
  file.end();
  await once(file, 'close');
  if (options.json) io.out(jsonText(counts));
  else {
    const outside = `${counts.outsideGrammar} of them outside the grammar`;
    const tasks = counts.tasks > 0 ? `, ${counts.tasks} questions about schemas` : '';
    io.out(`${counts.pairs} pairs, ${outside}, ${counts.prefixes} prefixes${tasks}, ${counts.skipped} skipped`);
  }
}

/** None unless an option asks for it: prompts are then those that the product asks with. */
function augmentationOf(options: ExportOptions): { readonly augmentation?: Augmentation } {
  const { seed, orders, distractors, dropKeys, graphTasks } = options;
  const viewsEach = Math.max(1, options.viewsEach ?? options.view.length);
  const plain = orders + dropKeys + graphTasks === 0 && distractors === undefined && viewsEach >= options.view.length;
  if (plain) return {};
  const droppedKeys = Math.min(dropKeys, 100) / 100;
  return { augmentation: { seed, orders, droppedKeys, graphTasks, viewsEach, ...(distractors === undefined ? {} : { distractors }) } };
}

function count(
  counts: { pairs: number; prefixes: number; outsideGrammar: number; tasks: number; skipped: number },
  line: ExportLine,
): void {
  if (line.kind === 'pair') {
    counts.pairs++;
    if (!line.inGrammar) counts.outsideGrammar++;
  }
  if (line.kind === 'prefix') counts.prefixes++;
  if (line.kind === 'task') counts.tasks++;
  if (line.kind === 'skipped') counts.skipped++;
}
