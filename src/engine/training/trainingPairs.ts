/**
 * Questions with known SQL that a workspace already has: accepted ones, to learn from, and questions written as tests, to measure with. Collected
 * as JSONL that the trainer reads. What cannot serve is counted, not dropped in silence.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readQuestionFile } from '../../core/questionTests/readQuestionFile.js';
import { type AcceptedPair } from '../ask/pairsStore.js';

export interface TrainingPair {
  readonly question: string;
  readonly sql: string;
  /** Absolute path. */
  readonly database: string;
}

export interface CollectedTests {
  readonly pairs: readonly TrainingPair[];
  /** Tests without a statement, or whose file cannot be read. */
  readonly unusable: number;
}

export function acceptedTrainingPairs(pairs: readonly AcceptedPair[], databases: readonly string[]): readonly TrainingPair[] {
  return pairs
    .filter(({ database }) => databases.includes(path.resolve(database)))
    .map(({ question, sql, database }) => ({ question, sql, database: path.resolve(database) }));
}

/** `fallbackOf` names the database of a file whose questions name none. */
export async function testTrainingPairs(
  files: readonly string[],
  databases: readonly string[],
  fallbackOf: (file: string) => string | undefined,
): Promise<CollectedTests> {
  const pairs: TrainingPair[] = [];
  let unusable = 0;
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => undefined); // Deleted since it was found.
    for (const test of text === undefined ? [] : readQuestionFile(text).tests) {
      const database = test.database === '' ? fallbackOf(file) : path.resolve(path.dirname(file), test.database);
      if (database === undefined || !databases.includes(database)) continue;
      if (test.sql === undefined) unusable++;
      else pairs.push({ question: test.question, sql: test.sql, database });
    }
  }
  return { pairs, unusable };
}

/** One JSON object a line, as `read_pairs` of the trainer expects; the same question on the same database once, the last one counts. */
export function pairLines(pairs: readonly TrainingPair[], source: string): string {
  const kept = new Map(pairs.map((pair) => [`${pair.database}\n${pair.question.trim().toLowerCase()}`, pair]));
  const lines = [...kept.values()].map(({ question, sql, database }, at) => ({
    id: `${source}-${at + 1}`,
    question,
    sql,
    db: database,
    source,
  }));
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** Path of the file; undefined when there is nothing to write. */
export async function writePairs(folder: string, name: string, pairs: readonly TrainingPair[]): Promise<string | undefined> {
  if (pairs.length === 0) return undefined;
  const file = path.join(folder, `${name}.jsonl`);
  await writeFile(file, pairLines(pairs, name));
  return file;
}
