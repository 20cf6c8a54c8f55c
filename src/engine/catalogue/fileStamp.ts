/**
 * Marks of a database file that hold across processes: they change with the file or its write-ahead log. The file is not opened,
 * because closing it again would drop the locks that SQLite holds for this process (https://www.sqlite.org/howtocorrupt.html, 2.2).
 */
import { type BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';

export interface FileStamp {
  /** Which file the path means now; changes when the file was replaced. */
  readonly inode: string;
  /** Size and times of the file and of a log that holds anything. */
  readonly content: string;
  /** False when the last write was so recent that another one could leave the same marks. */
  readonly settled: boolean;
}

/** Coarser than the clocks of common file systems. */
const settledMs = 50;

/** Undefined when the file cannot be looked at; opening it says why. `now` is in milliseconds since 1970. */
export async function fileStamp(path: string, now: number): Promise<FileStamp | undefined> {
  const main = await stat(path, { bigint: true }).catch(() => undefined);
  if (!main) return undefined;
  const wal = await stat(`${path}-wal`, { bigint: true }).catch(() => undefined);
  const files = wal && wal.size > 0n ? [main, wal] : [main];
  return {
    inode: `${main.dev}-${main.ino}`,
    content: files.map(marks).join(' '),
    settled: files.every((file) => now - Number(file.mtimeMs) > settledMs),
  };
}

function marks(file: BigIntStats): string {
  return `${file.size}-${file.mtimeNs}-${file.ctimeNs}-${file.ino}`;
}
