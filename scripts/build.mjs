/**
 * Bundles the three programs of the product: the extension (CommonJS, started by VS Code), the command line and the model
 * process (ES modules, started by Node). Does nothing when no input changed since the last build; `--force` builds anyway.
 */
import { chmod, mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const dist = path.join(root, 'dist');
const stampFile = path.join(dist, 'build.json');
/** Bytes that the host bundle may have at most: VS Code reads and compiles it on activation. */
const hostBundleLimit = 500_000;

// An ES module bundle that contains CommonJS libraries needs a `require`; a CommonJS bundle needs `import.meta.url`.
const requireBanner =
  "import { createRequire as joineryCreateRequire } from 'node:module';\nconst require = joineryCreateRequire(import.meta.url);";
const moduleUrlBanner = "const joineryModuleUrl = require('node:url').pathToFileURL(__filename).href;";

/** What the extension loads of the engine when it is first needed (`import()`), in one bundle of its own: activation does not read it. */
function engineApart(out, modules) {
  return {
    name: 'engine apart',
    setup(build) {
      build.onResolve({ filter: /\/engine\// }, ({ kind, path: module, resolveDir }) => {
        if (kind !== 'dynamic-import') return undefined;
        modules.add(path.resolve(resolveDir, module));
        return { path: `./${out}`, external: true };
      });
    },
  };
}

/** A page of a webview: `src/webview/<name>/main.ts`, which also imports its style sheet; no Node, the browser of the oldest VS Code. */
function pageTarget(name) {
  const browser = { platform: 'browser', target: 'chrome134', format: 'iife', external: [] };
  const fonts = { loader: { '.ttf': 'file' }, assetNames: '[name]' };
  return { entry: `src/webview/${name}/main.ts`, out: `webview/${name}.js`, options: { ...browser, ...fonts } };
}

const targets = [
  {
    entry: 'src/extension.ts',
    out: 'extension.cjs',
    limit: hostBundleLimit,
    engine: 'engine.cjs',
    options: { format: 'cjs', banner: { js: moduleUrlBanner }, define: { 'import.meta.url': 'joineryModuleUrl' } },
  },
  {
    entry: 'src/cli/main.ts',
    out: 'cli.mjs',
    executable: true,
    options: { format: 'esm', banner: { js: `#!/usr/bin/env node\n${requireBanner}` } },
  },
  { entry: 'src/inference/main.ts', out: 'inference.mjs', options: { format: 'esm', banner: { js: requireBanner } } },
  // Makes the sample database of the walkthrough; a program of its own, since only this step needs it.
  { entry: 'scripts/sample/buildSample.mjs', out: 'sample.mjs', options: { format: 'esm', banner: { js: requireBanner } } },
  // Layout takes its time: it runs in a thread of its own, started as a file.
  { entry: 'src/layout/main.ts', out: 'layout.mjs', options: { format: 'esm', banner: { js: requireBanner } } },
  // Writing files takes libraries that nobody else needs: a process of its own.
  { entry: 'src/engine/export/main.ts', out: 'export.mjs', options: { format: 'esm', banner: { js: requireBanner } } },
  // The MCP library is needed by one command only: loaded as a file when it runs.
  { entry: 'src/mcp/main.ts', out: 'mcp.mjs', options: { format: 'esm', banner: { js: requireBanner } } },
  ...['answers', 'graph', 'results', 'charts', 'training'].map(pageTarget),
];

async function* inputFiles(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* inputFiles(full);
    else yield full;
  }
}

/** A hash over names, sizes and times of all inputs: equal hash, nothing to build. */
async function inputStamp() {
  const files = ['package.json', 'package-lock.json', 'scripts/build.mjs', 'models/catalog.json'].map((name) => path.join(root, name));
  for (const folder of ['src', 'scripts/sample']) for await (const file of inputFiles(path.join(root, folder))) files.push(file);
  const hash = createHash('sha256');
  for (const file of files.sort()) {
    const facts = await stat(file);
    hash.update(`${path.relative(root, file)}\0${facts.size}\0${facts.mtimeMs}\n`);
  }
  return hash.digest('hex');
}

async function isFresh(stamp) {
  if (!existsSync(stampFile)) return false;
  const built = JSON.parse(await readFile(stampFile, 'utf8'));
  return built.stamp === stamp && built.files.every((name) => existsSync(path.join(dist, name)));
}

async function bundle(esbuild, target) {
  const outfile = path.join(dist, target.out);
  const result = await esbuild.build({
    absWorkingDir: root,
    ...(target.source ? { stdin: target.source } : { entryPoints: [target.entry] }),
    outfile,
    bundle: true,
    minify: true,
    keepNames: true,
    legalComments: 'none',
    platform: 'node',
    target: 'node20.12',
    metafile: true,
    // An import of types alone leaves nothing behind, so that no program loads a library that it only names.
    tsconfigRaw: { compilerOptions: { target: 'ES2022', verbatimModuleSyntax: false } },
    logLevel: 'warning',
    external: ['vscode', '@vscode/sqlite3', 'node-llama-cpp'],
    ...target.options,
  });
  if (target.executable) await chmod(outfile, 0o755);
  const bytes = result.metafile.outputs[path.relative(root, outfile).split(path.sep).join('/')].bytes;
  if (target.limit !== undefined && bytes > target.limit)
    throw new Error(`${target.out} has ${bytes} bytes, at most ${target.limit} are allowed`);
  return { out: target.out, bytes };
}

/** A program, and behind it the part of the engine that it loads on demand. */
async function bundleProgram(esbuild, { engine, ...target }) {
  if (engine === undefined) return [await bundle(esbuild, target)];
  const modules = new Set();
  const plugins = [engineApart(engine, modules)];
  const program = await bundle(esbuild, { ...target, options: { ...target.options, plugins } });
  const contents = [...modules].sort().map((module) => `export * from ${JSON.stringify(module)};`).join('\n'); // prettier-ignore
  const source = { contents, resolveDir: root, sourcefile: 'engine.ts', loader: 'ts' };
  return [program, await bundle(esbuild, { out: engine, source, options: target.options })];
}

/** Builds what changed; returns the files with their sizes, an empty list when everything was fresh. */
export async function build({ force = false } = {}) {
  const stamp = await inputStamp();
  if (!force && (await isFresh(stamp))) return [];
  const esbuild = await import('esbuild');
  await rm(stampFile, { force: true });
  await mkdir(dist, { recursive: true });
  const built = [];
  for (const target of targets.filter(({ entry }) => existsSync(path.join(root, entry))))
    built.push(...(await bundleProgram(esbuild, target)));
  await writeFile(stampFile, JSON.stringify({ stamp, files: built.map(({ out }) => out) }));
  return built;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const built = await build({ force: process.argv.includes('--force') });
  for (const { out, bytes } of built) console.log(`dist/${out}  ${(bytes / 1000).toFixed(1)} kB`);
}
