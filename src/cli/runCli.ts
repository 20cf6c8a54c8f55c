/** The command tree, and what happens when a command fails: a sentence with a next step, and an exit code. */
import { Command, CommanderError } from 'commander';
import { isJoineryError } from '../core/shared/errors.js';
import { describeError } from '../engine/words/errorSentences.js';
import { registerAsk } from './askCommand.js';
import { type CliContext } from './context.js';
import { registerDoctor } from './doctorCommand.js';
import { exitCodeOf, exitCodes } from './exitCodes.js';
import { styleFor, type CliIo } from './io.js';
import { registerJoins } from './joinsCommand.js';
import { jsonText } from './jsonText.js';
import { registerModels } from './modelsCommand.js';
import { registerSchema } from './schemaCommand.js';

const helpAfter = `
Examples:
  joinery "top 5 customers by revenue in 2024" shop.db
  joinery schema shop.db --format mermaid
  joinery joins customer product --db shop.db
  joinery models fetch

Exit codes: 0 done, 1 a bug in Joinery, 2 wrong usage, 3 no answer, 4 database or statement,
5 model, 6 a question test failed, 130 cancelled.`;

function buildProgram(context: CliContext, extend: (program: Command) => void): Command {
  const { io } = context;
  const program = new Command('joinery')
    .description('Ask SQLite databases in plain words: SQL from a local model, checked on the real database.')
    .version(context.version)
    .addHelpText('after', helpAfter)
    .showHelpAfterError('(joinery --help shows how)');
  const configure = (command: Command): void => {
    command.exitOverride().configureOutput({
      writeOut: (text) => io.out(text.trimEnd()),
      writeErr: (text) => io.err(text.trimEnd()),
      getOutHelpWidth: () => helpWidth(io),
      getErrHelpWidth: () => helpWidth(io),
    });
    command.commands.forEach(configure);
  };
  registerAsk(program, context);
  registerSchema(program, context);
  registerJoins(program, context);
  registerModels(program, context);
  registerDoctor(program, context);
  extend(program);
  configure(program);
  return program;
}

/** Wide terminals still get lines that one can read. */
function helpWidth(io: CliIo): number {
  return Math.min(io.width > 0 ? io.width : 80, 100);
}

/** Runs one command line (without node and script). Never throws; the exit code goes to `io`. */
export async function runCli(
  args: readonly string[],
  context: CliContext,
  extend: (program: Command) => void = () => undefined,
): Promise<void> {
  const program = buildProgram(context, extend);
  try {
    if (args.length === 0) program.help();
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    report(error, context, args.includes('--json'));
  }
}

function report(error: unknown, { io }: CliContext, asJson: boolean): void {
  if (error instanceof CommanderError) {
    io.setExitCode(error.exitCode === 0 ? exitCodes.success : exitCodes.usage);
    return;
  }
  const style = styleFor(io.errIsTerminal, io.environment);
  const code = isJoineryError(error) ? error.code : 'internal';
  const details = isJoineryError(error) ? error.details : { reason: error instanceof Error ? error.message : String(error) };
  const { sentence, next } = describeError(code, details);
  if (asJson) io.out(jsonText({ kind: 'error', code, details, sentence, next }));
  else io.err(`${style.red(sentence)}\n${next}`);
  if (code === 'internal' && io.environment['JOINERY_DEBUG'] && error instanceof Error) io.err(error.stack ?? '');
  io.setExitCode(exitCodeOf(code));
}
