/** `joinery joins A B …`: how tables connect, cheapest way first, as SQL. */
import { type Command } from 'commander';
import { type JoinTree } from '../core/graph/types.js';
import { type DatabaseKnowledge } from '../core/nl2sql/types.js';
import { JoineryError } from '../core/shared/errors.js';
import { chooseDatabase } from './chooseDatabase.js';
import { withEngine, type CliContext } from './context.js';
import { exitCodes } from './exitCodes.js';
import { styleFor, type Style } from './io.js';
import { jsonText } from './jsonText.js';
import { renderJoinStep } from './renderAnswer.js';

const indexWaitMs = 30_000;

interface JoinsOptions {
  readonly db?: string;
  readonly json?: boolean;
}

export function registerJoins(program: Command, context: CliContext): void {
  program
    .command('joins')
    .description('show how two or more tables join, with alternatives')
    .argument('<tables...>', 'table names')
    .option('--db <file>', 'SQLite file; by default the only one below the current folder')
    .option('--json', 'print JSON')
    .action(async (names: string[], options: JoinsOptions) => {
      const { io } = context;
      const database = await chooseDatabase(context, options.db);
      const { tables, trees } = await withEngine(context, {}, async (engine) => {
        const opened = await engine.catalogue.open(database, io.token);
        await opened.whenIndexed(indexWaitMs, io.token);
        const stored = names.map((name) => storedName(opened.knowledge, name));
        return { tables: stored, trees: opened.joinTrees(stored) };
      });
      if (options.json) io.out(jsonText({ database, tables, trees }));
      else if (trees.length > 0) io.out(renderTrees(trees, styleFor(io.outIsTerminal, io.environment)));
      else io.err(`No join connects ${tables.join(' and ')}.`);
      if (trees.length === 0) io.setExitCode(exitCodes.noAnswer);
    });
}

function storedName(knowledge: DatabaseKnowledge, name: string): string {
  const table = knowledge.schema.tables.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
  if (!table) throw new JoineryError('sql.unknownName', { name });
  return table.name;
}

export function renderTrees(trees: readonly JoinTree[], style: Style): string {
  return trees
    .map((tree, index) => [style.bold(`${index + 1}. ${tree.tables.join(', ')}`), ...tree.steps.map(renderStep)].join('\n'))
    .join('\n\n');
}

function renderStep(step: JoinTree['steps'][number]): string {
  return `   ${step.from} → ${step.to}  ${renderJoinStep(step)}${step.fanOut ? ', multiplies rows' : ''}`;
}
