/** Lays out a graph in a thread of its own, so that the extension host answers others meanwhile. One thread per layout; nothing stays. */
import { Worker } from 'node:worker_threads';
import { type CancellationToken } from '../../../core/shared/cancellation.js';
import { JoineryError } from '../../../core/shared/errors.js';
import { type LayoutRequest, layoutAnswerOf } from '../../../protocol/layoutThread.js';
import { type Place } from '../../../protocol/graphPage.js';

/** Milliseconds; a schema of a thousand tables takes a few seconds. */
const deadlineMs = 60_000;

/** `program` is the path of the built thread. Throws `cancelled`, and `internal` when the thread fails or takes too long. */
export function layOut(program: string, request: Omit<LayoutRequest, 'id'>, token: CancellationToken): Promise<readonly Place[]> {
  const worker = new Worker(program);
  return new Promise<readonly Place[]>((resolve, reject) => {
    const fail = (reason: string): void => reject(new JoineryError('internal', { reason }));
    const timer = setTimeout(() => fail('the layout took too long'), deadlineMs);
    const link = token.onCancellationRequested(() => reject(new JoineryError('cancelled')));
    const settle = (): void => {
      clearTimeout(timer);
      link.dispose();
    };
    worker.once('message', (value: unknown) => {
      settle();
      const answer = layoutAnswerOf(value);
      if (answer) resolve(answer.places);
      else fail('the layout has an unknown shape');
    });
    worker.once('error', (error) => {
      settle();
      fail(error.message);
    });
    worker.postMessage({ id: 1, ...request } satisfies LayoutRequest);
    if (token.isCancellationRequested) reject(new JoineryError('cancelled'));
  }).finally(() => void worker.terminate());
}
