import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CancellationSource, neverCancelled } from '../../../../src/core/shared/cancellation.js';
import { unpackTarball } from '../../../../src/engine/models/unpackTarball.js';
import { content } from './fakeSources.js';
import { paxName, tarballOf, type TarEntry } from './tarball.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'joinery-tar-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const unpack = (bytes: Buffer, token = neverCancelled): ReturnType<typeof unpackTarball> => {
  writeFileSync(path.join(folder, 'a.tgz'), bytes);
  return unpackTarball(path.join(folder, 'a.tgz'), path.join(folder, 'out'), token);
};

describe('unpackTarball', () => {
  const big = content(3_000_000);
  const long = `${'deep/'.repeat(40)}name.so`;
  const sound: readonly { name: string; entries: readonly TarEntry[]; files: Readonly<Record<string, Buffer>> }[] = [
    { name: 'a file', entries: [{ name: 'package/a.txt', bytes: Buffer.from('x') }], files: { 'a.txt': Buffer.from('x') } },
    { name: 'an empty file', entries: [{ name: 'package/a.txt' }], files: { 'a.txt': Buffer.alloc(0) } },
    { name: 'a file of exactly one block', entries: [{ name: 'package/b', bytes: big.subarray(0, 512) }], files: { b: big.subarray(0, 512) } },
    { name: 'a file larger than a chunk', entries: [{ name: 'package/d/b', bytes: big }], files: { 'd/b': big } },
    { name: 'folders', entries: [{ name: 'package/d/', type: '5' }, { name: 'package/d/b', bytes: Buffer.from('1') }], files: { 'd/b': Buffer.from('1') } },
    { name: 'a long name', entries: [paxName(`package/${long}`), { name: 'package/cut', bytes: Buffer.from('2') }], files: { [long]: Buffer.from('2') } },
    { name: 'another leading folder', entries: [{ name: 'other/a', bytes: Buffer.from('3') }], files: { a: Buffer.from('3') } },
  ]; // prettier-ignore
  for (const { name, entries, files } of sound) {
    it(`writes ${name}`, async () => {
      const listed = await unpack(tarballOf(entries));
      expect(listed).toEqual(Object.entries(files).map(([file, bytes]) => ({ path: file, bytes: bytes.length })));
      for (const [file, bytes] of Object.entries(files)) expect(readFileSync(path.join(folder, 'out', file)).equals(bytes)).toBe(true);
    });
  }

  const whole = tarballOf([{ name: 'package/a', bytes: big }]);
  const unsound: readonly { name: string; bytes: Buffer }[] = [
    { name: 'a path that leads out', bytes: tarballOf([{ name: 'package/../../evil' }]) },
    { name: 'an absolute path', bytes: tarballOf([{ name: 'package//etc/evil' }]) },
    { name: 'a long path that leads out', bytes: tarballOf([paxName('package/../../evil'), { name: 'package/a' }]) },
    { name: 'a symbolic link', bytes: tarballOf([{ name: 'package/a', type: '2' }]) },
    { name: 'a hard link', bytes: tarballOf([{ name: 'package/a', type: '1' }]) },
    { name: 'a device', bytes: tarballOf([{ name: 'package/a', type: '3' }]) },
    { name: 'nothing', bytes: tarballOf([]) },
    { name: 'no gzip', bytes: Buffer.from('hello') },
    { name: 'a cut stream', bytes: whole.subarray(0, whole.length / 2) },
    { name: 'a cut file in a whole stream', bytes: gzipSync(Buffer.alloc(200, 1)) },
    { name: 'a header that is none', bytes: gzipSync(Buffer.alloc(2048, 1)) },
  ];
  for (const { name, bytes } of unsound) {
    it(`refuses ${name}`, async () => {
      await expect(unpack(bytes)).rejects.toMatchObject({ name: 'SourceProblem', reason: 'malformed' });
      expect(readdirSync(path.dirname(folder))).not.toContain('evil');
      expect(existsSync(path.join(folder, 'evil'))).toBe(false);
    });
  }

  it('stops when cancelled', async () => {
    const source = new CancellationSource();
    source.cancel();
    await expect(unpack(whole, source.token)).rejects.toMatchObject({ code: 'cancelled' });
  });
});
