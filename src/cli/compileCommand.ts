/**
 * `joinery compile`: statements without FROM and JOIN as JSON lines on standard input, SQL as JSON lines on standard output. Made for the trainer,
 * not for people.
 */
import { createInterface } from 'node:readline';
import { type Readable } from 'node:stream';
import { type Command } from 'commander';
import { type CancellationToken } from '../core/shared/cancellation.js';
import { type Catalogue } from '../engine/catalogue/types.js';
import { compileAnswer, type CompileLine, readCompileRequest } from '../engine/training/compileAnswers.js';
import { type CliContext, withEngine } from './context.js';

export function registerCompile(program: Command, context: CliContext, input: Readable): void {
  program
    .command('compile')
    .description('compile statements without FROM and JOIN, given as JSON lines on standard input, for the trainer')
    .action(() => compileLines(context, input));
}

async function compileLines(context: CliContext, input: Readable): Promise<void> {
  const { io } = context;
  await withEngine(context, {}, async (engine) => {
    io.out(JSON.stringify({ kind: 'ready' }));
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      if (line.trim() === '') continue;
      io.out(JSON.stringify(await answer(engine.catalogue, line, io.token)));
    }
  });
}

async function answer(catalogue: Catalogue, line: string, token: CancellationToken): Promise<CompileLine> {
  let request;
  try {
    request = readCompileRequest(line);
  } catch (error) {
    return { id: '', error: { code: 'request', sentence: error instanceof Error ? error.message : String(error) } };
  }
  return compileAnswer(catalogue, request, token);
}
