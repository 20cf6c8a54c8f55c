/**
 * Unpacks the archive of an npm package (gzip over tar) into a folder, without the leading `package/`. Regular files only:
 * links, devices and paths that lead out of the folder end it. Checks no sum of the whole: the caller did.
 * Format: https://www.gnu.org/software/tar/manual/html_node/Standard.html
 */
import { createReadStream } from 'node:fs';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { createGunzip } from 'node:zlib';
import { type CancellationToken, throwIfCancelled } from '../../core/shared/cancellation.js';
import { SourceProblem, throwDiskFull } from './downloadFile.js';

const blockBytes = 512;
const typeFile = '0';
const typeFolder = '5';
const paxTypes: ReadonlySet<string> = new Set(['x', 'g']);

export interface UnpackedFile {
  /** Below the folder, with forward slashes. */
  readonly path: string;
  readonly bytes: number;
}

/** Throws `SourceProblem` for a broken archive, `model.diskFull` and `cancelled`; what was written so far stays. */
export async function unpackTarball(archive: string, folder: string, token: CancellationToken): Promise<readonly UnpackedFile[]> {
  const reader = new BlockReader(archive, token);
  const files: UnpackedFile[] = [];
  try {
    let longPath: string | undefined;
    for (let header = await reader.header(); header; header = await reader.header()) {
      if (paxTypes.has(header.type)) longPath = paxPath((await reader.bytes(header.bytes)).toString('utf8')) ?? longPath;
      else if (header.type === typeFolder) await reader.skip(header.bytes);
      else {
        files.push(await unpackFile(reader, folder, header, longPath ?? header.path));
        longPath = undefined;
      }
    }
  } finally {
    reader.close();
  }
  if (files.length === 0) throw new SourceProblem('malformed', 'the archive is empty');
  return files;
}

async function unpackFile(reader: BlockReader, folder: string, header: Header, stored: string): Promise<UnpackedFile> {
  const name = stored.split('/').slice(1).join('/');
  const target = path.join(folder, name);
  const leaves = name === '' || path.isAbsolute(name) || path.relative(folder, target).startsWith('..');
  if (leaves || header.type !== typeFile) throw new SourceProblem('malformed', 'the archive holds something else than files');
  await mkdir(path.dirname(target), { recursive: true }).catch(throwDiskFull);
  const file = await open(target, 'w').catch(throwDiskFull);
  try {
    await reader.copy(header.bytes, file);
    await file.sync().catch(throwDiskFull);
  } finally {
    await file.close();
  }
  return { path: name, bytes: header.bytes };
}

interface Header {
  readonly path: string;
  readonly bytes: number;
  readonly type: string;
}

/** The stream in pieces of the length that is asked for; archives of any size need one chunk of memory. */
class BlockReader {
  readonly #source;
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(
    archive: string,
    private readonly token: CancellationToken,
  ) {
    this.#source = createReadStream(archive, { highWaterMark: 1 << 20 });
    const unzipped = createGunzip({ chunkSize: 1 << 20 });
    this.#source.on('error', (error) => unzipped.destroy(error));
    this.#chunks = (this.#source.pipe(unzipped) as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  }

  /** Undefined at the end. */
  async header(): Promise<Header | undefined> {
    const block = await this.#upTo(blockBytes);
    if (block.length === 0 || block.every((byte) => byte === 0)) return undefined;
    if (block.length < blockBytes) throw cutOff();
    const text = (from: number, to: number): string => block.toString('utf8', from, to).replace(/\0.*$/s, '');
    const bytes = Number.parseInt(text(124, 136).trim(), 8);
    const isSound = Number.parseInt(text(148, 156).trim(), 8) === checksum(block);
    if (!isSound || !(bytes >= 0)) throw new SourceProblem('malformed', 'the archive is damaged');
    const prefix = text(257, 262) === 'ustar' ? text(345, 500) : '';
    return { path: prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`, bytes, type: text(156, 157) || typeFile };
  }

  async bytes(length: number): Promise<Buffer> {
    const found = await this.#upTo(length);
    if (found.length < length) throw cutOff();
    await this.skip(paddingOf(length), false);
    return found;
  }

  async skip(length: number, padded = true): Promise<void> {
    let left = length + (padded ? paddingOf(length) : 0);
    while (left > 0) left -= (await this.#some(left)).length;
  }

  async copy(length: number, file: FileHandle): Promise<void> {
    for (let left = length; left > 0;) {
      throwIfCancelled(this.token);
      const piece = await this.#some(left);
      await file.writeFile(piece).catch(throwDiskFull);
      left -= piece.length;
    }
    await this.skip(paddingOf(length), false);
  }

  close(): void {
    this.#source.destroy();
  }

  /** Between one and `most` bytes. */
  async #some(most: number): Promise<Buffer> {
    if (this.#rest.length === 0 && !(await this.#fill())) throw cutOff();
    const piece = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(piece.length);
    return piece;
  }

  async #upTo(length: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for (let left = length; left > 0;) {
      if (this.#rest.length === 0 && !(await this.#fill())) break;
      const piece = await this.#some(left);
      pieces.push(piece);
      left -= piece.length;
    }
    return Buffer.concat(pieces);
  }

  async #fill(): Promise<boolean> {
    try {
      const next = await this.#chunks.next();
      if (next.done !== true) this.#rest = next.value;
      return next.done !== true;
    } catch (cause) {
      throw new SourceProblem('malformed', 'the archive is damaged', cause);
    }
  }
}

function paddingOf(length: number): number {
  return (blockBytes - (length % blockBytes)) % blockBytes;
}

/** The sum over the header with its own field taken as blanks. */
function checksum(block: Buffer): number {
  let sum = 0;
  for (const [at, byte] of block.entries()) sum += at >= 148 && at < 156 ? 0x20 : byte;
  return sum;
}

/** `length path=value` records: https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html */
function paxPath(records: string): string | undefined {
  return /^\d+ path=(.*)$/m.exec(records)?.[1];
}

function cutOff(): SourceProblem {
  return new SourceProblem('malformed', 'the archive is cut off');
}
