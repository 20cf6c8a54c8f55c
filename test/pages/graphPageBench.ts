/** How fluently the graph page moves, in Chromium without a graphics processor: frames while dragging the view, near and from afar. */
import { type CDPSession } from 'playwright-core';
import { chromiumPath } from './openPage.js';
import { type GraphHarness, openGraph } from './graphHarness.js';
import { largeGraph } from '../support/graphDatabases.js';

export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the value must not exceed. */
  readonly bar?: number;
}

/** Milliseconds of a frame at 50 frames a second. */
const frameBar = 20;
const moves = 90;

export async function runGraphPageBench(): Promise<BenchRow[]> {
  if (chromiumPath === undefined) throw new Error('no Chromium on this machine');
  const rows: BenchRow[] = [];
  for (const tables of [30, 300]) {
    const graph = await openGraph([largeGraph(tables)], { width: 1280, height: 800 });
    try {
      rows.push(...(await measure(graph, `graph page: ${tables} tables from afar`)));
      for (let step = 0; step < 9; step++) await zoomIn(graph);
      rows.push(...(await measure(graph, `graph page: ${tables} tables near`)));
    } finally {
      await graph.close();
    }
  }
  return rows;
}

async function zoomIn({ page }: GraphHarness): Promise<void> {
  await page.locator('.stage').press('+');
}

async function measure({ page }: GraphHarness, name: string): Promise<BenchRow[]> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.setTimeDomain', { timeDomain: 'threadTicks' });
  await session.send('Performance.enable');
  await page.locator('.layer:not(.moving)').waitFor({ state: 'attached' });
  await page.evaluate(() => {
    const times: number[] = [];
    const count = (now: number): void => {
      times.push(now);
      requestAnimationFrame(count);
    };
    Object.assign(window, { frameTimes: times });
    requestAnimationFrame(count);
  });
  const [x, y] = await freeGround(page);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.evaluate(() => ((window as unknown as { frameTimes: number[] }).frameTimes.length = 0));
  const before = await taskSeconds(session);
  for (let step = 0; step < moves; step++) await page.mouse.move(x - 300 * Math.sin(step / 15), y - 200 * Math.sin(step / 11));
  const times = await page.evaluate(() => (window as unknown as { frameTimes: number[] }).frameTimes);
  const after = await taskSeconds(session);
  await page.mouse.up();
  const gaps = times
    .slice(1)
    .map((time, at) => time - (times[at] ?? time))
    .sort((a, b) => a - b);
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / Math.max(1, gaps.length);
  return [
    { name: `${name}, mean frame`, value: mean, unit: 'ms', bar: frameBar },
    { name: `${name}, 95 of 100 frames within`, value: gaps[Math.floor(gaps.length * 0.95)] ?? 0, unit: 'ms' },
    // Other programs on the machine do not count here.
    { name: `${name}, processor time of the page's thread a frame`, value: (1000 * (after - before)) / Math.max(1, gaps.length), unit: 'ms', bar: frameBar }, // prettier-ignore
  ];
}

async function taskSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
}

/** A point of the stage where no table is. */
function freeGround(page: GraphHarness['page']): Promise<[number, number]> {
  return page.evaluate(() => {
    const box = document.querySelector('.stage')?.getBoundingClientRect() ?? new DOMRect();
    for (let y = box.top + box.height / 2; y < box.bottom - 150; y += 7)
      for (let x = box.left + box.width / 2; x < box.right - 220; x += 7) {
        const element = document.elementFromPoint(x, y);
        if (element && !element.closest('[data-table], .overlay')) return [x, y];
      }
    return [box.left + 3, box.top + 3];
  });
}
