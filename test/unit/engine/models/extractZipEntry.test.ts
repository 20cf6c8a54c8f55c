import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { neverCancelled } from '../../../../src/core/shared/cancellation.js';
import { extractZipEntry } from '../../../../src/engine/models/extractZipEntry.js';
import { content, zipOf } from './fakeSources.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'joinery-zip-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function extract(zip: Buffer, before: Buffer, position: number): Promise<Buffer> {
  const archive = path.join(folder, 'a.whl');
  const target = path.join(folder, 'out');
  writeFileSync(archive, zip);
  writeFileSync(target, before);
  await extractZipEntry(archive, /\.bin$/, target, position, neverCancelled);
  return readFileSync(target);
}

const bytes = content(200_000);
const good = zipOf('p/data/part01.bin', bytes);

describe('extractZipEntry', () => {
  const whole: readonly { name: string; zip: Buffer; before: Buffer; position: number; expected: Buffer }[] = [
    { name: 'deflated, into an empty file', zip: good, before: Buffer.alloc(0), position: 0, expected: bytes },
    { name: 'stored', zip: zipOf('p/data/part01.bin', bytes, { stored: true }), before: Buffer.alloc(0), position: 0, expected: bytes },
    {
      name: 'behind what is there',
      zip: good,
      before: Buffer.from('abc'),
      position: 3,
      expected: Buffer.concat([Buffer.from('abc'), bytes]),
    },
    {
      name: 'empty entry',
      zip: zipOf('p/data/part01.bin', Buffer.alloc(0)),
      before: Buffer.from('abc'),
      position: 3,
      expected: Buffer.from('abc'),
    },
  ];
  for (const { name, zip, before, position, expected } of whole) {
    it(`writes the entry: ${name}`, async () => {
      expect((await extract(zip, before, position)).equals(expected)).toBe(true);
    });
  }

  const flipped = Buffer.from(good);
  flipped.fill(0x55, 400, 500);
  const broken: readonly { name: string; zip: Buffer }[] = [
    { name: 'nothing', zip: Buffer.alloc(0) },
    { name: 'not a zip', zip: content(5000) },
    { name: 'cut off', zip: good.subarray(0, good.length - 300) },
    { name: 'damaged in the middle', zip: flipped },
    { name: 'no such entry', zip: zipOf('p/data/other.txt', bytes) },
    { name: 'two such entries', zip: zipOf('p/data/part01.bin', bytes, { extra: [{ name: 'p/b.bin', bytes }] }) },
  ];
  for (const { name, zip } of broken) {
    it(`refuses an archive: ${name}`, async () => {
      await expect(extract(zip, Buffer.alloc(0), 0)).rejects.toMatchObject({ reason: 'malformed' });
    });
  }
});
