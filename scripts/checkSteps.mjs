/** Everything that is checked without a model or an editor: format, types, lint, arrows, generated files, unit tests, bundle, package, trainer. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { makeTrainerEnvironment, runPython } from './trainerEnvironment.mjs';
import { root, runNode, runReported, runStep, runSuite, tool } from './testSteps.mjs';

const compiler = tool('typescript', 'bin', 'tsc');

/** One TypeScript project per runtime: a stray `process` or `document` is an error where it does not exist. */
function projects() {
  const folders = ['src/core', 'src/webview', 'test/integration', 'test/pages', 'test/unit/webview'];
  return [
    'tsconfig.json',
    ...folders.map((folder) => path.join(folder, 'tsconfig.json')).filter((file) => existsSync(path.join(root, file))),
  ];
}

/** Folders and files of ours; leaves out what tools make. */
function lintTargets() {
  const folders = ['src', 'test', 'scripts'];
  return [...folders, ...readdirSync(root).filter((name) => name.endsWith('.config.ts'))];
}

export function runChecks(counts) {
  runStep(counts, 'format', () => runNode([tool('prettier', 'bin', 'prettier.cjs'), '--check', '.', '--log-level', 'warn']));
  for (const project of projects()) runStep(counts, `types of ${project}`, () => runNode([compiler, '-p', project]));
  runStep(counts, 'lint', () => runNode([tool('eslint', 'bin', 'eslint.js'), '--max-warnings', '0', ...lintTargets()]));
  const cruiser = tool('dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  runStep(counts, 'arrows between rooms', () => runNode([cruiser, '--config', 'dependency-cruiser.cjs', 'src', 'scripts', 'test']));
  if (existsSync(path.join(root, 'scripts', 'generate.mjs'))) {
    runStep(counts, 'generated files are fresh', () => runNode(['scripts/generate.mjs', '--check']));
  }
  runStep(counts, 'bundle', () => runNode(['scripts/build.mjs']));
  runStep(counts, 'package contents', () => runNode(['scripts/checkPackage.mjs']));
  runVitest(counts, 'unit tests', 'test/unit');
  runVitest(counts, 'pages in a browser', 'test/pages');
  runTrainerChecks(counts);
}

function runTrainerChecks(counts) {
  if (!runStep(counts, 'trainer: environment', makeTrainerEnvironment)) return;
  runStep(counts, 'trainer: format', () => runPython(['-m', 'ruff', 'format', '--check', '--quiet', '.']));
  runStep(counts, 'trainer: lint', () => runPython(['-m', 'ruff', 'check', '--quiet', '.']));
  runReported(counts, 'trainer tests', (environment) => runPython(['-m', 'pytest'], environment));
}

export function runVitest(counts, name, folder, options = []) {
  const reporters = ['--reporter=default', '--reporter=./scripts/testReport.mjs'];
  // With CI set, a missing golden file is a failure instead of being written.
  runSuite(counts, name, [tool('vitest', 'vitest.mjs'), 'run', folder, ...reporters, ...options], { CI: 'true' });
}
