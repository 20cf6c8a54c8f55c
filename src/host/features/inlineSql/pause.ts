/** Waits, or stops waiting at once when the token says so. Never rejects: the caller looks at its token. */
import { type CancellationToken } from '../../../core/shared/cancellation.js';

export function pause(milliseconds: number, token: CancellationToken): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      listener.dispose();
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    const listener = token.onCancellationRequested(done);
    if (token.isCancellationRequested) done();
  });
}
