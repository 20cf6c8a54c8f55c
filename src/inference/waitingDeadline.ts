/** The deadline of a request that is still waiting for its turn: it comes back empty then. One that runs watches its own deadline. */
import { type Disposable } from '../core/shared/disposable.js';
import { type GenerateResult } from '../protocol/modelProcess.js';

export class WaitingDeadline implements Disposable {
  readonly #timer: NodeJS.Timeout | undefined;
  /** Never resolves when the request had begun by then, or has no deadline (0). */
  readonly passed: Promise<GenerateResult>;

  constructor(deadlineMs: number, isWaiting: () => boolean) {
    let pass = (_: GenerateResult): void => undefined;
    this.passed = new Promise((resolve) => (pass = resolve));
    if (deadlineMs <= 0) return;
    this.#timer = setTimeout(() => {
      if (isWaiting()) pass({ candidates: [], stats: { ...nothingDone, queueMs: deadlineMs } });
    }, deadlineMs);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}

const nothingDone = {
  prefixTokens: 0,
  prefixFrom: 'evaluated',
  restTokens: 0,
  promptMs: 0,
  decodeMs: 0,
  evaluatedTokens: 0,
  sampledTokens: 0,
  forcedTokens: 0,
  grammarMs: 0,
} as const;
