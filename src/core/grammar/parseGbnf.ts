/**
 * Reads GBNF text into expression trees. It covers what llama.cpp's own parser covers: literals and character classes
 * with escapes, groups, `? * + {m,n}`, alternation, comments, and rules that run over several lines. It does not look
 * at scope marks; those are ordinary rules here.
 */
import { JoineryError } from '../shared/errors.js';

/** Inclusive code point range. */
export type CodePointRange = readonly [number, number];

export type GbnfExpression =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'class'; readonly ranges: readonly CodePointRange[] }
  | { readonly kind: 'reference'; readonly name: string }
  | { readonly kind: 'sequence'; readonly items: readonly GbnfExpression[] }
  | { readonly kind: 'choice'; readonly items: readonly GbnfExpression[] }
  | { readonly kind: 'repeat'; readonly item: GbnfExpression; readonly min: number; readonly max: number };

export type GbnfRules = ReadonlyMap<string, GbnfExpression>;

const lastCodePoint = 0x10ffff;
/** llama.cpp refuses higher bounds. */
const highestBound = 2000;
const ruleName = /[A-Za-z0-9-]+/y;
const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '\\': '\\',
  '"': '"',
  '[': '[',
  ']': ']',
  '-': '-',
  '^': '^',
};
const hexLengths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** All rules by name, in order. A malformed grammar is a bug of whoever wrote it and throws `internal` with the place. */
export function parseGbnf(text: string): GbnfRules {
  return new GbnfReader(text).rules();
}

/** The complement of ranges within Unicode. */
function complement(ranges: readonly CodePointRange[]): CodePointRange[] {
  const result: CodePointRange[] = [];
  let next = 0;
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    if (from > next) result.push([next, from - 1]);
    next = Math.max(next, to + 1);
  }
  if (next <= lastCodePoint) result.push([next, lastCodePoint]);
  return result;
}

class GbnfReader {
  private position = 0;

  constructor(private readonly text: string) {}

  rules(): GbnfRules {
    const rules = new Map<string, GbnfExpression>();
    this.skipSpace(true);
    while (this.position < this.text.length) {
      const name = this.name();
      this.skipSpace(false);
      if (!this.text.startsWith('::=', this.position)) this.fail('expected ::=');
      this.position += 3;
      this.skipSpace(true);
      if (rules.has(name)) this.fail(`rule ${name} is given twice`);
      rules.set(name, this.choice(false));
      this.skipSpace(true);
    }
    return rules;
  }

  private fail(reason: string): never {
    const before = this.text.slice(0, this.position);
    const line = before.split('\n').length;
    throw new JoineryError('internal', { reason: `grammar line ${String(line)}: ${reason}` });
  }

  private skipSpace(newlines: boolean): void {
    for (;;) {
      const char = this.text[this.position];
      if (char === '#') {
        const end = this.text.indexOf('\n', this.position);
        this.position = end < 0 ? this.text.length : end;
      } else if (char === ' ' || char === '\t' || (newlines && (char === '\n' || char === '\r'))) {
        this.position += 1;
      } else {
        return;
      }
    }
  }

  private name(): string {
    return this.nameIfAny() ?? this.fail('expected a rule name');
  }

  private nameIfAny(): string | undefined {
    ruleName.lastIndex = this.position;
    if (!ruleName.test(this.text)) return undefined;
    const name = this.text.slice(this.position, ruleName.lastIndex);
    this.position = ruleName.lastIndex;
    return name;
  }

  private choice(nested: boolean): GbnfExpression {
    const items = [this.sequence(nested)];
    while (this.text[this.position] === '|') {
      this.position += 1;
      this.skipSpace(true);
      items.push(this.sequence(nested));
    }
    const first = items[0];
    return items.length === 1 && first !== undefined ? first : { kind: 'choice', items };
  }

  private sequence(nested: boolean): GbnfExpression {
    const items: GbnfExpression[] = [];
    for (;;) {
      const item = this.item();
      if (item === undefined) break;
      items.push(this.repeated(item));
      this.skipSpace(nested);
    }
    const first = items[0];
    return items.length === 1 && first !== undefined ? first : { kind: 'sequence', items };
  }

  private item(): GbnfExpression | undefined {
    const char = this.text[this.position];
    if (char === '"') return this.literal();
    if (char === '[') return this.characterClass();
    if (char === '.') {
      this.position += 1;
      return { kind: 'class', ranges: [[0, lastCodePoint]] };
    }
    if (char === '(') {
      this.position += 1;
      this.skipSpace(true);
      const inner = this.choice(true);
      if (this.text[this.position] !== ')') this.fail('expected )');
      this.position += 1;
      return inner;
    }
    const name = this.nameIfAny();
    return name === undefined ? undefined : { kind: 'reference', name };
  }

  private repeated(item: GbnfExpression): GbnfExpression {
    const char = this.text[this.position];
    if (char === '?' || char === '*' || char === '+') {
      this.position += 1;
      const repeat: GbnfExpression = { kind: 'repeat', item, min: char === '+' ? 1 : 0, max: char === '?' ? 1 : Infinity };
      return this.repeated(repeat);
    }
    if (char !== '{') return item;
    const bounds = /^\{\s*(\d+)\s*(,)?\s*(\d+)?\s*\}/.exec(this.text.slice(this.position, this.position + 40));
    if (bounds === null) return this.fail('malformed repetition');
    const min = Number(bounds[1]);
    const max = bounds[2] === undefined ? min : bounds[3] === undefined ? Infinity : Number(bounds[3]);
    if (min > max || min > highestBound || (max !== Infinity && max > highestBound)) this.fail('repetition out of bounds');
    this.position += bounds[0].length;
    return this.repeated({ kind: 'repeat', item, min, max });
  }

  private literal(): GbnfExpression {
    const start = this.position + 1;
    const end = this.text.indexOf('"', start);
    const plain = this.text.slice(start, end);
    if (end >= 0 && !plain.includes('\\')) {
      this.position = end + 1;
      return { kind: 'literal', text: plain };
    }
    this.position = start;
    let text = '';
    while (this.text[this.position] !== '"') text += String.fromCodePoint(this.codePoint());
    this.position += 1;
    return { kind: 'literal', text };
  }

  private characterClass(): GbnfExpression {
    this.position += 1;
    const negated = this.text[this.position] === '^';
    if (negated) this.position += 1;
    const ranges: CodePointRange[] = [];
    while (this.text[this.position] !== ']') {
      const from = this.codePoint();
      let to = from;
      if (this.text[this.position] === '-' && this.text[this.position + 1] !== ']') {
        this.position += 1;
        to = this.codePoint();
      }
      ranges.push([from, to]);
    }
    this.position += 1;
    return { kind: 'class', ranges: negated ? complement(ranges) : ranges };
  }

  private codePoint(): number {
    const value = this.text.codePointAt(this.position);
    if (value === undefined) return this.fail('the grammar ends inside a literal or class');
    const char = String.fromCodePoint(value);
    this.position += char.length;
    if (char !== '\\') return value;
    const escaped = this.text[this.position] ?? '';
    this.position += 1;
    const hex = hexLengths[escaped];
    if (hex !== undefined) {
      const digits = this.text.slice(this.position, this.position + hex);
      if (!/^[0-9A-Fa-f]+$/.test(digits) || digits.length !== hex) this.fail('malformed escape');
      this.position += hex;
      return parseInt(digits, 16);
    }
    const plain = escapes[escaped];
    if (plain === undefined) return this.fail(`unknown escape \\${escaped}`);
    return plain.charCodeAt(0);
  }
}
