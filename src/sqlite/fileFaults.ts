/**
 * What is wrong with a database file: looked at before it is opened, and again when SQLite complains, because SQLite's own words
 * name the symptom only. The header is read after a complaint and never while all is well.
 */
import { type BigIntStats, constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { type ErrorCode, JoineryError } from '../core/shared/errors.js';
import { readFileStart } from './openFiles.js';

/** One page of the smallest size. */
const smallestDatabase = 512n;
const magic = 'SQLite format 3\u0000';
/** First bytes of files that look random and are not encrypted: zip, gzip, bzip2, xz, 7z, zstd, PNG, JPEG, PDF, Ogg, RIFF. */
const knownMagic = /^(?:PK|\x1f\x8b|BZh|\xfd7zXZ|7z\xbc|\x28\xb5\x2f\xfd|\x89PNG|\xff\xd8\xff|%PDF|OggS|RIFF)/;
/** Bits per byte of a page from which it counts as encrypted; random pages of 1,024 bytes have 7.8, text has 5, code 6. */
const randomEntropy = 7.4;

/**
 * Throws what keeps a path from being opened at all, else gives the number of the file behind it. A pipe or a device is never opened:
 * that could block for ever.
 */
export async function checkFile(path: string): Promise<bigint> {
  const found = await lookAt(path);
  if (found === undefined) throw new JoineryError('file.missing', { path });
  if (found.isDirectory()) throw new JoineryError('file.directory', { path });
  if (!found.isFile()) throw new JoineryError('file.notRegular', { path });
  if (found.size === 0n) throw new JoineryError('file.empty', { path });
  // SQLite would take it for an empty database.
  if (found.size < smallestDatabase) throw new JoineryError(faultOfHeader('SQLITE_NOTADB', await readHeader(path)), { path });
  return found.ino;
}

/**
 * Throws `file.truncated` when pages are missing at the end, which SQLite reads as zeros. `bytes` is what it counts; a log or a journal
 * may hold what the file lacks.
 */
export async function checkLength(path: string, bytes: number): Promise<void> {
  const found = await lookAt(path);
  if (!found || Number(found.size) >= bytes) return;
  const sides = await Promise.all([`${path}-wal`, `${path}-journal`].map(lookAt));
  if (sides.every((side) => !side?.size)) throw new JoineryError('file.truncated', { path });
}

/** The error behind a SQLite result code that concerns the file. Undefined for codes that concern the statement. */
export async function explainFileFault(
  error: Error & { readonly code?: string },
  path: string,
  wasOpen: boolean,
): Promise<JoineryError | undefined> {
  const code = await faultCode(error.code ?? '', path, wasOpen);
  return code && new JoineryError(code, { path, message: error.message.replace(/^SQLITE_\w+: /, '') }, error);
}

async function faultCode(code: string, path: string, wasOpen: boolean): Promise<ErrorCode | undefined> {
  if (/^SQLITE_(?:BUSY|LOCKED|PROTOCOL)/.test(code)) return 'file.locked';
  if (code.startsWith('SQLITE_FULL')) return 'file.diskFull';
  if (!/^SQLITE_(?:NOTADB|CORRUPT|IOERR|CANTOPEN|READONLY|PERM)/.test(code)) return undefined;
  try {
    if ((await lookAt(path)) === undefined) return wasOpen ? 'file.vanished' : 'file.missing';
    await access(path, constants.R_OK);
  } catch {
    // Whatever keeps us from looking at it kept SQLite from reading it.
    return 'file.noPermission';
  }
  return faultOfHeader(code, await readHeader(path));
}

function faultOfHeader(code: string, header: FileHeader): ErrorCode {
  if (header.size === 0) return 'file.empty';
  if (!header.start.toString('latin1', 0, 16).startsWith(magic)) return looksEncrypted(header) ? 'file.encrypted' : 'file.notSqlite';
  if (header.size < header.declaredSize) return 'file.truncated';
  // The page itself starts well, so what SQLite did not take is inside it.
  if (/NOTADB|CORRUPT|IOERR/.test(code)) return 'file.corrupt';
  if (header.wal) return 'file.walReadOnly';
  // A journal left behind by a writer that died must be rolled back before anyone may read.
  return code.startsWith('SQLITE_READONLY') ? 'file.unfinished' : 'file.noPermission';
}

interface FileHeader {
  readonly start: Buffer;
  readonly size: number;
  /** Bytes that the header promises; 0 when it promises nothing. */
  readonly declaredSize: number;
  readonly wal: boolean;
}

async function readHeader(path: string): Promise<FileHeader> {
  const { bytes: start, size } = await readFileStart(path, 4096);
  if (start.length < 100) return { start, size, declaredSize: 100, wal: false };
  const pageSize = start.readUInt16BE(16) === 1 ? 65_536 : start.readUInt16BE(16);
  // Old writers left the page count stale: https://www.sqlite.org/fileformat.html#in_header_database_size
  const counted = start.readUInt32BE(24) === start.readUInt32BE(92);
  return { start, size, declaredSize: counted ? pageSize * start.readUInt32BE(28) : 0, wal: start[18] === 2 || start[19] === 2 };
}

function looksEncrypted({ start, size }: FileHeader): boolean {
  if (size < 1024 || size % 512 !== 0 || knownMagic.test(start.toString('latin1', 0, 8))) return false;
  const counts = new Map<number, number>();
  for (const byte of start) counts.set(byte, (counts.get(byte) ?? 0) + 1);
  const bits = [...counts.values()].reduce((sum, count) => sum - (count / start.length) * Math.log2(count / start.length), 0);
  return bits >= randomEntropy;
}

/** Undefined when there is nothing under the path; throws `file.noPermission`. */
export async function lookAt(path: string): Promise<BigIntStats | undefined> {
  try {
    return await stat(path, { bigint: true });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'EACCES' || code === 'EPERM') throw new JoineryError('file.noPermission', { path }, error);
    // ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG and names that no file can have: the path leads nowhere.
    return undefined;
  }
}
