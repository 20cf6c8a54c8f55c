/**
 * Reads the header of a GGUF file: metadata and tensor shapes, no weights. Long arrays (vocabularies) are walked over, not
 * kept. The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
import { open, type FileHandle } from 'node:fs/promises';
import { JoineryError } from '../../core/shared/errors.js';

export type GgufValue = string | number | bigint | boolean;

export interface GgufTensor {
  readonly name: string;
  /** Fastest-varying dimension first, as stored. */
  readonly dimensions: readonly number[];
}

export interface GgufHeader {
  readonly version: number;
  /** Scalars and strings; arrays are left out. */
  readonly metadata: ReadonlyMap<string, GgufValue>;
  readonly tensors: readonly GgufTensor[];
}

const magic = 0x46554747;
const chunkBytes = 1 << 20;
/** No honest header comes near: a bound on what a hostile file can make us read. */
const headerLimitBytes = 256 << 20;
const fixedSizes: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 };
const stringType = 8;
const arrayType = 9;

class HeaderEnd extends Error {}

/** Sequential reader with one buffer; a read past the end of the file throws `HeaderEnd`. */
class Cursor {
  #buffer = Buffer.alloc(0);
  #start = 0;
  #offset = 0;

  constructor(readonly file: FileHandle) {}

  async take(bytes: number): Promise<Buffer> {
    if (!(bytes >= 0) || this.#offset + bytes > headerLimitBytes) throw new HeaderEnd();
    if (this.#offset + bytes > this.#start + this.#buffer.length) await this.#fill(bytes);
    const from = this.#offset - this.#start;
    this.#offset += bytes;
    return this.#buffer.subarray(from, from + bytes);
  }

  skip(bytes: number): void {
    if (!(bytes >= 0) || this.#offset + bytes > headerLimitBytes) throw new HeaderEnd();
    this.#offset += bytes;
  }

  async #fill(bytes: number): Promise<void> {
    const buffer = Buffer.alloc(Math.max(bytes, chunkBytes));
    const { bytesRead } = await this.file.read(buffer, 0, buffer.length, this.#offset);
    if (bytesRead < bytes) throw new HeaderEnd();
    this.#buffer = buffer.subarray(0, bytesRead);
    this.#start = this.#offset;
  }

  async u32(): Promise<number> {
    return (await this.take(4)).readUInt32LE();
  }

  async count(): Promise<number> {
    return Number((await this.take(8)).readBigUInt64LE());
  }

  async text(): Promise<string> {
    return (await this.take(await this.count())).toString('utf8');
  }
}

function scalar(type: number, bytes: Buffer): GgufValue {
  switch (type) {
    case 0:
      return bytes.readUInt8();
    case 1:
      return bytes.readInt8();
    case 2:
      return bytes.readUInt16LE();
    case 3:
      return bytes.readInt16LE();
    case 4:
      return bytes.readUInt32LE();
    case 5:
      return bytes.readInt32LE();
    case 6:
      return bytes.readFloatLE();
    case 7:
      return bytes.readUInt8() !== 0;
    case 10:
      return bytes.readBigUInt64LE();
    case 11:
      return bytes.readBigInt64LE();
    default:
      return bytes.readDoubleLE();
  }
}

async function skipArray(cursor: Cursor): Promise<void> {
  const type = await cursor.u32();
  const length = await cursor.count();
  const size = fixedSizes[type];
  if (size !== undefined) return cursor.skip(size * length);
  if (type !== stringType && type !== arrayType) throw new HeaderEnd();
  for (let index = 0; index < length; index++) {
    if (type === arrayType) await skipArray(cursor);
    else cursor.skip(await cursor.count());
  }
}

async function readMetadata(cursor: Cursor, count: number): Promise<Map<string, GgufValue>> {
  const metadata = new Map<string, GgufValue>();
  for (let index = 0; index < count; index++) {
    const key = await cursor.text();
    const type = await cursor.u32();
    const size = fixedSizes[type];
    if (size !== undefined) metadata.set(key, scalar(type, await cursor.take(size)));
    else if (type === stringType) metadata.set(key, await cursor.text());
    else if (type === arrayType) await skipArray(cursor);
    else throw new HeaderEnd();
  }
  return metadata;
}

async function readTensors(cursor: Cursor, count: number): Promise<GgufTensor[]> {
  const tensors: GgufTensor[] = [];
  for (let index = 0; index < count; index++) {
    const name = await cursor.text();
    const rank = await cursor.u32();
    if (rank > 8) throw new HeaderEnd();
    const dimensions: number[] = [];
    for (let axis = 0; axis < rank; axis++) dimensions.push(await cursor.count());
    cursor.skip(12);
    tensors.push({ name, dimensions });
  }
  return tensors;
}

/** Throws `model.notGguf` for a file that is something else, `model.truncated` when the header breaks off, `model.missing` without a file. */
export async function readGgufHeader(path: string): Promise<GgufHeader> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new JoineryError('model.missing', { id: path, path }, cause);
  });
  try {
    const cursor = new Cursor(file);
    const start = await cursor.u32().catch(() => 0);
    if (start !== magic) throw new JoineryError('model.notGguf', { path });
    const version = await cursor.u32();
    if (version < 2 || version > 3) throw new JoineryError('model.notGguf', { path });
    const tensorCount = await cursor.count();
    const metadata = await readMetadata(cursor, await cursor.count());
    return { version, metadata, tensors: await readTensors(cursor, tensorCount) };
  } catch (cause) {
    if (cause instanceof HeaderEnd) throw new JoineryError('model.truncated', { id: path, path }, cause);
    throw cause;
  } finally {
    await file.close();
  }
}
