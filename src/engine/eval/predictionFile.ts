/**
 * A prediction file on disk: read whole, then appended row by row so that a killed run loses at most the row being written. Names ending
 * in `.gz` are gzip: rows are appended as members of their own and joined into one when the run is finished.
 */
import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { formatPrediction, isFault, parsePredictions, type PredictionSet } from '../../core/eval/predictionLines.js';
import { type PredictionHeader, type PredictionRow } from '../../core/eval/types.js';
import { JoineryError } from '../../core/shared/errors.js';

/** Throws `file.missing` when there is no such file. */
export async function readPredictions(path: string): Promise<PredictionSet> {
  const text = await readText(path);
  if (text === undefined) throw new JoineryError('file.missing', { path });
  return parsePredictions(text);
}

export class PredictionFile {
  readonly #path: string;
  readonly #rows: PredictionRow[];

  private constructor(
    path: string,
    readonly header: PredictionHeader,
    rows: readonly PredictionRow[],
  ) {
    this.#path = path;
    this.#rows = [...rows];
  }

  /** Continues the file when it is there; questions that ended in a fault are open again. Throws `config.invalid` when it was made with other settings. */
  static async open(path: string, header: PredictionHeader): Promise<PredictionFile> {
    await mkdir(dirname(path), { recursive: true });
    const text = await readText(path);
    const known = text === undefined ? undefined : parsePredictions(text);
    const difference = known?.header ? differenceOf(known.header, header) : undefined;
    if (difference !== undefined)
      throw new JoineryError('config.invalid', { path, detail: `the predictions there were made with other settings (${difference})` });
    // A continued run may take more questions; its beginning stays the date of the file.
    const file = new PredictionFile(
      path,
      { ...header, date: known?.header?.date ?? header.date },
      known?.rows.filter((row) => !isFault(row)) ?? [],
    );
    await file.#rewrite();
    return file;
  }

  get rows(): readonly PredictionRow[] {
    return this.#rows;
  }

  async append(row: PredictionRow): Promise<void> {
    this.#rows.push(row);
    const text = formatPrediction(row);
    await appendFile(this.#path, isCompressed(this.#path) ? gzipSync(text) : text);
  }

  async finish(): Promise<void> {
    if (isCompressed(this.#path)) await this.#rewrite();
  }

  async #rewrite(): Promise<void> {
    const text = [this.header, ...this.#rows].map(formatPrediction).join('');
    const temporary = `${this.#path}.${process.pid}.tmp`;
    await writeFile(temporary, isCompressed(this.#path) ? gzipSync(text, { level: 9 }) : text);
    await rename(temporary, this.#path);
  }
}

function isCompressed(path: string): boolean {
  return path.endsWith('.gz');
}

async function readText(path: string): Promise<string | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  if (!isCompressed(path)) return bytes.toString('utf8');
  // A killed writer leaves half a member: what came whole before it still counts.
  return bytes.length === 0 ? '' : gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).toString('utf8');
}

/** Settings that must agree for rows to belong to one run. */
function differenceOf(known: PredictionHeader, wanted: PredictionHeader): string | undefined {
  const names = ['set', 'mode', 'model', 'adapter', 'candidates', 'temperature', 'seed', 'promptVersion', 'ranker'] as const;
  const name = names.find((key) => known[key] !== wanted[key]);
  if (name !== undefined) return `${name}: ${known[name] ?? '-'} ≠ ${wanted[name] ?? '-'}`;
  return JSON.stringify(known.steps) === JSON.stringify(wanted.steps) ? undefined : 'steps';
}
