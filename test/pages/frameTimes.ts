/** How long the frames of a page are while something moves in it, for benches. Tests assert no times. */
import { type CDPSession, type Page } from 'playwright-core';

export interface FrameTimes {
  /** Milliseconds, all of them. */
  readonly mean: number;
  /** 95 of 100 frames are shorter. */
  readonly most: number;
  /** Processor time of the page's thread a frame: other programs on the machine do not count. */
  readonly work: number;
}

/** `move` is awaited between the first and the last frame that count. */
export async function frameTimes(page: Page, move: () => Promise<void>): Promise<FrameTimes> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.setTimeDomain', { timeDomain: 'threadTicks' });
  await session.send('Performance.enable');
  await page.evaluate(() => {
    const times: number[] = [];
    const count = (now: number): void => {
      times.push(now);
      if ((window as unknown as { frameTimes: number[] }).frameTimes === times) requestAnimationFrame(count);
    };
    Object.assign(window, { frameTimes: times });
    requestAnimationFrame(count);
  });
  const before = await taskSeconds(session);
  await move();
  const times = await page.evaluate(() => (window as unknown as { frameTimes: number[] }).frameTimes);
  const after = await taskSeconds(session);
  await session.detach();
  const gaps = times
    .slice(1)
    .map((time, at) => time - (times[at] ?? time))
    .sort((a, b) => a - b);
  return {
    mean: gaps.reduce((sum, gap) => sum + gap, 0) / Math.max(1, gaps.length),
    most: gaps[Math.floor(gaps.length * 0.95)] ?? 0,
    work: (1000 * (after - before)) / Math.max(1, gaps.length),
  };
}

/** Mean factor from one size to its double. */
export function growthPerDoubling(small: number, large: number, factor: number): number {
  return (large / small) ** (1 / Math.log2(factor));
}

async function taskSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
}
