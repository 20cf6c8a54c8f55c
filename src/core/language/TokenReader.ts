/** A place in a list of tokens, and the small steps that every reader takes from there. It knows no grammar. */
import { unquoteIdentifier } from '../sql/quote.js';
import { type Token } from '../sql/tokenize.js';
import { type Name } from './syntax.js';

export class TokenReader {
  at = 0;

  /** @param tokens without white space and comments. */
  constructor(readonly tokens: readonly Token[]) {}

  get isAtEnd(): boolean {
    return this.at >= this.tokens.length;
  }

  get token(): Token | undefined {
    return this.tokens[this.at];
  }

  /** Upper case of the token `ahead` places further; empty behind the end. Quoted names never equal a keyword. */
  word(ahead = 0): string {
    return this.tokens[this.at + ahead]?.text.toUpperCase() ?? '';
  }

  /** Takes the token when it is one of the words. */
  take(...words: readonly string[]): boolean {
    if (!words.includes(this.word())) return false;
    this.at++;
    return true;
  }

  /** Takes the words when they stand here one behind the other. */
  takeAll(...words: readonly string[]): boolean {
    if (!words.every((word, ahead) => this.word(ahead) === word)) return false;
    this.at += words.length;
    return true;
  }

  isIdentifier(ahead = 0): boolean {
    return this.tokens[this.at + ahead]?.kind === 'identifier';
  }

  /** Takes a name: an identifier, or a text in single quotes where SQLite allows one. */
  takeName(): Name | undefined {
    const token = this.token;
    if (token?.kind !== 'identifier') return undefined;
    this.at++;
    return nameOf(token);
  }

  /** Behind a dot a keyword is a name too, when nothing separates them. */
  takeNameBehindDot(): Name | undefined {
    const dot = this.tokens[this.at - 1];
    const token = this.token;
    const touches = token !== undefined && token.start === dot?.end;
    if (token?.kind !== 'identifier' && !(token?.kind === 'keyword' && touches)) return undefined;
    this.at++;
    return nameOf(token);
  }

  /** Offset where the token begins, or where the last one ended. */
  get offset(): number {
    return this.token?.start ?? this.end;
  }

  /** Offset behind the token that was taken last. */
  get end(): number {
    return this.tokens[this.at - 1]?.end ?? this.tokens[0]?.start ?? 0;
  }

  /** Steps over a group in parentheses, when one begins here. */
  skipGroup(): void {
    if (this.word() !== '(') return;
    let depth = 0;
    while (!this.isAtEnd) {
      const word = this.word();
      this.at++;
      if (word === '(') depth++;
      if (word === ')' && --depth === 0) return;
    }
  }
}

export function nameOf(token: Token): Name {
  return { name: unquoteIdentifier(token.text), start: token.start, end: token.end, doubleQuoted: token.text.startsWith('"') };
}
