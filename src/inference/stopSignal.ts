/** Why a running request must end before its answers are finished: asked for by the caller, by its deadline, or because enough is known. */

export type StopReason = 'cancelled' | 'deadline' | 'enough';

export class StopSignal {
  #reason: StopReason | undefined;
  readonly #deadline: number;

  /** `deadlineAt` in milliseconds of `now`; 0 means none. */
  constructor(
    deadlineAt: number,
    private readonly now: () => number,
  ) {
    this.#deadline = deadlineAt;
  }

  get reason(): StopReason | undefined {
    if (this.#reason === undefined && this.#deadline > 0 && this.now() >= this.#deadline) this.#reason = 'deadline';
    return this.#reason;
  }

  /** The first reason stays. */
  stop(reason: StopReason): void {
    this.#reason ??= reason;
  }
}
