/** The run of this workspace as its storage keeps it over reloads. Plain data; what is not of this shape is none. */
import { type RunRecord } from '../../../engine/training/trainingRun.js';
import { type Memory } from '../../services/memory.js';

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

const runKey = 'joinery.trainingRun';

export function readKeptRun(memory: Memory): KeptRun | undefined {
  const kept = memory.get<KeptRun | undefined>(runKey, undefined);
  return typeof kept?.record?.folder === 'string' && Array.isArray(kept.record.choices?.databases) ? kept : undefined;
}

export async function keepRun(memory: Memory, run: KeptRun | undefined): Promise<void> {
  await memory.update(runKey, run);
}
