/**
 * What a result costs on tables that double: the first page, a page in the middle, the first page sorted by a column without an index, a
 * page in the middle of that, the snapshot behind far pages, and exports. All through the engine, as the page asks for it.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sqlite3 from '@vscode/sqlite3';
import { neverCancelled } from '../../src/core/shared/cancellation.js';
import { plainView } from '../../src/core/sql/resultTypes.js';
import { exportResult } from '../../src/engine/export/exportResult.js';
import { ResultSet } from '../../src/engine/results/resultSet.js';
import { median } from './averages.js';
import { type BenchRow } from './graphBench.js';

const sizes = [62_500, 125_000, 250_000, 500_000, 1_000_000];
const wideColumns = 500;
/** Milliseconds until the first rows may be there, and until rows somewhere else may be. */
const bars = { first: 100, far: 200 };
const repeats = 5;

export async function runResultsBench(): Promise<BenchRow[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'joinery-bench-'));
  try {
    const rows: BenchRow[] = [];
    const found: Times[] = [];
    for (const size of sizes) found.push(await measure(folder, size));
    const [small] = found;
    const large = found.at(-1);
    if (!small || !large) throw new Error('nothing was measured');
    for (const name of Object.keys(small) as (keyof Times)[]) {
      const bar = name === 'first page' ? bars.first : name.startsWith('middle page') ? bars.far : undefined;
      for (const [size, times] of [[sizes[0], small], [sizes.at(-1), large]] as const) rows.push({ name: `${name} of ${size} rows`, value: times[name], unit: 'ms', ...(bar === undefined ? {} : { bar }) }); // prettier-ignore
      rows.push({ name: `${name}: growth per doubling`, value: (large[name] / small[name]) ** (1 / (sizes.length - 1)), unit: 'times' });
    }
    rows.push(...(await measureWide(folder)), ...(await measureExports(folder)));
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Times {
  readonly 'first page': number;
  readonly 'middle page': number;
  readonly 'first page, sorted': number;
  readonly snapshot: number;
  readonly 'middle page, sorted': number;
}

async function measure(folder: string, size: number): Promise<Times> {
  const database = await makeDatabase(folder, size);
  const sql = 'SELECT * FROM big';
  const first = await medianTime(async () => {
    const set = await ResultSet.open({ database, sql }, neverCancelled);
    await set.page(0, 200, neverCancelled);
    await set.close();
  });
  // A set of its own for each: a far page makes a snapshot, and the next one would not be measured.
  const far = await medianTime(async () => {
    const set = await ResultSet.open({ database, sql, mostRows: 0 }, neverCancelled);
    await set.page(size / 2, 200, neverCancelled);
    await set.close();
  });
  const sorted = await ResultSet.open({ database, sql }, neverCancelled);
  await sorted.setView({ sort: [{ column: 1, descending: false }], filters: [] });
  const firstSorted = await time(() => sorted.page(0, 200, neverCancelled));
  const snapshot = await time(() => sorted.freeze(neverCancelled));
  const farSorted = await medianTime(() => sorted.page(size / 2, 200, neverCancelled));
  await sorted.close();
  return { 'first page': first, 'middle page': far, 'first page, sorted': firstSorted, snapshot, 'middle page, sorted': farSorted };
}

async function measureWide(folder: string): Promise<BenchRow[]> {
  const database = await makeDatabase(folder, 62_500);
  const columns = Array.from({ length: wideColumns }, (_, at) => `id + ${at}`).join(', ');
  const set = await ResultSet.open({ database, sql: `SELECT ${columns} FROM big` }, neverCancelled);
  const value = await medianTime(() => set.page(1000, 20, neverCancelled));
  await set.close();
  return [{ name: `page of 20 rows with ${wideColumns} columns`, value, unit: 'ms', bar: bars.far }];
}

async function measureExports(folder: string): Promise<BenchRow[]> {
  const size = 250_000;
  const database = await makeDatabase(folder, size);
  const rows: BenchRow[] = [];
  for (const format of ['csv', 'json', 'parquet', 'xlsx'] as const) {
    const file = path.join(folder, `out.${format}`);
    const request = { database, sql: 'SELECT * FROM big', view: plainView, format, file };
    const before = process.memoryUsage().rss;
    const value = await time(() => exportResult(request, () => undefined));
    const grown = Math.max(0, process.memoryUsage().rss - before) / 1e6;
    const note = `${(statSync(file).size / 1e6).toFixed(0)} MB written, memory grew by ${grown.toFixed(0)} MB`;
    rows.push({ name: `export of ${size} rows as ${format}`, value, unit: 'ms', note });
  }
  return rows;
}

async function makeDatabase(folder: string, size: number): Promise<string> {
  const file = path.join(folder, `${size}.db`);
  rmSync(file, { force: true });
  const database = new sqlite3.Database(file);
  const sql = `CREATE TABLE big(id INTEGER PRIMARY KEY, name TEXT, amount REAL, note TEXT, day TEXT, far INTEGER);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${size})
    INSERT INTO big SELECT i, 'name ' || (i * 7919 % 1000003), i * 1.5, CASE i % 3 WHEN 0 THEN NULL ELSE 'note ' || i END,
      date('2020-01-01', '+' || (i % 1000) || ' days'), 9007199254740993 + i FROM n;`;
  await new Promise<void>((resolve, reject) => database.exec(sql, (error) => (error ? reject(error) : resolve())));
  await new Promise<void>((resolve, reject) => database.close((error) => (error ? reject(error) : resolve())));
  return file;
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

async function medianTime(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let at = 0; at < repeats; at++) times.push(await time(work));
  return median(times);
}
