/**
 * Outcomes by database, state of its data and question. Small: it serves the keystrokes around one suggestion and the way back
 * with undo, not a history.
 */
import { type AskOutcome } from '../../engine/ask/types.js';

export interface CacheKey {
  readonly database: string;
  /** Changes with schema and data, so that an answer never outlives what it was checked on. */
  readonly stamp: string;
  readonly question: string;
  readonly begun?: string;
  readonly previous?: string;
  readonly failed?: string;
  readonly candidates: number;
}

const capacity = 50;

export class AnswerCache {
  readonly #outcomes = new Map<string, AskOutcome>();

  get(key: CacheKey): AskOutcome | undefined {
    const text = textOf(key);
    const found = this.#outcomes.get(text);
    if (!found) return undefined;
    // Used again: to the young end, so that the oldest unused entry leaves first.
    this.#outcomes.delete(text);
    this.#outcomes.set(text, found);
    return found;
  }

  set(key: CacheKey, outcome: AskOutcome): void {
    const text = textOf(key);
    this.#outcomes.delete(text);
    this.#outcomes.set(text, outcome);
    const oldest = this.#outcomes.keys().next();
    if (this.#outcomes.size > capacity && !oldest.done) this.#outcomes.delete(oldest.value);
  }

  clear(): void {
    this.#outcomes.clear();
  }
}

function textOf({ database, stamp, question, begun, previous, failed, candidates }: CacheKey): string {
  return JSON.stringify([
    database,
    stamp,
    question.trim().replace(/\s+/g, ' '),
    begun ?? null,
    previous ?? null,
    failed ?? null,
    candidates,
  ]);
}
