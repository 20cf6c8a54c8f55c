/**
 * Streams one entry of a zip archive into a file at a given position. Only what wheels need: stored and deflated entries
 * below 4 GiB. Nothing is unpacked by name, so an entry's path can never leave the target file.
 * Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import { type CancellationToken } from '../../core/shared/cancellation.js';
import { JoineryError } from '../../core/shared/errors.js';
import { SourceProblem, fileSize, throwDiskFull } from './downloadFile.js';

export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly compressedBytes: number;
  readonly bytes: number;
  readonly headerOffset: number;
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
const endBytes = 22;
const commentLimit = 0xffff;

async function readAt(file: FileHandle, position: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes);
  const { bytesRead } = await file.read(buffer, 0, bytes, position);
  if (bytesRead < bytes) throw new SourceProblem('malformed', 'the archive is cut off');
  return buffer;
}

async function readDirectory(file: FileHandle, size: number): Promise<ZipEntry[]> {
  const tail = await readAt(file, Math.max(0, size - endBytes - commentLimit), Math.min(size, endBytes + commentLimit));
  let end = tail.length - endBytes;
  while (end >= 0 && tail.readUInt32LE(end) !== endSignature) end--;
  if (end < 0) throw new SourceProblem('malformed', 'not a zip archive');
  const directory = await readAt(file, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  const entries: ZipEntry[] = [];
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === entrySignature;) {
    const nameBytes = directory.readUInt16LE(at + 28);
    entries.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameBytes),
      method: directory.readUInt16LE(at + 10),
      compressedBytes: directory.readUInt32LE(at + 20),
      bytes: directory.readUInt32LE(at + 24),
      headerOffset: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

async function dataOffset(file: FileHandle, entry: ZipEntry): Promise<number> {
  const header = await readAt(file, entry.headerOffset, 30);
  if (header.readUInt32LE(0) !== localSignature) throw new SourceProblem('malformed', 'the archive is damaged');
  return entry.headerOffset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
}

async function locate(archive: string, pattern: RegExp): Promise<{ entry: ZipEntry; start: number }> {
  const file = await open(archive, 'r');
  try {
    const found = (await readDirectory(file, await fileSize(archive))).filter(({ name }) => pattern.test(name));
    const entry = found[0];
    if (!entry || found.length > 1) throw new SourceProblem('malformed', `${found.length} entries match instead of one`);
    if (entry.method !== 0 && entry.method !== 8) throw new SourceProblem('malformed', `compression ${entry.method} is not known`);
    return { entry, start: await dataOffset(file, entry) };
  } finally {
    await file.close();
  }
}

/**
 * Writes the one entry whose name matches to `target` at `position` and returns its bytes. Throws `SourceProblem` for a
 * broken archive, `model.diskFull` and `cancelled`.
 */
export async function extractZipEntry(
  archive: string,
  pattern: RegExp,
  target: string,
  position: number,
  token: CancellationToken,
): Promise<number> {
  const { entry, start } = await locate(archive, pattern);
  if (entry.bytes === 0) return 0;
  const controller = new AbortController();
  const subscription = token.onCancellationRequested(() => controller.abort());
  const source = createReadStream(archive, { start, end: start + entry.compressedBytes - 1, highWaterMark: 1 << 20 });
  const sink = createWriteStream(target, { flags: (await fileSize(target)) > 0 ? 'r+' : 'w', start: position });
  try {
    if (entry.method === 8) await pipeline(source, createInflateRaw({ chunkSize: 1 << 20 }), sink, { signal: controller.signal });
    else await pipeline(source, sink, { signal: controller.signal });
  } catch (cause) {
    if (token.isCancellationRequested) throw new JoineryError('cancelled', {}, cause);
    if (cause instanceof Error && 'code' in cause && String(cause.code).startsWith('Z_'))
      throw new SourceProblem('malformed', 'the archive is damaged', cause);
    throwDiskFull(cause);
  } finally {
    subscription.dispose();
  }
  if (sink.bytesWritten !== entry.bytes) throw new SourceProblem('malformed', 'the archive is damaged');
  return entry.bytes;
}
