/**
 * A vitest reporter that leaves the counts, the failures and every skip with its reason in the file named by
 * JOINERY_TEST_REPORT. The reason of a skip is the note of `context.skip(note)`, or `(skipped …)` in a title; a skip without one fails the
 * run.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** `describe.skipIf` takes no note. */
function reasonInTitle(title) {
  return /\(skipped:? ([^)]+)\)/.exec(title)?.[1] ?? '';
}

export default class TestReport {
  onTestRunEnd(modules, errors) {
    const report = { passed: 0, failed: [], skipped: [] };
    for (const module of modules) this.#collect(module, report);
    for (const error of errors) report.failed.push(`outside any test: ${error.message}`);
    writeFileSync(process.env.JOINERY_TEST_REPORT, JSON.stringify(report));
  }

  #collect(module, report) {
    const file = path.relative(process.cwd(), module.moduleId).split(path.sep).join('/');
    let tests = 0;
    for (const test of module.children.allTests()) {
      tests++;
      const result = test.result();
      const name = `${file} > ${test.fullName}`;
      if (result.state === 'passed') report.passed++;
      else if (result.state === 'skipped') report.skipped.push({ name, reason: result.note ?? reasonInTitle(test.fullName) });
      else report.failed.push(name);
    }
    if (tests === 0 || module.errors().length > 0) report.failed.push(`${file} could not be loaded`);
  }
}
