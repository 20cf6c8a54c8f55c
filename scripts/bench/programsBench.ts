/** Sizes of the bundles and the time until the command line answers. */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { median } from './averages.js';
import { type BenchRow } from './grammarBench.js';

const runs = 7;

export function runProgramsBench(): Promise<BenchRow[]> {
  const dist = path.resolve('dist');
  const rows: BenchRow[] = [];
  const host = path.join(dist, 'extension.cjs');
  if (existsSync(host)) rows.push({ name: 'host bundle', value: statSync(host).size / 1000, unit: 'kB', bar: 500 });
  for (const args of [['--version'], ['models', 'list']]) {
    const times = Array.from({ length: runs }, () => time(path.join(dist, 'cli.mjs'), args));
    rows.push({ name: `joinery ${args.join(' ')}`, value: median(times), unit: 'ms' });
  }
  return Promise.resolve(rows);
}

function time(script: string, args: readonly string[]): number {
  const started = performance.now();
  const done = spawnSync(process.execPath, [script, ...args], { stdio: 'ignore' });
  if (done.status !== 0) throw new Error(`joinery ${args.join(' ')} ended with ${String(done.status)}`);
  return performance.now() - started;
}
