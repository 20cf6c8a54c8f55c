/** Choices that look drawn at random and follow from a seed alone: the same seed gives the same training data on every machine. */
import { hashText } from '../../core/shared/hash.js';

/** The items in an order of their own for each seed; `nameOf` tells items apart. */
export function shuffled<T>(items: readonly T[], seed: string, nameOf: (item: T) => string): T[] {
  // Hashed twice: names that differ in their last letter alone would keep their order otherwise.
  const keys = new Map(items.map((item) => [item, hashText(hashText(`${seed}\u0000${nameOf(item)}`))]));
  const keyOf = (item: T): string => keys.get(item) ?? '';
  return [...items].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
}

/** A number from 0 up to, without, 1. */
export function drawn(seed: string): number {
  return Number.parseInt(hashText(hashText(seed)).slice(0, 8), 16) / 2 ** 32;
}
