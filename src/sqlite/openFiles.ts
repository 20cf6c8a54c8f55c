/**
 * Which files this process has open as databases. POSIX drops every lock of a process on a file when any descriptor of it is closed
 * (https://www.sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_). So whoever looks into
 * a file without SQLite does it here: the descriptor of a file that is open as a database stays open until the last connection has
 * ended, as SQLite itself does it. The list belongs to the process because the locks do.
 */
import { closeSync, constants, fstat, open, read } from 'node:fs';
import { promisify } from 'node:util';

const counts = new Map<string, number>();
/** Descriptors that wait for the last connection to the file to end. */
const waiting = new Map<string, number[]>();

/** Device and number of a file. */
export function fileIdentity(facts: { readonly dev: bigint; readonly ino: bigint }): string {
  return `${facts.dev}-${facts.ino}`;
}

/** Called before SQLite opens the file, so that no look at it can end in between. */
export function noteOpened(identity: string): void {
  counts.set(identity, (counts.get(identity) ?? 0) + 1);
}

/** Called when SQLite has closed the file, or could not open it. */
export function noteClosed(identity: string): void {
  const left = (counts.get(identity) ?? 0) - 1;
  if (left > 0) {
    counts.set(identity, left);
    return;
  }
  counts.delete(identity);
  for (const descriptor of waiting.get(identity) ?? []) closeSync(descriptor);
  waiting.delete(identity);
}

export function isOpenHere(identity: string): boolean {
  return counts.has(identity);
}

export interface FileStart {
  /** Up to as many bytes as were asked for. */
  readonly bytes: Buffer;
  /** Bytes of the whole file. */
  readonly size: number;
}

/** Reads the first bytes of a file that may be open as a database. Never waits for the writer of a pipe. Throws the file system's error. */
export async function readFileStart(path: string, length: number): Promise<FileStart> {
  const descriptor = await promisify(open)(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  let identity: string | undefined;
  try {
    const facts = await promisify(fstat)(descriptor, { bigint: true });
    identity = fileIdentity(facts);
    const { buffer, bytesRead } = await promisify(read)(descriptor, Buffer.alloc(length), 0, length, 0);
    return { bytes: buffer.subarray(0, bytesRead), size: Number(facts.size) };
  } finally {
    release(descriptor, identity);
  }
}

/** In one step with the look at the list: nobody can open the file in between. */
function release(descriptor: number, identity: string | undefined): void {
  if (identity === undefined || !isOpenHere(identity)) closeSync(descriptor);
  else waiting.set(identity, [...(waiting.get(identity) ?? []), descriptor]);
}
