/**
 * Reads what was added to `events.jsonl` since the last look, from any offset on. A line that is still being written waits for the next look;
 * broken lines are counted and passed over. It watches nothing by itself.
 */
import { open } from 'node:fs/promises';
import { readTrainingEvent, type TrainingEvent } from '../../protocol/trainingEvents.js';

const blockBytes = 256 * 1024;
const lineBreak = 10;

export class EventFile {
  #offset: number;
  #malformed = 0;

  /** `offset` in bytes, at the beginning of a line. */
  constructor(
    readonly path: string,
    offset = 0,
  ) {
    this.#offset = offset;
  }

  /** Bytes that were read as whole lines. */
  get offset(): number {
    return this.#offset;
  }

  /** Lines that were no event. */
  get malformed(): number {
    return this.#malformed;
  }

  /** Events since the last look; none when there is no file yet. A file that became shorter is read from its beginning. */
  async read(): Promise<readonly TrainingEvent[]> {
    const file = await open(this.path, 'r').catch(() => undefined); // Not there before the trainer's first word.
    if (!file) return [];
    try {
      const { size } = await file.stat();
      if (size < this.#offset) this.#offset = 0;
      const events: TrainingEvent[] = [];
      while (this.#offset < size) {
        const wanted = Math.min(size - this.#offset, blockBytes);
        const { bytesRead, buffer } = await file.read(Buffer.alloc(wanted), 0, wanted, this.#offset);
        const taken = this.#take(buffer.subarray(0, bytesRead), events);
        if (taken === 0) break;
      }
      return events;
    } finally {
      await file.close();
    }
  }

  /** How many bytes were whole lines. A line longer than a block is nothing that the trainer writes, and is passed over. */
  #take(bytes: Buffer, events: TrainingEvent[]): number {
    const end = bytes.lastIndexOf(lineBreak) + 1;
    if (end === 0 && bytes.length < blockBytes) return 0;
    const taken = end === 0 ? bytes.length : end;
    for (const line of bytes.toString('utf8', 0, taken).split('\n')) {
      if (line.trim() === '') continue;
      const event = readTrainingEvent(line);
      if (event) events.push(event);
      else this.#malformed++;
    }
    this.#offset += taken;
    return taken;
  }
}
