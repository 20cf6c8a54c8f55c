/** Started by VS Code inside its extension host: runs one folder of tests with mocha and leaves a report for the runner. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { format } from 'node:util';
import Mocha from 'mocha';

interface SuiteReport {
  readonly passed: string[];
  readonly failed: { readonly name: string; readonly error: string }[];
  readonly skipped: { readonly name: string; readonly reason: string }[];
}

const variable = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
};

export async function run(): Promise<void> {
  const log = variable('JOINERY_MOCHA_LOG');
  Mocha.reporters.Base.consoleLog = (...args: readonly unknown[]) => appendFileSync(log, `${format(...args)}\n`);
  const mocha = new Mocha({ ui: 'tdd', timeout: 240_000, color: false, reporter: 'spec', forbidOnly: true });
  for (const file of variable('JOINERY_MOCHA_FILES').split(',')) mocha.addFile(file);
  const report: SuiteReport = { passed: [], failed: [], skipped: [] };
  await new Promise<void>((resolve) => {
    mocha
      .run(() => resolve())
      .on('pass', (test) => report.passed.push(test.fullTitle()))
      .on('fail', (test, error: Error) => report.failed.push({ name: test.fullTitle(), error: error.stack ?? error.message }))
      .on('pending', (test) => report.skipped.push({ name: test.fullTitle(), reason: /skipped: (.*)$/.exec(test.title)?.[1] ?? '' }));
  });
  writeFileSync(variable('JOINERY_MOCHA_REPORT'), JSON.stringify(report));
  if (report.failed.length > 0 || report.passed.length === 0)
    throw new Error(`${report.failed.length} tests failed, ${report.passed.length} passed`);
}
