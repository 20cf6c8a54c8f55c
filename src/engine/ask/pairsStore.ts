/**
 * The user's question and SQL pairs in `.joinery/pairs.jsonl`. Reading never fails on a broken line; it is skipped and reported, and
 * writing keeps it. It asks nobody: consent is the business of the face that writes.
 */
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import path, { dirname, join } from 'node:path';
import { type Demonstration } from '../../core/nl2sql/types.js';
import { type Logger } from '../../core/shared/logger.js';
import { writeWhole } from '../catalogue/writeWhole.js';

/** `accepted` as it was shown, `edited` afterwards by the user, `corrected` when another answer was taken instead of the first. */
export type PairKind = 'accepted' | 'edited' | 'corrected';

export interface AcceptedPair extends Demonstration {
  /** Absolute path of the database; in the file relative to the folder of the store when inside it, so that a team can share the file. */
  readonly database: string;
  /** Absent in lines of older versions: accepted. */
  readonly kind?: PairKind;
  /** What the model had said first, when the user took or wrote something else. */
  readonly answered?: string;
}

const kinds: readonly string[] = ['accepted', 'edited', 'corrected'] satisfies readonly PairKind[];

export function pairsFile(folder: string): string {
  return join(folder, '.joinery', 'pairs.jsonl');
}

/** Pairs of one database; none when there is no file. */
export async function readPairs(folder: string, database: string, log: Logger): Promise<AcceptedPair[]> {
  const wanted = path.resolve(database);
  return (await listPairs(folder, log)).filter((pair) => pair.database === wanted);
}

/** Pairs of all databases in the order of the file. */
export async function listPairs(folder: string, log: Logger): Promise<AcceptedPair[]> {
  return (await readLines(folder)).flatMap((line, at) => {
    if (line.trim() === '') return [];
    const pair = parsePair(line, folder);
    if (!pair) log.log('warn', 'ask', `line ${at + 1} of pairs.jsonl is not a pair and was skipped`);
    return pair ? [pair] : [];
  });
}

/** Adds one pair; an older answer to the same question on the same database makes way for it. Callers ask the user for consent first. */
export async function storePair(folder: string, pair: AcceptedPair): Promise<void> {
  const lines = await readLines(folder);
  const kept = lines.filter((line) => !isAbout(parsePair(line, folder), pair));
  const text = lineOf(pair, folder);
  if (kept.length !== lines.length) return writeWhole(pairsFile(folder), kept.map((line) => `${line}\n`).join('') + text);
  const file = pairsFile(folder);
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, text);
}

/** Takes pairs out, those of the same question on the same database; says how many lines went. */
export async function removePairs(folder: string, pairs: readonly AcceptedPair[]): Promise<number> {
  const lines = await readLines(folder);
  const kept = lines.filter((line) => {
    const known = parsePair(line, folder);
    return !pairs.some((pair) => isAbout(known, pair));
  });
  if (kept.length !== lines.length) await writeWhole(pairsFile(folder), kept.map((line) => `${line}\n`).join(''));
  return lines.length - kept.length;
}

function isAbout(known: AcceptedPair | undefined, pair: AcceptedPair): boolean {
  return known?.question === pair.question && known.database === path.resolve(pair.database);
}

/** Without the empty one behind the last line break; none when there is no file. */
async function readLines(folder: string): Promise<string[]> {
  try {
    return (await readFile(pairsFile(folder), 'utf8')).split('\n').filter((line) => line !== '');
  } catch {
    return []; // No store yet: nothing was accepted.
  }
}

function lineOf({ question, sql, database, kind, answered }: AcceptedPair, folder: string): string {
  const more = { ...(kind === undefined ? {} : { kind }), ...(answered === undefined ? {} : { answered }) };
  return `${JSON.stringify({ question, sql, database: storedPath(database, folder), ...more })}\n`;
}

function parsePair(line: string, folder: string): AcceptedPair | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return undefined;
    const { question, sql, database, kind, answered } = value as Record<string, unknown>;
    if (typeof question !== 'string' || typeof sql !== 'string' || typeof database !== 'string') return undefined;
    return {
      question,
      sql,
      database: path.resolve(folder, database),
      ...(isKind(kind) ? { kind } : {}),
      ...(typeof answered === 'string' ? { answered } : {}),
    };
  } catch {
    return undefined; // Reported by the caller with its line number.
  }
}

function storedPath(database: string, folder: string): string {
  const relative = path.relative(folder, database);
  return relative.startsWith('..') || path.isAbsolute(relative) ? database : relative.split(path.sep).join('/');
}

function isKind(value: unknown): value is PairKind {
  return typeof value === 'string' && kinds.includes(value);
}
