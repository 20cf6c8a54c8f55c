/** Looks at what would go into the VSIX: everything that runs is there, nothing of the project's own making is. */
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeIgnoreFile } from './package.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

const required = [
  /^package\.json$/,
  /^LICENSE$/,
  /^README\.md$/,
  /^CHANGELOG\.md$/,
  /^dist\/extension\.cjs$/,
  /^dist\/engine\.cjs$/,
  /^dist\/inference\.mjs$/,
  /^dist\/layout\.mjs$/,
  /^dist\/cli\.mjs$/,
  /^dist\/mcp\.mjs$/,
  /^syntaxes\/sqlIn(?:Script|Python)\.tmLanguage\.json$/,
  /^dist\/webview\/graph\.(?:js|css)$/,
  /^dist\/sample\.mjs$/,
  /^dist\/webview\/answers\.js$/,
  /^dist\/webview\/training\.(?:js|css)$/,
  /^trainer\/pyproject\.toml$/,
  /^trainer\/constraints\.txt$/,
  /^trainer\/joinery_trainer\/cli\.py$/,
  /^node_modules\/@vscode\/sqlite3\/build\/Release\/vscode-sqlite3\.node$/,
  /^node_modules\/node-llama-cpp\/dist\/index\.js$/,
  /^node_modules\/@node-llama-cpp\/[^/]+\/bins\/.*\.node$/,
];

/** Folders and files of ours that may ship; everything else at the top is a mistake. */
const ours =
  /^(?:package(?:\.nls[^/]*)?\.json|README\.md|CHANGELOG\.md|LICENSE|l10n\/|media\/|syntaxes\/|models\/(?:adapters\/|ranker\.json$)|trainer\/(?:pyproject\.toml|constraints\.txt|README\.md|launch\/|recipes\/|joinery_trainer\/)|dist\/(?:(?:extension|engine)\.cjs|(?:cli|inference|layout|sample|export|mcp)\.mjs|webview\/)|node_modules\/)/;
const forbidden = [
  /\.(?:db|sqlite3?|gguf\.part)$/,
  /-cuda(?:-ext)?\//,
  /(?:^|\/)\.env/,
  /__pycache__|\.pyc$/,
  /node_modules\/(?:typescript|vitest|sql-parser-cst)\//,
];

/** Problems as sentences; empty when the package is right. */
export function packageProblems(files) {
  return [
    ...required.filter((pattern) => !files.some((file) => pattern.test(file))).map((pattern) => `nothing matches ${pattern.source}`),
    ...files.filter((file) => !ours.test(file)).map((file) => `${file} should not ship`),
    ...files.filter((file) => forbidden.some((pattern) => pattern.test(file))).map((file) => `${file} must not ship`),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!existsSync(path.join(root, 'dist', 'extension.cjs'))) {
    console.error('dist/extension.cjs is missing: npm run build');
    process.exit(1);
  }
  const { listFiles } = await import('@vscode/vsce');
  const ignoreFile = writeIgnoreFile();
  const files = (await listFiles({ cwd: root, ignoreFile })).map((file) => file.split(path.sep).join('/'));
  rmSync(path.join(root, ignoreFile));
  const problems = packageProblems(files);
  for (const problem of problems) console.error(problem);
  console.log(`${files.length} files in the package`);
  process.exit(problems.length === 0 ? 0 : 1);
}
