/**
 * Questions with known SQL that a workspace already has: accepted ones and questions written as tests. Collected as one JSONL file that the
 * trainer reads. What cannot serve is counted, not dropped in silence.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readQuestionFile } from '../../core/questionTests/readQuestionFile.js';
import { type AcceptedPair } from '../ask/pairsStore.js';

export interface TrainingPair {
  readonly question: string;
  readonly sql: string;
  /** Absolute path. */
  readonly database: string;
  readonly kind: 'accepted' | 'test';
}

export interface CollectedTests {
  readonly pairs: readonly TrainingPair[];
  /** Tests without a statement, or whose file cannot be read. */
  readonly unusable: number;
}

export function acceptedTrainingPairs(pairs: readonly AcceptedPair[], databases: readonly string[]): readonly TrainingPair[] {
  return pairs
    .filter(({ database }) => databases.includes(path.resolve(database)))
    .map(({ question, sql, database }) => ({ question, sql, database: path.resolve(database), kind: 'accepted' }));
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
      else pairs.push({ question: test.question, sql: test.sql, database, kind: 'test' });
    }
  }
  return { pairs, unusable };
}

/** The same question on the same database once: what the user accepted goes before a test. */
export function pairLines(pairs: readonly TrainingPair[]): string {
  const seen = new Set<string>();
  const kept = pairs.filter(({ question, database }) => {
    const key = `${database}\n${question.trim().toLowerCase()}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  return kept.map((pair) => `${JSON.stringify(pair)}\n`).join('');
}
