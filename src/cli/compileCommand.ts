/**
 * `joinery compile`: statements without FROM and JOIN as JSON lines on standard input, SQL as JSON lines on standard output. Made for the trainer,
 * not for people.
 */
import { type Readable } from 'node:stream';
import { type Command } from 'commander';
import { compileAnswer, readCompileRequest } from '../engine/training/compileAnswers.js';
import { type CliContext, withEngine } from './context.js';
import { answerLines } from './jsonLines.js';

export function registerCompile(program: Command, context: CliContext, input: Readable): void {
  program
    .command('compile')
    .description('compile statements without FROM and JOIN, given as JSON lines on standard input, for the trainer')
    .action(() => compileLines(context, input));
}

async function compileLines(context: CliContext, input: Readable): Promise<void> {
  await withEngine(context, {}, ({ catalogue }) =>
    answerLines(context, input, {}, readCompileRequest, (request) => compileAnswer(catalogue, request, context.io.token)),
  );
}
