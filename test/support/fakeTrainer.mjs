/**
 * Stands in for the trainer in tests of those who start and follow it: `fakeTrainer.mjs -m joinery_trainer.cli pipeline --recipe FILE [--resume]`,
 * without Python, model and training. It misbehaves as the file `mode` beside the recipe says, and goes on at the step where it was when resumed.
 * Where it would compute for long, it waits for a file called `go`. `FAKE_TRAINER` is the mode where there is no such file, `FAKE_TRAINER_ADAPTER` the
 * adapter that comes out, and its run folders are told in the file `FAKE_TRAINER_FOLDERS`.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const args = process.argv.slice(2);
if (args[0] === '-c') {
  // Asked for its version, or whether everything can be imported.
  console.log(args[1].includes('version_info') ? 'python 3.12.1' : 'ready');
  process.exit(0);
}
const recipe = args[args.indexOf('--recipe') + 1];
const folder = path.dirname(recipe);
const modeFile = path.join(folder, 'mode');
const mode = existsSync(modeFile) ? readFileSync(modeFile, 'utf8').trim() : (process.env.FAKE_TRAINER ?? 'good');
const out = JSON.parse(/^out = (.*)$/m.exec(readFileSync(recipe, 'utf8'))[1]);
const checkpoint = path.join(out, 'checkpoint');
const isResumed = args.includes('--resume');
const steps = 8;

const say = (stage, kind, values = {}) =>
  appendFileSync(path.join(out, 'events.jsonl'), `${JSON.stringify({ at: Date.now() / 1000, stage, kind, ...values })}\n`);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

process.on('SIGINT', () => {
  if (mode === 'stubborn') return;
  say('pipeline', 'failed', { code: 9, text: 'stopped; --resume goes on from the last checkpoint' });
  process.exit(9);
});

if (process.env.FAKE_TRAINER_FOLDERS) appendFileSync(process.env.FAKE_TRAINER_FOLDERS, `${folder}\n`);
console.log(`started ${JSON.stringify({ args, pid: process.pid, threads: process.env.OMP_NUM_THREADS })}`);
const first = isResumed && existsSync(checkpoint) ? Number(readFileSync(checkpoint, 'utf8')) + 1 : 1;
if (first === 1) say('pipeline', 'plan', { minutes: 1, questions: 120, text: '120 pairs to learn from' });
say('pipeline', 'saved', { set: 'held_out', right: 60, n: 200, text: 'held_out before: 60 of 200 right' });
if (mode === 'crashes') {
  console.error('Traceback (most recent call last):\n  File "cli.py", line 1\nValueError: a mistake');
  process.exit(1);
}
if (mode === 'noData') {
  say('pipeline', 'failed', { code: 4, text: 'shop has no tables with rows' });
  process.exit(4);
}
say('sft', 'plan', { steps, minutes: 1, questions: 120 });
for (let step = first; step <= steps; step++) {
  say('sft', 'step', { step, steps, loss: 2 / step, text: `step ${step} of ${steps}` });
  writeFileSync(checkpoint, String(step));
  if (mode === 'malformed') appendFileSync(path.join(out, 'events.jsonl'), '{"at": 1, "stage"\nnonsense\n[]\n');
  if (mode === 'dies' && !isResumed && step === 3) {
    appendFileSync(path.join(out, 'events.jsonl'), '{"at": 5, "stage": "sft", "ki');
    process.kill(process.pid, 'SIGKILL');
  }
  if (step === 4 && ['slow', 'stubborn'].includes(mode)) while (!existsSync(path.join(folder, 'go'))) await sleep(10);
}
say('sft', 'done', { step: steps, adapter: path.join(out, 'sft') });
say('grpo', 'reward', { step: 1, reward: 0.4, components: { execution: 0.3, format: 0.1 } });
say('grpo', 'reward', { step: 2, reward: 0.6, components: { execution: 0.5, format: 0.1 } });
const adapter = path.join(out, 'adapter.gguf');
const given = process.env.FAKE_TRAINER_ADAPTER;
writeFileSync(adapter, given ? readFileSync(given) : 'adapter');
const isGood = mode !== 'rejected';
say('pipeline', 'sample', { question: 'how many customers', before: 'SELECT 1', after: 'SELECT COUNT(*) FROM customers', right_before: false, right_after: true }); // prettier-ignore
say('pipeline', 'score', { set: 'held_out', before: 30, after: isGood ? 45 : 31, low: isGood ? 8.5 : -3, high: isGood ? 21.5 : 5, n: 200 });
say('pipeline', 'done', { adapter, accepted: isGood, text: isGood ? 'the adapter is accepted' : 'the adapter is rejected' });
