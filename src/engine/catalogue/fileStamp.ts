/** Marks of a database file that hold across processes: they change with the file or its write-ahead log. Contents are not read. */
import { stat } from 'node:fs/promises';

export interface FileStamp {
  /** Which file the path means now; changes when the file was replaced. */
  readonly inode: string;
  /** Size and time of the file and of a log that holds anything. */
  readonly content: string;
}

/** Undefined when the file cannot be looked at; opening it says why. */
export async function fileStamp(path: string): Promise<FileStamp | undefined> {
  const main = await stat(path, { bigint: true }).catch(() => undefined);
  if (!main) return undefined;
  const wal = await stat(`${path}-wal`, { bigint: true }).catch(() => undefined);
  const log = wal && wal.size > 0n ? `${wal.size}-${wal.mtimeNs}` : '';
  return { inode: `${main.dev}-${main.ino}`, content: `${main.size}-${main.mtimeNs}-${log}` };
}
