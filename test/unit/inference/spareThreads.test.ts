import { describe, expect, it } from 'vitest';
import { type NextTokens } from '../../../src/inference/nextTokens.js';
import { onSpareThreads, SpareThreads } from '../../../src/inference/spareThreads.js';

/** A machine whose cores others use as told, while this process takes what is left up to its number of threads. */
function machine(processors: number, most: number) {
  let [clock, idleMs, busyMs, ownMs, reads] = [0, 0, 0, 0, 0];
  const spare = new SpareThreads(
    most,
    () => clock,
    () => {
      reads++;
      return { processors, idleMs, busyMs, ownMs };
    },
  );
  return {
    spare,
    reads: () => reads,
    run(ms: number, others: number, wants = spare.current) {
      // Each thread that wants a core gets its fair share.
      const share = Math.min(1, processors / (wants + others));
      clock += ms;
      ownMs += wants * share * ms;
      busyMs += (wants + others) * share * ms;
      idleMs += Math.max(0, processors - wants - others) * ms;
      return spare.current;
    },
  };
}

describe('threads that find a core', () => {
  const cases = [
    { name: 'two cores, nobody else', processors: 2, most: 2, others: 0, threads: 2 },
    { name: 'two cores, a little going on', processors: 2, most: 2, others: 0.2, threads: 2 },
    { name: 'two cores, one of them taken', processors: 2, most: 2, others: 1, threads: 1 },
    { name: 'two cores, both of them taken', processors: 2, most: 2, others: 2, threads: 1 },
    { name: 'eight cores, one of them taken', processors: 8, most: 7, others: 1, threads: 7 },
    { name: 'eight cores, five of them taken', processors: 8, most: 7, others: 5, threads: 3 },
    { name: 'sixteen cores of which a container gives two', processors: 16, most: 2, others: 3, threads: 2 },
  ];
  for (const { name, processors, most, others, threads } of cases)
    it(`${name}: ${threads}, and it stays at that`, () => {
      const { run } = machine(processors, most);
      for (let at = 0; at < 10; at++) run(300, others);
      expect(run(300, others)).toBe(threads);
      expect(run(300, others)).toBe(threads);
    });

  it('come back when the others are done', () => {
    const { run } = machine(2, 2);
    expect(run(400, 1)).toBe(1);
    expect(run(400, 0)).toBe(2);
  });

  it('are counted anew after a pause, whose load says nothing about now', () => {
    const { run } = machine(2, 2);
    expect(run(400, 1)).toBe(1);
    expect(run(60_000, 0, 0)).toBe(1);
    expect(run(400, 0)).toBe(2);
  });

  it('are looked at four times a second at most, and never where there is one', () => {
    const { run, reads } = machine(2, 2);
    for (let at = 0; at < 100; at++) run(10, 1);
    expect(reads()).toBeLessThanOrEqual(6);
    const single = machine(1, 1);
    for (let at = 0; at < 10; at++) single.run(400, 1);
    expect(single.reads()).toBe(1);
  });

  it('look at the real machine', () => {
    let clock = 0;
    const spare = new SpareThreads(64, () => clock);
    const until = performance.now() + 50;
    while (performance.now() < until);
    clock = 300;
    expect(spare.current).toBeGreaterThanOrEqual(1);
    expect(spare.current).toBeLessThanOrEqual(64);
  });

  it('are given to the runtime before every batch', async () => {
    const seen: number[] = [];
    const runtime = { maxThreads: 2 };
    const next: NextTokens = {
      way: 'public',
      append: () => Promise.resolve(void seen.push(runtime.maxThreads)),
      read: () => {
        seen.push(runtime.maxThreads);
        return Promise.resolve({ tokens: [], logits: [] });
      },
    };
    const { spare, run } = machine(2, 2);
    const adapted = onSpareThreads(next, runtime, spare);
    const sequence = {} as Parameters<NextTokens['append']>[0];
    await adapted.append(sequence, []);
    run(400, 1);
    await adapted.read(sequence, [], () => undefined);
    run(400, 0);
    await adapted.append(sequence, []);
    expect(seen).toEqual([2, 1, 2]);
    expect(adapted.way).toBe('public');
  });
});
