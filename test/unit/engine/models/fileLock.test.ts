import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CancellationSource, neverCancelled } from '../../../../src/core/shared/cancellation.js';
import { acquireLock } from '../../../../src/engine/models/fileLock.js';

const times = { pollMs: 5, touchMs: 50, staleMs: 60_000 };
let folder: string;
let lockFile: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'joinery-lock-'));
  lockFile = path.join(folder, 'a.lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

const lock = (onWait = (): void => undefined, token = neverCancelled): ReturnType<typeof acquireLock> =>
  acquireLock(lockFile, token, onWait, times);

describe('acquireLock', () => {
  it('lets one in at a time, in any number', async () => {
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      const held = await lock();
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside--;
      await held.release();
    };
    await Promise.all(Array.from({ length: 20 }, work));
    expect(most).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('tells the one that waits, once', async () => {
    const first = await lock();
    let told = 0;
    let tell: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => (tell = resolve));
    const second = lock(() => {
      told++;
      tell();
    });
    await waiting;
    await first.release();
    await (await second).release();
    expect(told).toBe(1);
  });

  it('can be given up while waiting', async () => {
    const first = await lock();
    const source = new CancellationSource();
    await expect(lock(() => source.cancel(), source.token)).rejects.toMatchObject({ code: 'cancelled' });
    await first.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('takes over from an owner on another machine that was silent for long', async () => {
    writeFileSync(lockFile, JSON.stringify({ pid: 1, host: 'elsewhere', id: 'x' }));
    const old = new Date(Date.now() - 2 * times.staleMs);
    utimesSync(lockFile, old, old);
    await (await lock()).release();
    expect(existsSync(lockFile)).toBe(false);
  });

  it('respects a living owner and leaves a lock that became somebody else’s', async () => {
    const first = await lock();
    writeFileSync(lockFile, JSON.stringify({ pid: process.pid, host: hostname(), id: 'thief' }));
    await first.release();
    expect(existsSync(lockFile)).toBe(true);
  });
});
