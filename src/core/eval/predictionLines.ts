/** Prediction files as text: one JSON object a line, the header first. A last line cut off by a crash is dropped, never guessed. */
import { type PredictionHeader, type PredictionLine, type PredictionRow } from './types.js';

export interface PredictionSet {
  readonly header: PredictionHeader | undefined;
  /** The first row of an id counts. */
  readonly rows: readonly PredictionRow[];
  /** Lines that are not whole JSON objects of a known kind. */
  readonly damaged: number;
}

export function parsePredictions(text: string): PredictionSet {
  let header: PredictionHeader | undefined;
  let damaged = 0;
  const rows = new Map<string, PredictionRow>();
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const parsed = parseLine(line);
    if (parsed === undefined) damaged++;
    else if (parsed.kind === 'header') header ??= parsed;
    else if (!rows.has(parsed.id)) rows.set(parsed.id, parsed);
  }
  return { header, rows: [...rows.values()], damaged };
}

export function formatPrediction(line: PredictionLine): string {
  return `${JSON.stringify(line)}\n`;
}

/** True when the machinery failed instead of the answer: such a question deserves another try. */
export function isFault(row: PredictionRow): boolean {
  return row.refusal !== undefined && !row.refusal.startsWith('ask.');
}

function parseLine(line: string): PredictionLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // Counted by the caller: a torn line is an expected state of a file whose writer was killed.
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('kind' in value)) return undefined;
  if (value.kind === 'header' && 'format' in value && value.format === 1) return value as PredictionHeader;
  if (value.kind === 'prediction' && 'id' in value && typeof value.id === 'string' && 'sql' in value && typeof value.sql === 'string')
    return value as PredictionRow;
  return undefined;
}
