/** The loader hook in a process of its own: hooks cannot be taken back. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(path.join(tmpdir(), 'joinery-hook-'));
const program = path.join(folder, 'program.mjs');

beforeAll(() => {
  const source = path.resolve(import.meta.dirname, '../../../src/inference/usePacks.ts');
  const contents = `
    import { cudaLibraries, usePacks } from ${JSON.stringify(source)};
    const names = await usePacks(process.argv[2]);
    const load = (name) => import(name).then((found) => found.who, () => 'not found');
    console.log(JSON.stringify({ names, found: [await load('@node-llama-cpp/made-up'), await load('@node-llama-cpp/unfinished')],
      cuda: cudaLibraries(names), other: typeof (await import('node:os')).cpus }));
  `;
  buildSync({
    stdin: { contents, resolveDir: folder, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: program,
    logLevel: 'error',
  });
  write('packs/one-1.0/made-up/dist/index.js', "export const who = 'the pack';");
  write('packs/one-1.0/made-up/package.json', '{"type":"module"}');
  write('packs/one-1.0/pack.json', '{}');
  write('packs/one-1.0/empty/README.md', '');
  write('packs/two-1.0.new/unfinished/dist/index.js', "export const who = 'half a pack';");
  write('cuda/cuda-1.0/linux-x64-cuda/dist/index.js', "export const who = 'cuda';");
  write('cuda/cuda-1.0/win-x64-cuda/dist/index.js', "export const who = 'cuda';");
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  writeFileSync(path.join(folder, file), text);
}

function run(packs: string): unknown {
  return JSON.parse(execFileSync(process.execPath, [program, path.join(folder, packs)], { encoding: 'utf8' }));
}

describe('usePacks', () => {
  it('answers imports of packages that are there, and of no others', () => {
    expect(run('packs')).toEqual({
      names: ['@node-llama-cpp/made-up'],
      found: ['the pack', 'not found'],
      cuda: 'none',
      other: 'function',
    });
  });

  it('changes nothing without a folder', () => {
    expect(run('nowhere')).toEqual({ names: [], found: ['not found', 'not found'], cuda: 'none', other: 'function' });
  });

  it('knows the CUDA libraries of this platform', (context) => {
    const here = `${process.platform}-${process.arch}`;
    context.skip(here !== 'linux-x64' && here !== 'win32-x64', 'there are CUDA libraries for two platforms only');
    expect(run('cuda')).toMatchObject({ cuda: 'pack' });
  });
});
