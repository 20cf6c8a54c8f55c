/**
 * How fluently the grid of results scrolls, in Chromium without a graphics processor: frames while the wheel turns over few and many rows and over
 * many columns, and the time until rows far away are there. The engine is behind it, as in the editor.
 */
import { type Page } from 'playwright-core';
import { frameTimes, growthPerDoubling } from './frameTimes.js';
import { chromiumPath } from './openPage.js';
import { makeDatabase, openResults } from './resultsHarness.js';

export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the value must not exceed. */
  readonly bar?: number;
}

const small = 15_625;
const large = 1_000_000;
const wideColumns = 500;
/** Milliseconds of a frame at 50 frames a second. */
const frameBar = 20;
const turns = 90;
const jumps = 7;

interface Times {
  readonly frame: number;
  readonly work: number;
  readonly jump: number;
}

export async function runResultsPageBench(): Promise<BenchRow[]> {
  if (chromiumPath === undefined) throw new Error('no Chromium on this machine');
  const database = await makeDatabase(
    `CREATE TABLE big(id INTEGER PRIMARY KEY, name TEXT, amount REAL, note TEXT);
     WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${large})
     INSERT INTO big SELECT i, 'name ' || (i * 7919 % 1000003), i * 1.5, CASE i % 3 WHEN 0 THEN NULL ELSE 'note ' || i END FROM n;`,
  );
  try {
    const few = await measure(database.path, `SELECT * FROM big WHERE id <= ${small}`, small);
    const many = await measure(database.path, 'SELECT * FROM big', large);
    const columns = Array.from({ length: wideColumns }, (_, at) => `id + ${at} AS c${at}`).join(', ');
    const wide = await measure(database.path, `SELECT ${columns} FROM big WHERE id <= ${small}`, small);
    const growth = (name: keyof Times): number => growthPerDoubling(few[name], many[name], large / small);
    return [
      ...rowsOf(`${small} rows`, few),
      ...rowsOf(`${large} rows`, many),
      ...rowsOf(`${small} rows of ${wideColumns} columns`, wide),
      { name: 'results page: growth of the processor time per doubling', value: growth('work'), unit: 'times' },
      { name: 'results page: growth of the jump per doubling', value: growth('jump'), unit: 'times' },
    ];
  } finally {
    await database.remove();
  }
}

function rowsOf(name: string, { frame, work, jump }: Times): BenchRow[] {
  return [
    { name: `results page: scrolling ${name}, mean frame`, value: frame, unit: 'ms', bar: frameBar },
    { name: `results page: scrolling ${name}, processor time of the page's thread a frame`, value: work, unit: 'ms', bar: frameBar },
    { name: `results page: ${name}, rows after a jump, median`, value: jump, unit: 'ms' },
  ];
}

async function measure(database: string, sql: string, rows: number): Promise<Times> {
  const { page, tabs, close } = await openResults('dark', 1280);
  try {
    await tabs.open({ database, sql });
    await page.locator('#cell-0-0').waitFor();
    const box = await page.getByRole('grid').boundingBox();
    await page.mouse.move((box?.x ?? 0) + 300, (box?.y ?? 0) + 200);
    await page.mouse.wheel(0, 2_000);
    const { mean, work } = await frameTimes(page, async () => {
      for (let turn = 0; turn < turns; turn++) await page.mouse.wheel(turn % 3 === 2 ? 180 : 0, 240);
    });
    const times: number[] = [];
    for (let at = 1; at <= jumps; at++) times.push(await jump(page, at / (jumps + 1), rows));
    times.sort((a, b) => a - b);
    return { frame: mean, work, jump: times[Math.floor(jumps / 2)] ?? 0 };
  } finally {
    await close();
  }
}

/** Milliseconds until the row in the middle of the view shows its own number, which its first column holds. */
function jump(page: Page, share: number, rows: number): Promise<number> {
  return page.evaluate(
    async ({ to, most }) => {
      const grid = document.querySelector('[role=grid]');
      if (!grid) throw new Error('there is no grid');
      const started = performance.now();
      grid.scrollTo(0, grid.scrollHeight * to);
      const isThere = (): boolean => {
        const shown = [...document.querySelectorAll('.grid-body .row')];
        const middle = shown[Math.floor(shown.length / 2)];
        const [number, id] = [middle?.children[0]?.textContent, middle?.querySelector('.cell[id$="-0"]')?.textContent];
        return number === id && Math.abs(Number(id) - most * to) < most / 20 + 100;
      };
      while (!isThere() && performance.now() - started < 10_000) await new Promise((resolve) => requestAnimationFrame(resolve));
      return performance.now() - started;
    },
    { to: share, most: rows },
  );
}
