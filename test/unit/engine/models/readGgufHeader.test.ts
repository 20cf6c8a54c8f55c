import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readGgufHeader } from '../../../../src/engine/models/readGgufHeader.js';
import { boolValue, floatValue, ggufBytes, numbersValue, stringValue, stringsValue, u32Value, u64Value } from './ggufFile.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'joinery-gguf-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function read(bytes: Buffer): ReturnType<typeof readGgufHeader> {
  const file = path.join(folder, 'a.gguf');
  writeFileSync(file, bytes);
  return readGgufHeader(file);
}

const everything = {
  metadata: {
    'general.architecture': stringValue('qwen2'),
    'tokenizer.ggml.tokens': stringsValue(['a', '', 'ünï', 'x'.repeat(3000)]),
    count: u32Value(24),
    big: u64Value(2 ** 40),
    ids: numbersValue([1, 2, 3]),
    eps: floatValue(0.5),
    flag: boolValue(true),
  },
  tensors: { 'blk.0.attn_q.weight': [896, 896], 'output_norm.weight': [896] },
};

describe('readGgufHeader', () => {
  it('reads scalars, texts and shapes, and walks over arrays', async () => {
    const header = await read(ggufBytes(everything));
    expect(Object.fromEntries(header.metadata)).toEqual({
      'general.architecture': 'qwen2',
      count: 24,
      big: 2n ** 40n,
      eps: 0.5,
      flag: true,
    });
    expect(header.tensors).toEqual([
      { name: 'blk.0.attn_q.weight', dimensions: [896, 896] },
      { name: 'output_norm.weight', dimensions: [896] },
    ]);
  });

  it('says that a header is cut off, wherever it is cut', async () => {
    const small = ggufBytes({ metadata: { a: stringValue('b'), c: stringsValue(['d', 'e']), f: u32Value(1) }, tensors: { t: [1, 2] } });
    for (let length = 4; length < small.length - 12; length++) {
      await expect(read(small.subarray(0, length)), `cut at ${length}`).rejects.toMatchObject({ code: 'model.truncated' });
    }
  });

  const foreign: readonly { name: string; bytes: Buffer; code: string }[] = [
    { name: 'empty', bytes: Buffer.alloc(0), code: 'model.notGguf' },
    { name: 'three bytes', bytes: Buffer.from('GGU'), code: 'model.notGguf' },
    { name: 'a SQLite database', bytes: Buffer.from('SQLite format 3\0 and more'), code: 'model.notGguf' },
    { name: 'version 1', bytes: ggufBytes({ metadata: {}, version: 1 }), code: 'model.notGguf' },
    { name: 'version 99', bytes: ggufBytes({ metadata: {}, version: 99 }), code: 'model.notGguf' },
    { name: 'an unknown value type', bytes: ggufBytes({ metadata: { a: { type: 77, bytes: Buffer.alloc(8) } } }), code: 'model.truncated' },
    {
      name: 'a text of 2^60 bytes',
      bytes: ggufBytes({ metadata: { a: { type: 8, bytes: Buffer.alloc(8, 0x0f) } } }),
      code: 'model.truncated',
    },
  ];
  for (const { name, bytes, code } of foreign) {
    it(`refuses ${name}`, async () => {
      await expect(read(bytes)).rejects.toMatchObject({ code });
    });
  }

  it('says that there is no file', async () => {
    await expect(readGgufHeader(path.join(folder, 'none.gguf'))).rejects.toMatchObject({ code: 'model.missing' });
  });
});
