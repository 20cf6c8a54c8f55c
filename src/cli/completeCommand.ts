/** `joinery complete`: prompts as JSON lines on standard input, completions as JSON lines on standard output. Made for the trainer, not for people. */
import { createInterface } from 'node:readline';
import { type Readable } from 'node:stream';
import { type Command } from 'commander';
import { type ChatTemplate } from '../core/nl2sql/promptPart.js';
import { type CancellationToken } from '../core/shared/cancellation.js';
import { type ModelService } from '../engine/process/types.js';
import { completePrompt, readCompleteRequest } from '../engine/training/completePrompts.js';
import { addModelOptions, type CliContext, readModelOptions, withEngine } from './context.js';
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
    const ready = { kind: 'ready', model: choice.model ?? '', adapter: choice.adapter ?? '', architecture, contextSize, threads };
    io.out(JSON.stringify(ready));
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      if (line.trim() === '') continue;
      io.out(JSON.stringify(await answer(engine.model, line, chatTemplate, io.token)));
    }
  });
}

async function answer(model: ModelService, line: string, template: ChatTemplate, token: CancellationToken): Promise<unknown> {
  let request;
  try {
    request = readCompleteRequest(line, template);
  } catch (error) {
    return { id: '', error: { code: 'request', sentence: error instanceof Error ? error.message : String(error) } };
  }
  return completePrompt(model, request, token);
}
