/**
 * Copies a database by SQLite's backup API (https://www.sqlite.org/backup.html): a consistent state of it, what its write-ahead log holds
 * included, while others read and write it. The source is opened read-only, the target must not exist.
 */
import { rm, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import sqlite3 from '@vscode/sqlite3';
import { type CancellationToken, throwIfCancelled } from '../core/shared/cancellation.js';
import { JoineryError } from '../core/shared/errors.js';
import { checkFile, explainFileFault } from './fileFaults.js';
import { fileIdentity, noteClosed, noteOpened } from './openFiles.js';

/** The part of the binding that its types leave out. */
interface BackupMethods {
  readonly failed: boolean;
  readonly remaining: number;
  readonly pageCount: number;
  retryErrors: number[];
  step(pages: number, done: (error: (Error & { readonly errno?: number }) | null, completed?: boolean) => void): void;
  finish(done: () => void): void;
}
interface WithBackup {
  backup(target: string, ready: (error: Error | null) => void): BackupMethods;
}

export interface CopyOptions {
  readonly token?: CancellationToken;
  /** Share that is done, from 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** Pages between two looks at the token. */
const pagesPerStep = 2048;
/** Times that a step is tried while somebody holds the file for writing, with a wait in between. */
const mostTries = 50;
const retryMs = 100;

/** Throws the `file.*` errors of the source, `file.diskFull`, `file.locked` and `cancelled`; then nothing is left at the target. */
export async function copyDatabase(source: string, target: string, { token, onProgress }: CopyOptions = {}): Promise<void> {
  const inode = await checkFile(source);
  const facts = await stat(source, { bigint: true });
  await checkSpace(source, target);
  // The rights of the source: a copy is not for more eyes.
  await writeFile(target, '', { flag: 'wx', mode: Number(facts.mode & 0o777n) });
  const identity = fileIdentity({ dev: facts.dev, ino: inode });
  noteOpened(identity);
  try {
    const database = await openReadOnly(source);
    try {
      await runBackup(database, { source, target }, { ...(token ? { token } : {}), ...(onProgress ? { onProgress } : {}) });
    } finally {
      await closeDatabase(database);
    }
  } catch (error) {
    await rm(target, { force: true });
    if (error instanceof JoineryError || !(error instanceof Error)) throw error;
    throw (await explainFileFault(error, source, false)) ?? error;
  } finally {
    noteClosed(identity);
  }
}

async function checkSpace(source: string, target: string): Promise<void> {
  const sizes = await Promise.all([source, `${source}-wal`].map((path) => stat(path).then(({ size }) => size, () => 0))); // prettier-ignore
  const needed = sizes.reduce((sum, size) => sum + size, 0);
  const { bavail, bsize } = await statfs(dirname(target));
  if (bavail * bsize < needed) throw new JoineryError('file.diskFull', { path: target });
}

async function runBackup(
  database: sqlite3.Database,
  { source, target }: { readonly source: string; readonly target: string },
  { token, onProgress }: CopyOptions,
): Promise<void> {
  const backup = await startBackup(database, target);
  try {
    let tries = 0;
    for (;;) {
      if (token) throwIfCancelled(token);
      const outcome = await step(backup);
      if (outcome === 'done') return;
      if (outcome === 'busy' && ++tries >= mostTries) throw new JoineryError('file.locked', { path: source });
      if (outcome === 'busy') await new Promise((resolve) => setTimeout(resolve, retryMs));
      else onProgress?.(1 - backup.remaining / Math.max(1, backup.pageCount));
    }
  } finally {
    // A backup that has failed or is complete has finished by itself; a second time does no harm.
    if (!backup.failed) await new Promise<void>((resolve) => backup.finish(resolve));
  }
}

function startBackup(database: sqlite3.Database, target: string): Promise<BackupMethods> {
  return new Promise((resolve, reject) => {
    const backup = (database as unknown as WithBackup).backup(target, (error) => {
      if (error) reject(error);
      else resolve(backup);
    });
  });
}

function step(backup: BackupMethods): Promise<'done' | 'more' | 'busy'> {
  return new Promise((resolve, reject) => {
    backup.step(pagesPerStep, (error, completed) => {
      if (error && (error.errno === sqlite3.BUSY || error.errno === sqlite3.LOCKED)) resolve('busy');
      else if (error) reject(error);
      // Without a handle inside, the binding does nothing and calls that success.
      else if (backup.failed) reject(new Error('SQLITE_CANTOPEN: the copy could not be started'));
      else resolve(completed === true ? 'done' : 'more');
    });
  });
}

function openReadOnly(path: string): Promise<sqlite3.Database> {
  return new Promise((resolve, reject) => {
    const database: sqlite3.Database = new sqlite3.Database(path, sqlite3.OPEN_READONLY, (error) => {
      if (error) reject(error);
      else resolve(database);
    });
  });
}

function closeDatabase(database: sqlite3.Database): Promise<void> {
  return new Promise((resolve, reject) => {
    database.close((error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
