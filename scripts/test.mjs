/**
 * `npm test`: the whole truth. Installs what is missing, then runs the checks, the tests that need a model and the tests
 * inside VS Code, and ends with one line: `N passed, N failed, N skipped`. Nothing before it is needed.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { install } from './install.mjs';
import { allowedSkips, conclude, noCounts, root, runNode, runStep, runSuite } from './testSteps.mjs';

/** The smallest model of the catalogue is enough for the tests. */
const testModel = 'qwen2.5-coder-0.5b';

install();
// The editor for the browser brings its tokenizer, which tests of colours read with, and Chromium the tests of pages.
const { setupIde } = await import('./setupIde.mjs');
setupIde();
const { runChecks, runVitest } = await import('./checkSteps.mjs');
const counts = noCounts();
runChecks(counts);
if (!existsSync(path.join(root, '.work', 'sample', 'shop.db'))) {
  runStep(counts, 'sample database', () => runNode(['scripts/sample/buildSample.mjs', '.work/sample/shop.db']));
}
runStep(counts, `model ${testModel} is there`, () => runNode(['dist/cli.mjs', 'models', 'fetch', testModel, '--quiet']));
// One at a time: two models that share the cores wait for each other at every step.
runVitest(counts, 'model tests', 'test/model', ['--no-file-parallelism']);
runSuite(counts, 'VS Code tests', ['test/integration/run.mjs']);
process.exit(conclude(counts, allowedSkips()));
