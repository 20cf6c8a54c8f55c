/**
 * `npm run eval:quick [-- options of joinery eval]`: gets everything ready (ready.mjs) and measures a single answer to each of the
 * project's own 100 questions on the sample database. With `--spider DIR` or `--set FILE` it measures that instead.
 * Predictions go to a new file below `.work/eval`, unless `--out` names one.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { cli, fetchModelFor, installAndBuild, makeSample, node, root, sampleDatabase } from './ready.mjs';

await installAndBuild();
const args = process.argv.slice(2);
const hasSet = args.some((argument) => /^--(?:spider|set)(?:=|$)/.test(argument));
const own = ['--set', path.join(root, 'test', 'fixtures', 'sample', 'questions.jsonl'), '--db', sampleDatabase];
const keepsOwn = args.some((argument) => /^--(?:out|rescore)(?:=|$)/.test(argument));
const out = path.join(root, '.work', 'eval', `${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.jsonl`);
if (!keepsOwn) mkdirSync(path.dirname(out), { recursive: true });
if (!hasSet) makeSample();
fetchModelFor(args);
process.exit(
  node([cli, 'eval', ...(hasSet ? [] : own), ...(keepsOwn ? [] : ['--out', out]), ...args], { cwd: process.env.INIT_CWD ?? process.cwd() }),
);
