/**
 * What may be shown as examples of a database: the pairs that its user accepted, less those that a measurement left out, and how many at once.
 * The measurement is the trainer's (`.joinery/demonstrations.json`); it is read here and never written. Pairs accepted since then take part.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path, { join } from 'node:path';
import { usualDemonstrations } from '../../core/nl2sql/demonstrations.js';
import { type Demonstration } from '../../core/nl2sql/types.js';
import { type Logger } from '../../core/shared/logger.js';
import { readPairs } from './pairsStore.js';

export interface DemonstrationStore {
  readonly pairs: readonly Demonstration[];
  /** At most so many are shown for one question; 0 shows none. */
  readonly most: number;
}

/** More would not fit beside a schema. */
const largestMost = 8;

export function demonstrationsFile(folder: string): string {
  return join(folder, '.joinery', 'demonstrations.json');
}

/** Names a pair by its content, so that it stays the same pair wherever the file of pairs moves it. */
export function pairId({ question, sql }: Demonstration): string {
  return createHash('sha256').update(`${question}\n${sql}`).digest('hex').slice(0, 16);
}

/** Never throws for a bad file: it is reported, and all pairs take part. */
export async function readDemonstrations(folder: string, database: string, log: Logger): Promise<DemonstrationStore> {
  const pairs = await readPairs(folder, database, log);
  const choice = pairs.length === 0 ? undefined : await readChoice(folder, database, log);
  if (!choice) return { pairs, most: usualDemonstrations };
  const isShown = (pair: Demonstration): boolean => choice.pairs.has(pairId(pair)) || !choice.measured.has(pairId(pair));
  return { pairs: pairs.filter(isShown), most: Math.min(choice.most, largestMost) };
}

interface Choice {
  readonly most: number;
  readonly pairs: ReadonlySet<string>;
  readonly measured: ReadonlySet<string>;
}

async function readChoice(folder: string, database: string, log: Logger): Promise<Choice | undefined> {
  const file = demonstrationsFile(folder);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return undefined; // Nothing was measured.
  }
  try {
    return choiceOf(JSON.parse(text) as unknown, folder, path.resolve(database));
  } catch (error) {
    log.log('warn', 'ask', `${file} was left out`, error);
    return undefined;
  }
}

function choiceOf(value: unknown, folder: string, database: string): Choice | undefined {
  const { format, databases } = value as Record<string, unknown>;
  if (format !== 1 || !Array.isArray(databases)) throw new Error('not demonstrations of format 1');
  const entries = databases as readonly Record<string, unknown>[];
  const entry = entries.find((one) => typeof one['database'] === 'string' && path.resolve(folder, one['database']) === database);
  if (!entry) return undefined;
  const { most, pairs, measured } = entry;
  if (typeof most !== 'number' || !Number.isInteger(most) || most < 0) throw new Error('most is not a count');
  if (!Array.isArray(pairs) || !Array.isArray(measured)) throw new Error('pairs and measured are not lists');
  return { most, pairs: new Set(pairs as string[]), measured: new Set(measured as string[]) };
}
