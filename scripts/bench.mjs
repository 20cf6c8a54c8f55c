/**
 * `npm run bench [name…]`: runs every bench in `scripts/bench`, and those of pages in `test/pages`, prints a table and writes it to `bench/results.md`. A bench
 * is a file `xBench.ts` whose export `runXBench()` resolves to rows of name, value, unit and, where one was promised, a bar.
 * Tests assert no times; this is the place where times are measured, all in one run.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { install } from './install.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const benchFolders = [path.join(root, 'scripts', 'bench'), path.join(root, 'test', 'pages')];
const scratch = path.join(root, '.work', 'bench');
const resultFile = path.join(root, 'bench', 'results.md');

/** Bundled like the product, so that what is measured is what ships. */
async function load(esbuild, { folder, file }) {
  const outfile = path.join(root, 'dist', 'bench', file.replace(/\.ts$/, '.mjs'));
  await esbuild.build({
    entryPoints: [path.join(folder, file)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.12',
    logLevel: 'warning',
    external: ['@vscode/sqlite3', 'node-llama-cpp', 'esbuild', 'playwright-core'],
    banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
    tsconfigRaw: { compilerOptions: { target: 'ES2022', verbatimModuleSyntax: false } },
  });
  const module = await import(pathToFileURL(outfile).href);
  const name = Object.keys(module).find((key) => /^run\w+Bench$/.test(key));
  if (!name) throw new Error(`${file} exports no run…Bench`);
  return module[name];
}

function format(value) {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toFixed(digits);
}

function lineOf({ name, value, unit, bar, note }) {
  const verdict = bar === undefined ? '' : value <= bar ? 'yes' : '**no**';
  return `| ${name}${note ? ` (${note})` : ''} | ${format(value)} ${unit} | ${bar === undefined ? '' : `≤ ${Number(bar.toFixed(2))} ${unit}`} | ${verdict} |`;
}

function heading() {
  const machine = `${cpus()[0]?.model.trim() ?? 'unknown'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
  return `# Measurements\n\nWritten by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${machine}.\nRatios travel to other machines, times do not.\n`;
}

install();
const { build } = await import('./build.mjs');
await build();
const esbuild = await import('esbuild');
mkdirSync(scratch, { recursive: true });
process.env.JOINERY_BENCH_DIR = scratch;
const wanted = process.argv.slice(2);
const isWanted = (file) => file.endsWith('Bench.ts') && (wanted.length === 0 || wanted.some((name) => file.startsWith(name)));
const benches = benchFolders.flatMap((folder) =>
  readdirSync(folder)
    .filter(isWanted)
    .map((file) => ({ folder, file })),
);
const sections = [];
let failed = false;
for (const bench of benches) {
  const title = bench.file.replace('Bench.ts', '');
  console.error(`${title} …`);
  try {
    const rows = await (await load(esbuild, bench))();
    sections.push(`## ${title}\n\n| what | measured | bar | held |\n|---|---|---|---|\n${rows.map(lineOf).join('\n')}\n`);
  } catch (error) {
    failed = true;
    sections.push(`## ${title}\n\nFailed: ${error instanceof Error ? error.message : String(error)}\n`);
  }
  console.log(sections.at(-1));
}
mkdirSync(path.dirname(resultFile), { recursive: true });
if (wanted.length === 0) writeFileSync(resultFile, `${heading()}\n${sections.join('\n')}`);
else console.error(`${path.relative(root, resultFile)} is written by a run of all benches only`);
process.exit(failed ? 1 : 0);
