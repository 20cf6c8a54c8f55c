import path from 'node:path';
import { describe, expect, it } from 'vitest';

const script = path.resolve(import.meta.dirname, '../../../scripts/checkPackage.mjs');
const { packageProblems } = (await import(script)) as { packageProblems: (files: readonly string[]) => string[] };

const whole = [
  'package.json',
  'LICENSE',
  'README.md',
  'CHANGELOG.md',
  'dist/extension.cjs',
  'dist/engine.cjs',
  'dist/sample.mjs',
  'dist/webview/answers.js',
  'dist/webview/training.js',
  'trainer/pyproject.toml',
  'trainer/constraints.txt',
  'trainer/joinery_trainer/cli.py',
  'dist/inference.mjs',
  'dist/webview/graph.js',
  'dist/mcp.mjs',
  'syntaxes/sqlInScript.tmLanguage.json',
  'dist/cli.mjs',
  'dist/layout.mjs',
  'node_modules/@vscode/sqlite3/build/Release/vscode-sqlite3.node',
  'node_modules/node-llama-cpp/dist/index.js',
  'node_modules/@node-llama-cpp/linux-x64/bins/linux-x64/llama-addon.node',
];

describe('packageProblems', () => {
  it('accepts what runs', () => expect(packageProblems(whole)).toEqual([]));

  for (const file of whole) {
    it(`misses ${file}`, () => expect(packageProblems(whole.filter((name) => name !== file))).toHaveLength(1));
  }

  const strays = [
    'src/extension.ts',
    'test/a.test.ts',
    '.env',
    'notes.md',
    'models/catalog.json',
    'node_modules/@node-llama-cpp/linux-x64-cuda/a.so',
    'media/shop.db',
    'trainer/tests/conftest.py',
    'trainer/joinery_trainer/__pycache__/cli.cpython-311.pyc',
  ];
  for (const file of strays) {
    it(`finds ${file}`, () => expect(packageProblems([...whole, file])).not.toEqual([]));
  }
});
