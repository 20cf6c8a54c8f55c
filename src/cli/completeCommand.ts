/** `joinery complete`: prompts as JSON lines on standard input, completions as JSON lines on standard output. Made for the trainer, not for people. */
import { type Readable } from 'node:stream';
import { type Command } from 'commander';
import { completePrompt, type CompleteRequest, readCompleteRequest } from '../engine/training/completePrompts.js';
import { addModelOptions, type CliContext, readModelOptions, withEngine } from './context.js';
import { answerLines } from './jsonLines.js';
import { readCount } from './readCount.js';

export function registerComplete(program: Command, context: CliContext, input: Readable): void {
  const command = program
    .command('complete')
    .description('complete prompts given as JSON lines on standard input, for the trainer')
    .option('--threads <n>', 'threads of the model', readCount, 2);
  addModelOptions(command).action((options: Readonly<Record<string, unknown>>) => completeLines(context, input, options));
}

async function completeLines(context: CliContext, input: Readable, options: Readonly<Record<string, unknown>>): Promise<void> {
  const { io } = context;
  const threads = Number(options['threads']);
  const choice = readModelOptions(options, io.environment);
  await withEngine(context, { ...choice, maxThreads: threads }, async (engine) => {
    const { architecture, contextSize, chatTemplate } = await engine.loadModel(io.token);
    const ready = { model: choice.model ?? '', adapter: choice.adapter ?? '', architecture, contextSize, threads };
    const read = (line: string): CompleteRequest => readCompleteRequest(line, chatTemplate);
    await answerLines(context, input, ready, read, (request) => completePrompt(engine.model, request, io.token));
  });
}
