/**
 * What commands for people need before they can ask: the installed and built program, the sample database and a model. Whatever is done
 * already is skipped. Needs nothing but Node: every import beyond Node's own comes after the install.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { install } from './install.mjs';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
export const sampleDatabase = path.join(root, '.work', 'sample', 'shop.db');
export const cli = path.join(root, 'dist', 'cli.mjs');

/** The exit status of a program of ours. */
export function node(args, options = {}) {
  const done = spawnSync(process.execPath, args, { stdio: 'inherit', ...options });
  if (done.error) throw done.error;
  return done.status ?? 1;
}

export function orExit(status) {
  if (status !== 0) process.exit(status);
}

export async function installAndBuild() {
  install();
  const { build } = await import('./build.mjs');
  await build();
}

export function makeSample() {
  if (existsSync(sampleDatabase)) return;
  mkdirSync(path.dirname(sampleDatabase), { recursive: true });
  orExit(node([path.join(root, 'scripts', 'sample', 'buildSample.mjs'), sampleDatabase], { stdio: ['ignore', 2, 2] }));
}

/** The default model, unless the arguments name one. */
export function fetchModelFor(args) {
  if (!args.includes('--model') && !args.includes('-m')) orExit(node([cli, 'models', 'fetch', '--quiet']));
}
