/**
 * Turns the values that a statement compares with into `?` parameters, in order. Values that belong to the statement's shape stay:
 * LIMIT, ordinals, arguments of functions, formats.
 */
import { type Token, tokenize } from '../sql/tokenize.js';

export type ParameterValue = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'number'; readonly text: string };

export interface BoundSql {
  readonly sql: string;
  readonly values: readonly ParameterValue[];
}

const comparisons: ReadonlySet<string> = new Set(['=', '==', '<>', '!=', '<', '<=', '>', '>=', 'LIKE', 'GLOB', 'BETWEEN', 'IS']);

export function bindParameters(sql: string): BoundSql {
  const values: ParameterValue[] = [];
  const binder = new Binder();
  const parts = tokenize(sql).map((token) => {
    const value = binder.read(token);
    if (!value) return token.text;
    values.push(value);
    return '?';
  });
  return { sql: parts.join(''), values };
}

/** Reads tokens in order and says which of them are compared values. */
class Binder {
  #previous = '';
  #beforePrevious = '';
  /** One entry per open bracket: whether it is the list of an IN. */
  readonly #brackets: boolean[] = [];
  #betweens = 0;

  read(token: Token): ParameterValue | undefined {
    if (token.kind === 'whitespace' || token.kind === 'comment') return undefined;
    const word = token.text.toUpperCase();
    const value = this.#isCompared() ? valueOf(token) : undefined;
    this.#track(word);
    // A sign belongs to its number: the comparison is still open behind it.
    if (word === '-' && comparisons.has(this.#previous)) return undefined;
    this.#beforePrevious = this.#previous;
    this.#previous = word;
    return value;
  }

  #isCompared(): boolean {
    if (this.#brackets.at(-1) === true) return this.#previous === '(' || this.#previous === ',';
    if (this.#previous === 'AND') return this.#betweens > 0;
    if (this.#previous === 'NOT') return this.#beforePrevious === 'IS';
    return comparisons.has(this.#previous);
  }

  #track(word: string): void {
    if (word === '(') this.#brackets.push(this.#previous === 'IN');
    if (word === ')') this.#brackets.pop();
    if (word === 'BETWEEN') this.#betweens++;
    if (this.#previous === 'AND' && this.#betweens > 0) this.#betweens--;
  }
}

function valueOf(token: Token): ParameterValue | undefined {
  if (token.kind === 'number') return { kind: 'number', text: token.text };
  if (token.kind !== 'string') return undefined;
  return { kind: 'text', text: token.text.slice(1, -1).replaceAll("''", "'") };
}
