/**
 * One request computes at a time; the most urgent goes first, equals in order of arrival. A running request calls
 * `giveWay` between its batches: a more urgent one that waits is then run to its end before the call returns.
 */
import { type Priority, urgency } from '../protocol/urgency.js';

interface Waiting {
  readonly urgency: number;
  readonly start: () => Promise<void>;
}

export class RequestQueue {
  readonly #waiting: Waiting[] = [];
  #running = false;

  /** Resolves or rejects with the job's own outcome. */
  run<T>(priority: Priority, job: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ urgency: urgency[priority], start: () => job().then(resolve, reject) });
      void this.#drain();
    });
  }

  /** Called by a running job of that priority between two batches. */
  async giveWay(priority: Priority): Promise<void> {
    for (let next = this.#next(urgency[priority]); next; next = this.#next(urgency[priority])) await next.start();
  }

  async #drain(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    for (let next = this.#next(-1); next; next = this.#next(-1)) await next.start();
    this.#running = false;
  }

  /** Takes the most urgent waiting job that is more urgent than `above`. */
  #next(above: number): Waiting | undefined {
    let at = -1;
    for (const [index, entry] of this.#waiting.entries())
      if (entry.urgency > above && entry.urgency > (this.#waiting[at]?.urgency ?? -1)) at = index;
    return at < 0 ? undefined : this.#waiting.splice(at, 1)[0];
  }
}
