/** Requests as JSON lines on one stream, answers as JSON lines on standard output, in order: how the trainer speaks to `joinery`. */
import { createInterface } from 'node:readline';
import { type Readable } from 'node:stream';
import { type CliContext } from './context.js';

/** Says what it has to say first, then answers line by line. What `read` throws becomes the answer to its line; what `answer` throws ends the command. */
export async function answerLines<R>(
  { io }: CliContext,
  input: Readable,
  ready: Readonly<Record<string, unknown>>,
  read: (line: string) => R,
  answer: (request: R) => Promise<unknown>,
): Promise<void> {
  io.out(JSON.stringify({ kind: 'ready', ...ready }));
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    if (line.trim() === '') continue;
    let request: R;
    try {
      request = read(line);
    } catch (error) {
      const sentence = error instanceof Error ? error.message : String(error);
      io.out(JSON.stringify({ id: '', error: { code: 'request', sentence } }));
      continue;
    }
    io.out(JSON.stringify(await answer(request)));
  }
}
