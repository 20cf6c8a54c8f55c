/** Warm single answers through the whole product, as `joinery eval` gives them, timed for two settings in turns. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

const blocks = 3;
const perBlock = 16;

interface Prediction {
  readonly kind: string;
  readonly ms: number;
}

/**
 * Milliseconds of each warm single verified answer with either list of options of `joinery eval`, over an even sample of the project's own questions, the same
 * question at the same place; blocks of the two settings take turns, and the first answer of each, which reads the prefix, is left out.
 */
export function alternateSettings(
  first: readonly string[],
  second: readonly string[],
  models: string,
): readonly [readonly number[], readonly number[]] {
  const folder = process.env['JOINERY_BENCH_DIR'] ?? path.join('.work', 'bench');
  mkdirSync(folder, { recursive: true });
  const database = path.join(folder, 'shop.db');
  if (!existsSync(database)) run([path.join('scripts', 'sample', 'buildSample.mjs'), database], models);
  const times: readonly [number[], number[]] = [[], []];
  for (let block = 0; block < blocks; block++)
    for (const [options, kept] of [[first, times[0]] as const, [second, times[1]] as const])
      kept.push(...askBlock(block, options, { database, out: path.join(folder, 'wholeProduct.jsonl'), models }));
  return times;
}

interface Places {
  readonly database: string;
  readonly out: string;
  readonly models: string;
}

function askBlock(block: number, options: readonly string[], { database, out, models }: Places): readonly number[] {
  rmSync(out, { force: true });
  const questions = path.join('test', 'fixtures', 'sample', 'questions.jsonl');
  const part = ['--sample', String(blocks * perBlock), '--offset', String(block * perBlock), '--limit', String(perBlock)];
  run(
    [path.join('dist', 'cli.mjs'), 'eval', '--set', questions, '--db', database, ...part, '--gpu', 'off', '--out', out, ...options],
    models,
  );
  const lines = readFileSync(out, 'utf8').trim().split('\n');
  const asked = lines.map((line) => JSON.parse(line) as Prediction).filter(({ kind }) => kind === 'prediction');
  if (asked.length !== perBlock) throw new Error(`${asked.length} of ${perBlock} questions were asked`);
  return asked.slice(1).map(({ ms }) => ms);
}

function run(args: readonly string[], models: string): void {
  const env = { ...process.env, JOINERY_MODEL_DIR: models };
  const { status, stderr } = spawnSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8', env });
  if (status !== 0) throw new Error(`${args.slice(0, 2).join(' ')} ended with ${String(status)}\n${stderr}`);
}
