/** `joinery ask` and `joinery "question" [database]`: one question, one verified answer. */
import { type Command } from 'commander';
import { defaultSteps, parseSteps, stepNames } from '../engine/ask/askSteps.js';
import { type AskListener, type AskOutcome, type AskPhase, type AskRequest } from '../engine/ask/types.js';
import { JoineryError } from '../core/shared/errors.js';
import { chooseDatabase } from './chooseDatabase.js';
import { addModelOptions, readModelOptions, withEngine, type CliContext } from './context.js';
import { exitCodeOf } from './exitCodes.js';
import { styleFor } from './io.js';
import { jsonText } from './jsonText.js';
import { readLastAnswer, writeLastAnswer } from './lastAnswer.js';
import { readCount } from './readCount.js';
import { outcomeAsJson, renderAnswer, renderRefusal } from './renderAnswer.js';
import { StatusArea } from './statusArea.js';

interface AskOptions {
  readonly candidates: number;
  readonly rows: number;
  readonly deadline: number;
  readonly seed: number;
  readonly threads: number;
  readonly steps?: string;
  readonly follow?: boolean;
  readonly explain?: boolean;
  readonly all?: boolean;
  readonly json?: boolean;
}

const phaseWords: Readonly<Record<AskPhase, string>> = {
  opening: 'opening the database …',
  indexing: 'indexing values …',
  loadingModel: 'loading the model …',
  thinking: 'thinking …',
  verifying: 'checking on the database …',
};

export function registerAsk(program: Command, context: CliContext): void {
  const command = program
    .command('ask', { isDefault: true })
    .description('answer a question with SQL that was checked on the database (the default command)')
    .argument('<question>', 'in plain words, in quotes')
    .argument('[database]', 'SQLite file; by default the only one below the current folder')
    .option('-n, --candidates <count>', 'candidates to vote over; 1 is fastest, 0 what suits the model', readCount, 0)
    .option('-r, --rows <count>', 'rows to show', readCount, 10)
    .option('--deadline <ms>', 'answer with the best found after this time; 0 means no limit', readCount, 0)
    .option('--seed <number>', 'seed of the samples', readCount, 1)
    .option('--steps <list>', `pipeline steps to switch, such as "-repair": ${stepNames.join(', ')}`)
    .option('--threads <count>', 'compute threads of the model; 0 leaves one core free', readCount, 0)
    .option('--follow', 'refine the last answer on this database')
    .option('--explain', 'say in words what the SQL does')
    .option('--all', 'show the answers that lost the vote, too')
    .option('--json', 'print JSON');
  addModelOptions(command).action(async (question: string, database: string | undefined, options: AskOptions) => {
    await runAsk(context, question, database, options);
  });
}

async function runAsk(context: CliContext, question: string, given: string | undefined, options: AskOptions): Promise<void> {
  const { io } = context;
  const database = await chooseDatabase(context, given);
  const request = await buildRequest(context, question, database, options);
  const status = new StatusArea(io);
  const outcome = await withEngine(
    context,
    { ...readModelOptions({ ...options }, io.environment), maxThreads: options.threads },
    async (engine) => {
      try {
        return await engine.ask.ask(request, listenerFor(context, status, options), io.token);
      } finally {
        status.clear();
      }
    },
  );
  if (outcome.kind === 'answer') await writeLastAnswer(context.stateFolder, database, { question, sql: outcome.sql });
  print(context, outcome, request, options);
}

async function buildRequest(context: CliContext, question: string, database: string, options: AskOptions): Promise<AskRequest> {
  const steps = options.steps === undefined ? defaultSteps : parseSteps(options.steps);
  if (!steps) throw new JoineryError('config.invalid', { detail: `--steps knows ${stepNames.join(', ')}` });
  const previous = options.follow ? await readLastAnswer(context.stateFolder, database) : undefined;
  if (options.follow && !previous)
    throw new JoineryError('config.invalid', { detail: '--follow needs an answer to an earlier question on this database' });
  return {
    question,
    database,
    candidates: options.candidates,
    priority: 'interactive',
    deadlineMs: options.deadline,
    seed: options.seed,
    steps,
    ...(previous ? { previous } : {}),
  };
}

/** Shows the phase and the first verified answer while the vote goes on; both are drawn over. */
function listenerFor(context: CliContext, status: StatusArea, options: AskOptions): AskListener {
  const style = styleFor(context.io.errIsTerminal, context.io.environment);
  const display = { rows: Math.min(options.rows, 3), explain: false, alternatives: false };
  return {
    onPhase: (phase) => status.show(style.dim(phaseWords[phase])),
    onAnswer: (answer) => {
      if (!options.json) status.show(`${renderAnswer(answer, display, style)}\n${style.dim('voting …')}`);
    },
  };
}

function print(context: CliContext, outcome: AskOutcome, request: AskRequest, options: AskOptions): void {
  const { io } = context;
  const style = styleFor(io.outIsTerminal, io.environment);
  const display = { rows: options.rows, explain: options.explain ?? false, alternatives: options.all ?? false };
  if (options.json) io.out(jsonText(outcomeAsJson(outcome, request.database, request.question)));
  else if (outcome.kind === 'answer') io.out(renderAnswer(outcome, display, style));
  else io.err(renderRefusal(outcome, styleFor(io.errIsTerminal, io.environment)));
  if (outcome.kind === 'refusal') io.setExitCode(exitCodeOf(outcome.code));
}
