/** Why one statement on a connection is to stop, and the stopping: by time, by its token, by the size of its result. */
import { type CancellationToken } from '../core/shared/cancellation.js';
import { type Disposable } from '../core/shared/disposable.js';
import { JoineryError } from '../core/shared/errors.js';
import { type RawConnection } from './rawConnection.js';

/** Milliseconds between interruptions: one that arrives between two steps of the statement is lost. */
const repeatMs = 20;

export interface InterruptionLimits {
  readonly timeoutMs: number;
  readonly token?: CancellationToken;
}

export class Interruption {
  /** Rejects with the reason as soon as there is one, while SQLite may still be on its way out. */
  readonly stopped: Promise<never>;
  #reject: (reason: JoineryError) => void = () => undefined;
  #reason: JoineryError | undefined;
  #running = false;
  #timer: NodeJS.Timeout | undefined;
  #repeat: NodeJS.Timeout | undefined;
  readonly #link: Disposable | undefined;

  constructor(
    private readonly connection: Pick<RawConnection, 'interrupt'>,
    private readonly limits: InterruptionLimits,
  ) {
    this.stopped = new Promise((_, reject) => {
      this.#reject = reject;
    });
    this.#link = limits.token?.onCancellationRequested(() => this.stop(new JoineryError('cancelled')));
    if (limits.token?.isCancellationRequested) this.stop(new JoineryError('cancelled'));
  }

  get reason(): JoineryError | undefined {
    return this.#reason;
  }

  /** The statement's turn has come: its time runs from now. */
  start(): void {
    this.check();
    this.#running = true;
    const { timeoutMs } = this.limits;
    // Longer timers than this fire at once.
    this.#timer = setTimeout(() => this.stop(new JoineryError('sql.timeout', { timeoutMs })), Math.min(timeoutMs, 2 ** 31 - 1));
  }

  stop(reason: JoineryError): void {
    if (this.#reason) return;
    this.#reason = reason;
    this.#reject(reason);
    if (!this.#running) return;
    this.connection.interrupt();
    this.#repeat = setInterval(() => this.connection.interrupt(), repeatMs);
  }

  check(): void {
    if (this.#reason) throw this.#reason;
  }

  /** The statement is over: what comes later on the connection is not to be hit. */
  end(): void {
    this.#running = false;
    clearTimeout(this.#timer);
    clearInterval(this.#repeat);
    this.#link?.dispose();
  }
}
