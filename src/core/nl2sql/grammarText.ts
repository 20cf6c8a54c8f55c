/** Pieces of GBNF text and the collection of rules that a grammar is put together from. It knows no SQL. */

/** A GBNF literal that stands for exactly `text`. */
export function gbnfLiteral(text: string): string {
  const escaped = text.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n').replace(/\r/g, '\\r').replace(/\t/g, '\\t');
  return `"${escaped}"`;
}

export class GrammarRules {
  private readonly rules = new Map<string, string>();

  /** Defines a rule once and returns its name; alternatives that are '' are left out. */
  rule(name: string, ...alternatives: readonly string[]): string {
    this.rules.set(name, alternatives.filter((alternative) => alternative !== '').join(' | '));
    return name;
  }

  /** The name of an empty mark rule (see core/grammar/types.ts). */
  mark(name: string): string {
    this.rules.set(name, '""');
    return name;
  }

  has(name: string): boolean {
    return this.rules.has(name);
  }

  text(): string {
    return [...this.rules].map(([name, body]) => `${name} ::= ${body}\n`).join('');
  }
}
