/** How fluently the graph page moves, in Chromium without a graphics processor: frames while dragging the view, near and from afar. */
import { frameTimes, growthPerDoubling } from './frameTimes.js';
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
const sizes = [30, 300] as const;

interface Measured {
  readonly rows: readonly BenchRow[];
  readonly work: number;
}

export async function runGraphPageBench(): Promise<BenchRow[]> {
  if (chromiumPath === undefined) throw new Error('no Chromium on this machine');
  const rows: BenchRow[] = [];
  const work = { afar: [] as number[], near: [] as number[] };
  for (const tables of sizes) {
    const graph = await openGraph([largeGraph(tables)], { width: 1280, height: 800 });
    try {
      const afar = await measure(graph, `graph page: ${tables} tables from afar`);
      for (let step = 0; step < 9; step++) await zoomIn(graph);
      // Lines are led around tables while the view rests; what is measured is moving, not that.
      await graph.page.waitForTimeout(2500);
      const near = await measure(graph, `graph page: ${tables} tables near`);
      rows.push(...afar.rows, ...near.rows);
      work.afar.push(afar.work);
      work.near.push(near.work);
    } finally {
      await graph.close();
    }
  }
  for (const place of ['afar', 'near'] as const) {
    const [small = 0, large = 0] = work[place];
    const value = growthPerDoubling(small, large, sizes[1] / sizes[0]);
    rows.push({
      name: `graph page: growth of the processor time per doubling, ${place === 'afar' ? 'from afar' : place}`,
      value,
      unit: 'times',
    });
  }
  return rows;
}

async function zoomIn({ page }: GraphHarness): Promise<void> {
  await page.locator('.stage').press('+');
}

async function measure({ page }: GraphHarness, name: string): Promise<Measured> {
  await page.locator('.layer:not(.moving)').waitFor({ state: 'attached' });
  const [x, y] = await freeGround(page);
  await page.mouse.move(x, y);
  await page.mouse.down();
  const { mean, most, work } = await frameTimes(page, async () => {
    for (let step = 0; step < moves; step++) await page.mouse.move(x - 300 * Math.sin(step / 15), y - 200 * Math.sin(step / 11));
  });
  await page.mouse.up();
  const rows: readonly BenchRow[] = [
    { name: `${name}, mean frame`, value: mean, unit: 'ms', bar: frameBar },
    { name: `${name}, 95 of 100 frames within`, value: most, unit: 'ms' },
    { name: `${name}, processor time of the page's thread a frame`, value: work, unit: 'ms', bar: frameBar },
  ];
  return { rows, work };
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
