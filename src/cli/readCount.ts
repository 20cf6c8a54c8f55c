/** Option values that are whole numbers. */
import { InvalidArgumentError } from 'commander';

/** 0 or more; anything else is a usage error with commander's sentence. */
export function readCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number, 0 or more.');
  return Number(text);
}
