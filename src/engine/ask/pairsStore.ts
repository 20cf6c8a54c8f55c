/** The user's accepted question and SQL pairs in `.joinery/pairs.jsonl`. Reading never fails on a broken line; it is skipped and reported. */
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Demonstration } from '../../core/nl2sql/types.js';
import { type Logger } from '../../core/shared/logger.js';

export interface AcceptedPair extends Demonstration {
  /** Path of the database, relative to the folder of the store when inside it. */
  readonly database: string;
}

export function pairsFile(folder: string): string {
  return join(folder, '.joinery', 'pairs.jsonl');
}

/** Pairs of one database; none when there is no file. */
export async function readPairs(folder: string, database: string, log: Logger): Promise<AcceptedPair[]> {
  let text: string;
  try {
    text = await readFile(pairsFile(folder), 'utf8');
  } catch {
    return []; // No store yet: nothing was accepted.
  }
  return text.split('\n').flatMap((line, at) => {
    if (line.trim() === '') return [];
    const pair = parsePair(line);
    if (!pair) log.log('warn', 'ask', `line ${at + 1} of pairs.jsonl is not a pair and was skipped`);
    return pair?.database === database ? [pair] : [];
  });
}

/** Adds one pair. Callers ask the user for consent first. */
export async function appendPair(folder: string, pair: AcceptedPair): Promise<void> {
  const file = pairsFile(folder);
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, `${JSON.stringify({ question: pair.question, sql: pair.sql, database: pair.database })}\n`);
}

function parsePair(line: string): AcceptedPair | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return undefined;
    const { question, sql, database } = value as Record<string, unknown>;
    if (typeof question !== 'string' || typeof sql !== 'string' || typeof database !== 'string') return undefined;
    return { question, sql, database };
  } catch {
    return undefined; // Reported by the caller with its line number.
  }
}
