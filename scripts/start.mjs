/**
 * `npm start -- "question" [database]`: installs, builds, makes the sample database, fetches the default model and answers.
 * Whatever is done already is skipped. Needs nothing but Node: every import beyond Node's own comes after the install.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { install } from './install.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const sampleDatabase = path.join(root, '.work', 'sample', 'shop.db');
const sampleQuestion = 'Which five customers spent the most in 2024?';
const cli = path.join(root, 'dist', 'cli.mjs');

function node(args, options = {}) {
  const done = spawnSync(process.execPath, args, { stdio: 'inherit', ...options });
  if (done.error) throw done.error;
  return done.status ?? 1;
}

function orExit(status) {
  if (status !== 0) process.exit(status);
}

install();
const { build } = await import('./build.mjs');
await build();
const args = process.argv.slice(2);
if (args.length === 0) args.push(sampleQuestion);
if (!existsSync(sampleDatabase)) {
  mkdirSync(path.dirname(sampleDatabase), { recursive: true });
  orExit(node([path.join(root, 'scripts', 'sample', 'buildSample.mjs'), sampleDatabase], { stdio: ['ignore', 2, 2] }));
}
if (!args.includes('--model') && !args.includes('-m')) orExit(node([cli, 'models', 'fetch', '--quiet']));
// The sample is asked unless the command line names a database.
const environment = { ...process.env, JOINERY_DATABASE: sampleDatabase };
process.exit(node([cli, 'ask', ...args], { cwd: process.env.INIT_CWD ?? process.cwd(), env: environment }));
