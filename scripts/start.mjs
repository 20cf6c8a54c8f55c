/**
 * `npm start -- "question" [database]`: installs, builds, makes the sample database, fetches the default model and answers.
 * Whatever is done already is skipped. Needs nothing but Node: every import beyond Node's own comes after the install.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
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

const optionsWithValue = new Set([
  '-n',
  '--candidates',
  '-r',
  '--rows',
  '--deadline',
  '--seed',
  '--steps',
  '-m',
  '--model',
  '--adapter',
  '--gpu',
]);

/** Fills in what was left out: the sample question, the sample database. */
function withDefaults(args) {
  const isPositional = (text, index) => !text.startsWith('-') && !optionsWithValue.has(args[index - 1]);
  const positional = args.filter(isPositional);
  const options = args.filter((text, index) => !isPositional(text, index));
  const [question = sampleQuestion, database = sampleDatabase, ...rest] = positional;
  return [question, database, ...rest, ...options];
}

install();
const { build } = await import('./build.mjs');
await build();
const args = withDefaults(process.argv.slice(2));
if (args.includes(sampleDatabase) && !existsSync(sampleDatabase))
  orExit(node([path.join(root, 'scripts', 'sample', 'buildSample.mjs'), sampleDatabase]));
if (!args.includes('--model') && !args.includes('-m')) orExit(node([cli, 'models', 'fetch', '--quiet']));
process.exit(node([cli, 'ask', ...args], { cwd: process.env.INIT_CWD ?? process.cwd() }));
