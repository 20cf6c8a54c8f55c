/** Runs pure work that comes in steps, handing control back to the event loop every few milliseconds. */
import { setImmediate } from 'node:timers/promises';
import { type CancellationToken, throwIfCancelled } from '../../core/shared/cancellation.js';

/** Short enough that typing is not felt to stall. */
const sliceMs = 10;

/** Throws `cancelled` between two slices when the token says so. */
export async function runInSlices<T>(steps: Iterator<undefined, T>, token: CancellationToken): Promise<T> {
  for (;;) {
    throwIfCancelled(token);
    const end = performance.now() + sliceMs;
    while (performance.now() < end) {
      const step = steps.next();
      if (step.done === true) return step.value;
    }
    await setImmediate();
  }
}
