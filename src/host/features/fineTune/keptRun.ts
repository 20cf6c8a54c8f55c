/**
 * The run of this workspace, in a file of the workspace's storage: VS Code's own memory is written now and then, and in a browser it belongs to
 * the browser, while the trainer runs where the workspace is. Plain data; what is not of this shape is none.
 */
import { readFile } from 'node:fs/promises';
import { writeWhole } from '../../../engine/catalogue/writeWhole.js';
import { type RunRecord } from '../../../engine/training/trainingRun.js';

export interface KeptRun {
  readonly record: RunRecord;
  /** Questions that were collected to learn from. */
  readonly accepted: number;
  /** Questions that were collected to measure with. */
  readonly tests: number;
  /** The user was told how it ended. */
  readonly isTold: boolean;
  /** Its adapter is on the shelf. */
  readonly isAccepted: boolean;
}

export async function readKeptRun(file: string): Promise<KeptRun | undefined> {
  try {
    const kept = JSON.parse(await readFile(file, 'utf8')) as KeptRun | null;
    return typeof kept?.record?.folder === 'string' && Array.isArray(kept.record.choices?.databases) ? kept : undefined;
  } catch {
    return undefined; // No run yet, or none that this version understands.
  }
}

export async function keepRun(file: string, run: KeptRun): Promise<void> {
  await writeWhole(file, JSON.stringify(run, undefined, 2));
}
