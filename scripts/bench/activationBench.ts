/** How long the extension takes to activate in a real VS Code, median of a few starts. No rows where there is none. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { median } from './averages.js';
import { type BenchRow } from './grammarBench.js';

const runs = 3;

export function runActivationBench(): Promise<BenchRow[]> {
  const file = path.join(process.env['JOINERY_BENCH_DIR'] ?? '.', 'activation.json');
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    rmSync(file, { force: true });
    const env = { ...process.env, JOINERY_ACTIVATION_FILE: file };
    spawnSync(process.execPath, [path.resolve('test/integration/run.mjs'), 'activation'], { stdio: 'ignore', env });
    if (existsSync(file)) times.push((JSON.parse(readFileSync(file, 'utf8')) as { readonly activationMs: number }).activationMs);
  }
  if (times.length === 0) return Promise.resolve([]);
  return Promise.resolve([
    { name: 'activation of the extension', value: median(times), unit: 'ms', bar: 100, note: `median of ${times.length} starts` },
  ]);
}
