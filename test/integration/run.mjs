/**
 * Everything that needs an editor: the suites inside a real extension host, started through @vscode/test-electron, and the tests
 * in a browser. `node test/integration/run.mjs [part …]` runs some parts only. Where code-server cannot be had, the desktop VS Code
 * is downloaded for the suites and the browser tests are skipped with the reason.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { runTests } from '@vscode/test-electron';
import { build as buildProduct } from '../../scripts/build.mjs';
import { buildWorkspace } from '../../scripts/sample/buildWorkspace.mjs';
import { setupIde } from '../../scripts/setupIde.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const work = path.join(root, '.work', 'vscode-test');
const shim = path.join(root, 'test', 'support', 'vscode', 'code.mjs');
const packagePath = path.join(work, 'joinery.vsix');
const testModel = 'qwen2.5-coder-0.5b';
// One thread: with more, the model crawls as soon as other programs want the same cores.
const settings = {
  'joinery.model': testModel,
  'joinery.threads': 1,
  'joinery.candidates': 2,
  'joinery.inlineTimeBudget': 240,
  'joinery.gpu': 'off',
};
// Written for the answers of the model as it was fetched; the other parts take the adapter that comes with it.
const noAdapter = { 'joinery.adapter': 'none' };
const aiOff = { 'chat.disableAIFeatures': true };

/** An extension without code: a packaged extension is tested from the outside. */
const harness = path.join(root, 'test', 'integration', 'harness');

const parts = [
  { name: 'editor', files: ['editorRules'], extension: root, settings: { ...settings, ...aiOff } },
  { name: 'questions', files: ['questions'], extension: root, settings: { ...settings, ...noAdapter } },
  { name: 'answers', files: ['answers'], extension: root, settings },
  { name: 'model', files: ['modelStates'], extension: root, settings },
  { name: 'activation', files: ['activation'], extension: root, settings: { ...settings, ...aiOff } },
  { name: 'graph', files: ['graph'], extension: root, settings: { ...settings, ...aiOff } },
  { name: 'folders', files: ['folders'], extension: root, settings: { ...settings, ...aiOff }, folders: 2 },
  { name: 'schema', files: ['schema'], extension: root, settings: { ...settings, ...aiOff } },
  { name: 'results', files: ['results'], extension: root, settings: { ...settings, ...aiOff } },
  { name: 'running', files: ['running'], extension: root, settings: { ...settings, ...aiOff } },
  { name: 'language', files: ['language'], extension: root, settings: { ...settings, ...aiOff } },
  { name: 'agents', files: ['agents'], extension: root, settings },
  { name: 'chat', files: ['chat'], extension: root, settings },
  { name: 'training', files: ['training'], extension: root, settings: { ...settings, ...aiOff, 'joinery.model': 'tiny' } },
  { name: 'untrusted', files: ['untrusted'], extension: root, settings, trust: true },
  { name: 'packaged', files: ['packaged'], extension: harness, settings: { ...settings, ...aiOff }, vsix: packagePath },
];

/** @typedef {{name: string, state: 'passed' | 'failed' | 'skipped', reason?: string}} TestResult */

async function bundleTests() {
  const names = ['index', ...parts.flatMap(({ files }) => files.map((name) => `${name}.test`))];
  await build({
    absWorkingDir: root,
    entryPoints: names.map((name) => `test/integration/suite/${name}.ts`),
    outdir: path.join(work, 'suite'),
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.12',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
}

/** A copy for each part: what one writes, the other must not find. */
function freshWorkspace(name, source) {
  const folder = path.join(work, name, 'workspace');
  rmSync(folder, { recursive: true, force: true });
  cpSync(source, folder, { recursive: true });
  return folder;
}

/** Another folder with the same databases beside the first, and the file that opens both in one window. */
function severalFolders(name, source) {
  const folder = path.join(work, name, 'other');
  rmSync(folder, { recursive: true, force: true });
  cpSync(source, folder, { recursive: true });
  const file = path.join(work, name, 'both.code-workspace');
  writeFileSync(file, JSON.stringify({ folders: [{ path: 'workspace' }, { path: 'other' }] }));
  return file;
}

async function runPart({ name, files, extension, settings: wanted, trust = false, vsix, folders = 1 }, ide, source) {
  console.log(`\n${name}`);
  const report = path.join(work, name, 'report.json');
  const log = path.join(work, name, 'mocha.log');
  const folder = freshWorkspace(name, source);
  for (const file of [report, log]) rmSync(file, { force: true });
  const suite = path.join(work, 'suite');
  const extensionTestsEnv = {
    JOINERY_VSCODE: JSON.stringify({ settings: wanted, trust, ...(vsix ? { vsix } : {}) }),
    JOINERY_MOCHA_LOG: log,
    JOINERY_MOCHA_REPORT: report,
    ...(process.env.JOINERY_ACTIVATION_FILE ? { JOINERY_ACTIVATION_FILE: process.env.JOINERY_ACTIVATION_FILE } : {}),
    JOINERY_MOCHA_FILES: files.map((file) => path.join(suite, `${file}.test.cjs`)).join(','),
  };
  const options = {
    extensionDevelopmentPath: extension,
    extensionTestsPath: path.join(suite, 'index.cjs'),
    launchArgs: [folders > 1 ? severalFolders(name, source) : folder],
    extensionTestsEnv,
  };
  const problem = await runTests({ ...options, ...(ide.node ? { vscodeExecutablePath: shim } : {}) }).then(
    () => undefined,
    (error) => String(error.message ?? error),
  );
  return readResults(name, report, problem);
}

/** @returns {TestResult[]} */
function readResults(name, report, problem) {
  if (!existsSync(report)) return [{ name: `VS Code: ${name}: ended without a report`, state: 'failed', reason: problem ?? '' }];
  const { passed, failed, skipped } = JSON.parse(readFileSync(report, 'utf8'));
  for (const { name: test, error } of failed) console.log(`failed: ${test}\n${error}`);
  return [
    ...passed.map((test) => ({ name: `VS Code: ${test}`, state: 'passed' })),
    ...failed.map(({ name: test, error }) => ({ name: `VS Code: ${test}`, state: 'failed', reason: error })),
    ...skipped.map(({ name: test, reason }) => ({ name: `VS Code: ${test}`, state: 'skipped', reason })),
  ];
}

function packageExtension() {
  const done = spawnSync(process.execPath, ['scripts/package.mjs', '--out', packagePath], { cwd: root, stdio: ['ignore', 'ignore', 2] });
  if (done.status !== 0) throw new Error('the extension could not be packaged');
}

/** @param {TestResult[]} results */
function writeReport(results) {
  const file = path.join(root, '.work', 'results', 'vscode.json');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ tests: results }, null, 2));
  const names = (state) => results.filter((result) => result.state === state).map(({ name }) => name);
  const skipped = results.filter(({ state }) => state === 'skipped').map(({ name, reason }) => ({ name, reason: reason ?? '' }));
  const summary = { passed: names('passed').length, failed: names('failed'), skipped };
  if (process.env.JOINERY_TEST_REPORT) writeFileSync(process.env.JOINERY_TEST_REPORT, JSON.stringify(summary));
  console.log(`${summary.passed} passed, ${summary.failed.length} failed, ${skipped.length} skipped`);
  return summary.failed.length === 0;
}

async function main() {
  // Prompt states of the tests stay with the tests.
  process.env.JOINERY_STATE_DIR ??= path.join(work, 'state');
  const wanted = process.argv.slice(2);
  const isWanted = (name) => wanted.length === 0 || wanted.includes(name);
  const ide = setupIde();
  mkdirSync(work, { recursive: true });
  await buildProduct();
  await bundleTests();
  const source = path.join(work, 'source');
  await buildWorkspace(source);
  if (['packaged', 'browser', 'training-flow'].some(isWanted)) packageExtension();
  const results = [];
  for (const part of parts.filter(({ name }) => isWanted(name))) {
    const needsBrowser = ide.node !== undefined && ide.browser === undefined;
    // The desktop program has no way to install a package, or to leave a workspace untrusted, from outside.
    const needsServer = ide.node === undefined && (part.vsix !== undefined || part.trust === true);
    if (needsBrowser) results.push({ name: `VS Code: ${part.name}`, state: 'skipped', reason: 'no Chromium on this machine' });
    else if (needsServer) results.push({ name: `VS Code: ${part.name}`, state: 'skipped', reason: 'code-server is for Linux on x64' });
    else results.push(...(await runPart(part, ide, source)));
  }
  if (isWanted('browser')) {
    const { runBrowserTests } = await import('./browser/runBrowserTests.mjs');
    results.push(
      ...(await runBrowserTests({
        ide,
        workspace: freshWorkspace('browser', source),
        vsix: packagePath,
        settings: { ...settings, ...noAdapter },
      })),
    );
  }
  if (isWanted('training-flow')) {
    const { runTrainingFlow } = await import('./browser/trainingFlow.mjs');
    results.push(await runTrainingFlow({ ide, workspace: freshWorkspace('training-flow', source), vsix: packagePath, settings }));
  }
  process.exit(writeReport(results) ? 0 : 1);
}

await main();
