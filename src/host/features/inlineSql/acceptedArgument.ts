/** Reads the argument of the command that a taken suggestion runs; anything else is refused, for anybody may call a command. */
import { type AcceptedPair } from '../../../engine/ask/pairsStore.js';

export function acceptedArgument(value: unknown): AcceptedPair | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { question, sql, database, answered } = value as Readonly<Record<string, unknown>>;
  if (typeof question !== 'string' || typeof sql !== 'string' || typeof database !== 'string') return undefined;
  // Another than the first: the user corrected the model.
  return typeof answered === 'string'
    ? { question, sql, database, kind: 'corrected', answered }
    : { question, sql, database, kind: 'accepted' };
}
