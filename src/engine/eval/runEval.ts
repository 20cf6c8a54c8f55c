/** Asks every question of a set and appends the predictions; questions already in the file are skipped. Scores nothing. */
import { isFault } from '../../core/eval/predictionLines.js';
import { type EvalItem, type PredictionRow } from '../../core/eval/types.js';
import { type CancellationToken, throwIfCancelled } from '../../core/shared/cancellation.js';
import { type Clock } from '../../core/shared/clock.js';
import { type ErrorCode, JoineryError } from '../../core/shared/errors.js';
import { type Asker } from './askers.js';
import { type PredictionFile } from './predictionFile.js';

export interface EvalProgress {
  readonly done: number;
  readonly total: number;
  readonly row: PredictionRow;
  /** Milliseconds until the end at the pace of this run so far. */
  readonly remainingMs: number;
}

/** So many faults in a row are no accident of single questions. */
const mostFaults = 5;

export async function runEval(
  items: readonly EvalItem[],
  ask: Asker,
  file: PredictionFile,
  options: { readonly now: Clock; readonly token: CancellationToken; readonly onProgress: (progress: EvalProgress) => void },
): Promise<readonly PredictionRow[]> {
  const known = new Map(file.rows.map((row) => [row.id, row]));
  const open = items.filter((item) => !known.has(item.id));
  const started = options.now();
  let faults = 0;
  for (const [at, item] of open.entries()) {
    throwIfCancelled(options.token);
    const row = await ask(item, options.token);
    await file.append(row);
    known.set(row.id, row);
    faults = isFault(row) ? faults + 1 : 0;
    if (faults >= mostFaults) throw new JoineryError(row.refusal as ErrorCode, { question: row.question });
    const left = open.length - at - 1;
    const pace = (options.now() - started) / (at + 1);
    options.onProgress({ done: items.length - left, total: items.length, row, remainingMs: Math.round(pace * left) });
  }
  await file.finish();
  return items.flatMap((item) => known.get(item.id) ?? []);
}
