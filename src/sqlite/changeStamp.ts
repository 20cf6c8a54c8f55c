/** A text that changes whenever schema or data of a database were changed by anyone. */
import { stat } from 'node:fs/promises';
import { type RawConnection } from './rawConnection.js';

/** SQLite's own counters see commits of others, also those in a write-ahead log; the files' marks see a change between two openings. */
export async function readChangeStamp(connection: Pick<RawConnection, 'all'>, path: string): Promise<string> {
  const [data] = await connection.all('PRAGMA data_version');
  const [schema] = await connection.all('PRAGMA schema_version');
  const marks = await Promise.all([path, `${path}-wal`].map(fileMarks));
  return [data?.['data_version'], schema?.['schema_version'], ...marks].join(' ');
}

/**
 * Whether only the files' marks differ, not SQLite's counters: a checkpoint, or a file that was written over without SQLite. Connections that
 * were opened before would not notice the latter, and read old pages and new ones together.
 */
export function isBehindSqlite(before: string, now: string): boolean {
  const counters = (stamp: string): string => stamp.split(' ').slice(0, 2).join(' ');
  return before !== now && counters(before) === counters(now);
}

/** A log that is empty says no more than one that is absent: SQLite makes it for reading alone. */
async function fileMarks(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found && found.size > 0n ? `${found.ino}-${found.size}-${found.mtimeNs}` : '-';
}
