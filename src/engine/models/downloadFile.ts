/**
 * One HTTP download into one file, resumed where an earlier try stopped. Knows nothing about models: whether the bytes are
 * the right ones is decided by the caller's checksum.
 */
import { open, stat, type FileHandle } from 'node:fs/promises';
import { type CancellationToken } from '../../core/shared/cancellation.js';
import { JoineryError } from '../../core/shared/errors.js';

export interface DownloadOptions {
  readonly url: string;
  /** Bytes already in this file are kept when the server honours the range, else written again. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Size of the whole file; 0 when unknown. */
  readonly totalBytes: number;
  /** Milliseconds until the response headers must be there, redirects included. */
  readonly connectTimeoutMs: number;
  /** Milliseconds without a byte after which the download counts as broken. */
  readonly stallTimeoutMs: number;
  readonly token: CancellationToken;
  /** Told the size of the file so far. */
  onBytes?(received: number): void;
}

/** Why a source could not be used; the store turns the last one into a `model.downloadFailed`. */
export class SourceProblem extends Error {
  constructor(
    readonly reason: 'unreachable' | 'status' | 'broken' | 'malformed',
    readonly detail: string,
    cause?: unknown,
  ) {
    super(`${reason}: ${detail}`, { cause });
    this.name = 'SourceProblem';
  }
}

/** `fetch` with a deadline for the headers and a signal that cancellation, deadline and stalls share. */
class TimedRequest {
  readonly #controller = new AbortController();
  readonly #unsubscribe;
  #timer: NodeJS.Timeout | undefined;
  #timedOut = false;

  constructor(readonly token: CancellationToken) {
    this.#unsubscribe = token.onCancellationRequested(() => this.#controller.abort());
    if (token.isCancellationRequested) this.#controller.abort();
  }

  expectWithin(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timedOut = true;
      this.#controller.abort();
    }, milliseconds);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** What an exception of fetch or of the body means. */
  explain(cause: unknown, reason: 'unreachable' | 'broken'): Error {
    if (this.token.isCancellationRequested) return new JoineryError('cancelled', {}, cause);
    if (cause instanceof JoineryError || cause instanceof SourceProblem) return cause;
    if (this.#timedOut) return new SourceProblem(reason, 'no answer in time', cause);
    return new SourceProblem(reason, networkDetail(cause), cause);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#unsubscribe.dispose();
    this.#controller.abort();
  }
}

function networkDetail(error: unknown): string {
  const cause: unknown = error instanceof Error ? (error.cause ?? error) : error;
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message;
  return String(cause);
}

/** A small text answer, such as an index page. Throws `SourceProblem` or `cancelled`. */
export async function downloadText(
  options: Omit<DownloadOptions, 'target' | 'totalBytes'>,
): Promise<{ text: string; url: string; type: string }> {
  const request = new TimedRequest(options.token);
  try {
    request.expectWithin(options.connectTimeoutMs);
    const response = await fetch(options.url, { headers: { ...options.headers }, signal: request.signal });
    if (!response.ok) throw new SourceProblem('status', `${response.status} from ${hostOf(response.url)}`);
    request.expectWithin(options.stallTimeoutMs);
    return { text: await response.text(), url: response.url, type: response.headers.get('content-type') ?? '' };
  } catch (cause) {
    throw request.explain(cause, 'unreachable');
  } finally {
    request.dispose();
  }
}

/** Downloads to the end or throws `SourceProblem`, `cancelled` or `model.diskFull`; what arrived stays in the file. */
export async function downloadFile(options: DownloadOptions): Promise<void> {
  const present = await fileSize(options.target);
  if (options.totalBytes > 0 && present === options.totalBytes) return;
  const request = new TimedRequest(options.token);
  const usable = options.totalBytes > 0 && present > options.totalBytes ? 0 : present;
  try {
    request.expectWithin(options.connectTimeoutMs);
    const response = await connect(options, request, usable);
    const from = response.status === 206 ? usable : 0;
    const expected = options.totalBytes || contentEnd(response, from);
    const received = await writeBody(options, request, response, from);
    if (expected > 0 && received !== expected) throw new SourceProblem('broken', `ended after ${received} of ${expected} bytes`);
  } finally {
    request.dispose();
  }
}

async function connect(options: DownloadOptions, request: TimedRequest, from: number): Promise<Response> {
  const range: Record<string, string> = from > 0 ? { range: `bytes=${from}-` } : {};
  try {
    // A compressed transfer would make the byte counts of a resumed file meaningless.
    const headers = { 'accept-encoding': 'identity', ...options.headers, ...range };
    const response = await fetch(options.url, { headers, signal: request.signal });
    const fits = response.status === 206 ? rangeStart(response) === from : response.status === 200;
    if (!fits) throw new SourceProblem('status', `${response.status} from ${hostOf(response.url)}`);
    return response;
  } catch (cause) {
    throw request.explain(cause, 'unreachable');
  }
}

async function writeBody(options: DownloadOptions, request: TimedRequest, response: Response, from: number): Promise<number> {
  const file = await open(options.target, from > 0 ? 'r+' : 'w').catch(throwDiskFull);
  let position = from;
  try {
    request.expectWithin(options.stallTimeoutMs);
    for await (const chunk of response.body ?? []) {
      request.expectWithin(options.stallTimeoutMs);
      position = await writeFully(file, chunk, position);
      options.onBytes?.(position);
    }
    return position;
  } catch (cause) {
    throw request.explain(cause, 'broken');
  } finally {
    await file.close();
  }
}

async function writeFully(file: FileHandle, chunk: Uint8Array, position: number): Promise<number> {
  let written = 0;
  while (written < chunk.length) {
    const { bytesWritten } = await file.write(chunk, written, chunk.length - written, position + written).catch(throwDiskFull);
    written += bytesWritten;
  }
  return position + written;
}

/** Turns the system's words for a full disk into `model.diskFull`; rethrows everything else. */
export function throwDiskFull(cause: unknown): never {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT') throw new JoineryError('model.diskFull', {}, cause);
  throw cause;
}

/** 0 when there is no such file. */
export async function fileSize(path: string): Promise<number> {
  return stat(path).then(
    (facts) => facts.size,
    () => 0,
  );
}

function rangeStart(response: Response): number {
  return Number(/^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1] ?? -1);
}

function contentEnd(response: Response, from: number): number {
  const length = response.headers.get('content-length');
  return length === null ? 0 : from + Number(length);
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
