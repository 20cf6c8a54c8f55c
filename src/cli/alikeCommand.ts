/** `joinery alike`: which pairs would be shown with which question, as JSON lines on standard output. Made for the trainer, not for people. */
import { resolve } from 'node:path';
import { type Command } from 'commander';
import { readJsonl } from '../engine/eval/readSets.js';
import { alikePairs, readGivenPairs } from '../engine/training/alikePairs.js';
import { type CliContext, withEngine } from './context.js';

interface AlikeOptions {
  readonly set: string;
  readonly pairs: string;
  readonly db?: string;
}

export function registerAlike(program: Command, context: CliContext): void {
  program
    .command('alike')
    .description('say which pairs would be shown with which question, for the trainer')
    .requiredOption('--set <file>', 'JSONL with id, question and db')
    .requiredOption('--pairs <file>', 'JSONL with question and sql: the pairs that may be shown')
    .option('--db <path>', 'database of questions that name none')
    .action((options: AlikeOptions) => tellAlike(context, options));
}

async function tellAlike(context: CliContext, options: AlikeOptions): Promise<void> {
  const { io } = context;
  const at = (path: string): string => resolve(io.folder, path);
  const items = await readJsonl(at(options.set), options.db === undefined ? undefined : at(options.db));
  const pairs = await readGivenPairs(at(options.pairs));
  await withEngine(context, {}, async (engine) => {
    for await (const line of alikePairs(engine.catalogue, items, pairs, io.token)) io.out(JSON.stringify(line));
  });
}
