/**
 * A lock file that keeps two processes from writing the same download. The owner touches it while it works; a lock whose
 * process is gone, or that nobody touched for long, is taken over. Works between processes of one machine and, by age
 * alone, on shared folders.
 */
import { randomUUID } from 'node:crypto';
import { link, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type CancellationToken, throwIfCancelled } from '../../core/shared/cancellation.js';

export interface LockTimes {
  readonly pollMs: number;
  readonly touchMs: number;
  /** A lock untouched for longer is taken over. */
  readonly staleMs: number;
}

export const defaultLockTimes: LockTimes = { pollMs: 200, touchMs: 5_000, staleMs: 60_000 };

interface LockOwner {
  readonly pid: number;
  readonly host: string;
  readonly id: string;
}

export interface HeldLock {
  release(): Promise<void>;
}

/** Waits until the lock is free and takes it. `onWait` is called once when somebody else has it. Throws `cancelled`. */
export async function acquireLock(path: string, token: CancellationToken, onWait: () => void, times = defaultLockTimes): Promise<HeldLock> {
  let waited = false;
  for (;;) {
    throwIfCancelled(token);
    const id = randomUUID();
    if (await tryCreate(path, { pid: process.pid, host: hostname(), id })) {
      await sweep(path);
      return hold(path, id, times);
    }
    if (await removeStale(path, times)) continue;
    if (!waited) onWait();
    waited = true;
    await delay(times.pollMs);
  }
}

async function tryCreate(path: string, owner: LockOwner): Promise<boolean> {
  // Written aside and linked, so that nobody ever reads a lock without its owner.
  const draft = asideName(path, owner.id);
  const file = await open(draft, 'wx');
  await file.writeFile(JSON.stringify(owner));
  await file.close();
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    // The draft may be swept away by a process of another machine, to which this one's id means nothing.
    if (isCode(error, 'EEXIST') || isCode(error, 'ENOENT')) return false;
    if (['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].some((code) => isCode(error, code))) return createWithoutLinks(path, owner);
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Files beside the lock belong to one process for a moment; its id in the name tells whose it was. */
function asideName(path: string, id: string): string {
  return `${path}.${process.pid}.${id}`;
}

/** Removes what killed processes left beside the lock. */
async function sweep(path: string): Promise<void> {
  const prefix = `${basename(path)}.`;
  for (const name of await readdir(dirname(path)).catch(() => [])) {
    const pid = name.startsWith(prefix) ? /^(\d+)\.[0-9a-f-]{36}$/.exec(name.slice(prefix.length))?.[1] : undefined;
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(dirname(path), name), { force: true });
  }
}

/** For file systems without hard links, such as exFAT: a reader may see the lock before its owner is in it, and then waits. */
async function createWithoutLinks(path: string, owner: LockOwner): Promise<boolean> {
  try {
    await writeFile(path, JSON.stringify(owner), { flag: 'wx' });
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

function hold(path: string, id: string, times: LockTimes): HeldLock {
  const touch = (): void => {
    const now = new Date();
    // A failed touch only lets the lock look old; the checksum at the end still protects the file.
    utimes(path, now, now).catch(() => undefined);
  };
  const timer = setInterval(touch, times.touchMs);
  timer.unref();
  return {
    async release() {
      clearInterval(timer);
      if ((await readOwner(path))?.id === id) await rm(path, { force: true });
    },
  };
}

async function readOwner(path: string): Promise<LockOwner | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as LockOwner;
  } catch {
    // Gone or unreadable: nobody's lock.
    return undefined;
  }
}

async function isStale(path: string, owner: LockOwner | undefined, times: LockTimes): Promise<boolean> {
  const facts = await stat(path).catch(() => undefined);
  if (!facts) return false;
  if (owner?.host === hostname() && !isAlive(owner.pid)) return true;
  return Date.now() - facts.mtimeMs > times.staleMs;
}

/** True when a stale lock was taken away. */
async function removeStale(path: string, times: LockTimes): Promise<boolean> {
  const owner = await readOwner(path);
  if (!(await isStale(path, owner, times))) return false;
  const aside = asideName(path, randomUUID());
  const moved = await rename(path, aside).then(
    () => true,
    () => false,
  );
  if (!moved) return true;
  const taken = await readOwner(aside);
  // Somebody replaced the stale lock in between: put the living one back.
  if (taken?.id !== owner?.id) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
  return true;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
