/** An adapter that cannot be used is left out with its reason, instead of keeping questions from being answered. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adapterFault } from '../../../../src/engine/training/adapterFault.js';
import { writeTinyAdapter, writeTinyModel } from '../../../support/tinyGguf.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'joinery-fault-'));
const file = (name: string): string => path.join(folder, name);

beforeAll(() => {
  writeTinyModel(file('tiny.gguf'));
  writeTinyAdapter(file('fits.gguf'));
  writeTinyAdapter(file('wide.gguf'), { base: 128 });
  writeFileSync(file('text.gguf'), 'not a model');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each([
  ['one that fits', 'tiny.gguf', 'fits.gguf', undefined],
  ['one of another base', 'tiny.gguf', 'wide.gguf', 'model.adapterMismatch'],
  ['a text', 'tiny.gguf', 'text.gguf', 'model.notGguf'],
  ['a model instead of an adapter', 'tiny.gguf', 'tiny.gguf', 'model.adapterMismatch'],
  ['any, when the base is not there', 'none.gguf', 'text.gguf', undefined],
  ['any, when the base is broken', 'text.gguf', 'fits.gguf', undefined],
])('%s', async (_, base, adapter, code) => expect((await adapterFault(folder, file(base), file(adapter)))?.code).toBe(code));
