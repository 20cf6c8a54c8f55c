/** The last few grammars as matchers: repairs and samples of one question use the same, with everything it has learned. */
import { compileGrammar } from '../core/grammar/compileGrammar.js';
import { type GrammarMatcher } from '../core/grammar/types.js';

export class GrammarCache {
  readonly #matchers = new Map<string, GrammarMatcher>();

  constructor(private readonly most = 8) {}

  /** Throws `internal` when the grammar is malformed. */
  get(grammar: string): GrammarMatcher {
    const known = this.#matchers.get(grammar) ?? compileGrammar(grammar);
    this.#matchers.delete(grammar);
    this.#matchers.set(grammar, known);
    for (const oldest of this.#matchers.keys()) {
      if (this.#matchers.size <= this.most) break;
      this.#matchers.delete(oldest);
    }
    return known;
  }
}
