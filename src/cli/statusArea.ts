/** A few lines on stderr that are drawn over while something runs and gone afterwards. Silent when stderr is not a terminal. */
import { type CliIo } from './io.js';

export class StatusArea {
  #lines = 0;

  constructor(private readonly io: CliIo) {}

  show(text: string): void {
    if (!this.io.errIsTerminal) return;
    this.clear();
    const width = this.io.width > 0 ? this.io.width : 80;
    this.#lines = text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / width)), 0);
    this.io.errRaw(`${text}\n`);
  }

  clear(): void {
    if (this.#lines > 0) this.io.errRaw(`\u001b[${this.#lines}A\u001b[J`);
    this.#lines = 0;
  }
}
