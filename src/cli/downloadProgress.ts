/** Progress of a fetch on stderr: a bar on a terminal, a line at every tenth elsewhere. */
import { Presets, SingleBar } from 'cli-progress';
import { type FetchPhase, type FetchProgress } from '../engine/models/types.js';
import { formatBytes } from './formatBytes.js';
import { type CliIo } from './io.js';

const sourceWords: Readonly<Record<FetchProgress['source'], string>> = {
  hub: 'the model hub',
  wheels: 'the mirror (Python packages)',
  registry: 'the package registry',
};

export class DownloadProgress {
  #phase: FetchPhase | undefined;
  #source: FetchProgress['source'] | undefined;
  #tenth = -1;
  #bar: SingleBar | undefined;

  constructor(
    private readonly io: CliIo,
    private readonly id: string,
  ) {}

  update(progress: FetchProgress): void {
    if (progress.phase !== this.#phase || progress.source !== this.#source) this.#enter(progress);
    if (progress.phase !== 'downloading' && progress.phase !== 'checking') return;
    if (this.io.errIsTerminal) this.#draw(progress);
    else this.#tell(progress);
  }

  stop(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #enter(progress: FetchProgress): void {
    this.stop();
    this.#phase = progress.phase;
    this.#source = progress.source;
    this.#tenth = -1;
    if (progress.phase === 'waiting') this.io.err(`Another process is fetching ${this.id}; waiting for it …`);
    if (progress.phase === 'connecting')
      this.io.err(`Fetching ${this.id} (${formatBytes(progress.totalBytes)}) from ${sourceWords[progress.source]} …`);
    if (progress.phase === 'checking') this.io.err('Checking the sum …');
  }

  #draw(progress: FetchProgress): void {
    if (!this.#bar) {
      const format = ' {bar} {percentage} % | {megabytes} of {wanted} | {eta} s left';
      this.#bar = new SingleBar({ format, stream: process.stderr, clearOnComplete: true, hideCursor: true }, Presets.shades_classic);
      this.#bar.start(progress.totalBytes, 0, { megabytes: '0 B', wanted: formatBytes(progress.totalBytes) });
    }
    this.#bar.update(progress.receivedBytes, { megabytes: formatBytes(progress.receivedBytes), wanted: formatBytes(progress.totalBytes) });
  }

  #tell(progress: FetchProgress): void {
    const tenth = progress.totalBytes > 0 ? Math.floor((progress.receivedBytes / progress.totalBytes) * 10) : 0;
    if (progress.phase !== 'downloading' || tenth <= this.#tenth) return;
    this.#tenth = tenth;
    this.io.err(`  ${tenth * 10} %  ${formatBytes(progress.receivedBytes)} of ${formatBytes(progress.totalBytes)}`);
  }
}
