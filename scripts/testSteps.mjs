/** Runs the steps of `npm test` and `npm run check`, and counts: every step that is not a test suite counts as one test. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const reportFolder = path.join(root, '.work', 'reports');

/** @typedef {{passed: number, failed: string[], skipped: {name: string, reason: string}[]}} Counts */

/** @returns {Counts} */
export function noCounts() {
  return { passed: 0, failed: [], skipped: [] };
}

/** Path of a tool's script, so that no shell and no npx stands between. */
export function tool(...parts) {
  return path.join(root, 'node_modules', ...parts);
}

/** Runs a Node script; true when it ended well. */
export function runNode(args, environment = {}) {
  const done = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...environment } });
  if (done.error) console.error(String(done.error));
  return done.status === 0;
}

/** A step without a report of its own. */
export function runStep(counts, name, run) {
  const started = Date.now();
  const good = run();
  console.log(`${good ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  if (good) counts.passed++;
  else counts.failed.push(name);
  return good;
}

/** A suite of a Node script. */
export function runSuite(counts, name, args, environment = {}) {
  runReported(counts, name, (report) => runNode(args, { ...environment, ...report }));
}

/** A suite that writes a report of its own; a suite that ends without a report has failed. */
export function runReported(counts, name, run) {
  mkdirSync(reportFolder, { recursive: true });
  const report = path.join(reportFolder, `${name.replace(/\W+/g, '-')}.json`);
  rmSync(report, { force: true });
  const good = run({ JOINERY_TEST_REPORT: report });
  const suite = existsSync(report) ? readReport(JSON.parse(readFileSync(report, 'utf8'))) : undefined;
  if (!suite) counts.failed.push(`${name} ended without a report`);
  else if (!good && suite.failed.length === 0) counts.failed.push(`${name} ended with an error`);
  if (!suite) return;
  counts.passed += suite.passed;
  counts.failed.push(...suite.failed);
  counts.skipped.push(...suite.skipped);
}

/** Our own shape, or mocha's JSON, whose skips carry their reason in the title after "skipped: ". */
function readReport(report) {
  if (report.stats === undefined) return report;
  const skipped = report.pending.map(({ fullTitle, title }) => ({ name: fullTitle, reason: /skipped: (.*)$/.exec(title)?.[1] ?? '' }));
  return { passed: report.stats.passes, failed: report.failures.map(({ fullTitle }) => fullTitle), skipped };
}

/** `*` at the end of a name stands for anything. */
function isAllowed(allowed, skip) {
  return allowed.some(
    ({ name, reason }) => reason === skip.reason && (name.endsWith('*') ? skip.name.startsWith(name.slice(0, -1)) : name === skip.name),
  );
}

/** The committed list: a skip outside it fails the run. */
export function allowedSkips() {
  return JSON.parse(readFileSync(path.join(root, 'test', 'allowedSkips.json'), 'utf8'));
}

/** Prints skips and failures and the last line; returns the exit code. A run in which nothing passed has failed. */
export function conclude(counts, allowed) {
  const unexpected = counts.skipped.filter((skip) => !isAllowed(allowed, skip));
  for (const { name, reason } of counts.skipped) console.log(`skipped: ${name}: ${reason || 'no reason given'}`);
  for (const { name } of unexpected) console.log(`skipped without permission (test/allowedSkips.json): ${name}`);
  for (const name of counts.failed) console.log(`failed: ${name}`);
  const failed = counts.failed.length + unexpected.length;
  console.log(`${counts.passed} passed, ${failed} failed, ${counts.skipped.length - unexpected.length} skipped`);
  return failed === 0 && counts.passed > 0 ? 0 : 1;
}
