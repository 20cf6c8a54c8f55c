/** Long pure work lets others run and can be stopped. */
import { expect, it } from 'vitest';
import { CancellationSource, neverCancelled } from '../../../../src/core/shared/cancellation.js';
import { runInSlices } from '../../../../src/engine/catalogue/runInSlices.js';

function* countdown(steps: number, each: () => void = () => undefined): Generator<undefined, string> {
  for (let step = 0; step < steps; step++) {
    each();
    yield undefined;
  }
  return 'done';
}

function busy(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

it.each([0, 1, 1000])('gives the result after %i steps', async (steps) => {
  expect(await runInSlices(countdown(steps), neverCancelled)).toBe('done');
});

it('lets the event loop turn', async () => {
  let turns = 0;
  const tick = setInterval(() => turns++, 1);
  await runInSlices(
    countdown(10, () => busy(11)),
    neverCancelled,
  );
  clearInterval(tick);
  expect(turns).toBeGreaterThan(1);
});

it('stops when cancelled between slices', async () => {
  const source = new CancellationSource();
  let steps = 0;
  const work = runInSlices(
    countdown(1000, () => {
      steps++;
      busy(11);
      if (steps === 2) source.cancel();
    }),
    source.token,
  );
  await expect(work).rejects.toMatchObject({ code: 'cancelled' });
  expect(steps).toBe(2);
});

it('fails as the work fails', async () => {
  await expect(
    runInSlices(
      countdown(1, () => {
        throw new Error('broken');
      }),
      neverCancelled,
    ),
  ).rejects.toThrow('broken');
});
