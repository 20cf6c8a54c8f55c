/**
 * Which pairs would be shown with which question, best first, for the trainer: it chooses which pairs are worth keeping and has to know what
 * each choice changes. No model is loaded and nothing is run.
 */
import { readFile } from 'node:fs/promises';
import { type EvalItem } from '../../core/eval/types.js';
import { type Demonstration } from '../../core/nl2sql/types.js';
import { type CancellationToken, throwIfCancelled } from '../../core/shared/cancellation.js';
import { JoineryError } from '../../core/shared/errors.js';
import { defaultSteps } from '../ask/askSteps.js';
import { likeDemonstrations } from '../ask/prepareAsk.js';
import { pairId } from '../ask/demonstrationStore.js';
import { type Catalogue } from '../catalogue/types.js';

export interface AlikeLine {
  readonly id: string;
  /** Ids of the pairs that are alike enough to be shown, best first; never the question itself. */
  readonly alike: readonly string[];
}

const indexWaitMs = 120_000;

/** One line for each question. The pairs are those of the questions' database. */
export async function* alikePairs(
  catalogue: Catalogue,
  items: readonly EvalItem[],
  pairs: readonly Demonstration[],
  token: CancellationToken,
): AsyncGenerator<AlikeLine> {
  for (const item of items) {
    throwIfCancelled(token);
    const opened = await catalogue.open(item.database, token);
    await opened.whenIndexed(indexWaitMs, token);
    yield { id: item.id, alike: likeDemonstrations(opened, item.question, defaultSteps, pairs).map(pairId) };
  }
}

/** Pairs from JSON lines with `question` and `sql`. Throws `file.missing`, and `config.invalid` for a line that is no pair. */
export async function readGivenPairs(path: string): Promise<readonly Demonstration[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new JoineryError('file.missing', { path }, error);
  }
  return text.split('\n').flatMap((line, at) => {
    if (line.trim() === '') return [];
    const pair = parseGiven(line);
    if (!pair) throw new JoineryError('config.invalid', { path: `${path}:${at + 1}`, detail: 'not a pair' });
    return [pair];
  });
}

function parseGiven(line: string): Demonstration | undefined {
  try {
    const { question, sql } = JSON.parse(line) as Record<string, unknown>;
    return typeof question === 'string' && typeof sql === 'string' ? { question, sql } : undefined;
  } catch {
    return undefined; // Reported by the caller with its line number.
  }
}
