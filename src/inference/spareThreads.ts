/** How many threads find a core of their own just now. Reads the machine only through what it is given. */
import { cpus } from 'node:os';
import { type NextTokens } from './nextTokens.js';

/** Since the machine started, over all processors. */
export interface ProcessorTimes {
  readonly processors: number;
  readonly idleMs: number;
  readonly busyMs: number;
  /** Of all threads of this process. */
  readonly ownMs: number;
}

/** More often is no news: systems count in ticks of ten milliseconds. */
const shortestMs = 250;
/** What was so long ago says nothing about now. */
const longestMs = 10_000;
/** The share of a core that others may use before one thread less is faster than threads that wait for the one without a core. */
const tolerated = 0.25;

/**
 * llama.cpp's threads meet after every matrix, hundreds of times a token, and spin until the last is there. One of them without a
 * core makes all wait for a slice of the scheduler each time: on two busy cores two threads are slower than one by far more than two.
 */
export class SpareThreads {
  #last: ProcessorTimes;
  #lookedAt: number;
  #current: number;

  constructor(
    private readonly most: number,
    private readonly now: () => number,
    private readonly read: () => ProcessorTimes = processorTimes,
  ) {
    this.#current = most;
    this.#last = read();
    this.#lookedAt = now();
  }

  /** Cheap enough to ask before every batch. */
  get current(): number {
    const ms = this.now() - this.#lookedAt;
    if (this.most > 1 && ms >= shortestMs) this.#look(ms);
    return this.#current;
  }

  #look(ms: number): void {
    const { idleMs, busyMs, ownMs } = this.#last;
    this.#last = this.read();
    this.#lookedAt += ms;
    if (ms > longestMs) return;
    const idle = this.#last.idleMs - idleMs;
    const share = (idle + this.#last.busyMs - busyMs) / Math.max(1, this.#last.processors);
    const free = share > 0 ? (idle + this.#last.ownMs - ownMs) / share : this.most;
    this.#current = Math.max(1, Math.min(this.most, Math.floor(free + tolerated)));
  }
}

function processorTimes(): ProcessorTimes {
  let [idleMs, busyMs] = [0, 0];
  const processors = cpus();
  for (const { times } of processors) {
    idleMs += times.idle;
    busyMs += times.user + times.nice + times.sys + times.irq;
  }
  const { user, system } = process.cpuUsage();
  return { processors: processors.length, idleMs, busyMs, ownMs: (user + system) / 1000 };
}

/** Gives the runtime its number of threads before every batch; the runtime takes it on with the batch. */
export function onSpareThreads(next: NextTokens, runtime: { maxThreads: number }, spare: SpareThreads): NextTokens {
  const adapt = (): void => {
    if (runtime.maxThreads !== spare.current) runtime.maxThreads = spare.current;
  };
  return {
    way: next.way,
    append(sequence, tokens) {
      adapt();
      return next.append(sequence, tokens);
    },
    read(sequence, tokens, needMore) {
      adapt();
      return next.read(sequence, tokens, needMore);
    },
  };
}
