/**
 * Scoped GBNF: ordinary GBNF (https://github.com/ggml-org/llama.cpp/blob/master/grammars/README.md), readable by llama.cpp
 * itself, in which references to certain empty rules are marks that a scope-aware matcher obeys. Stock llama.cpp
 * sees the same language without scopes, a superset.
 *
 * Marks (tables are small integers; each is declared as `name ::= ""`):
 * - `scope-open` / `scope-close`: a SELECT begins / ends. Scopes nest.
 * - `need-3`: a column of table 3 is used. Before `from-end` it is remembered, after it the table must be joined.
 * - `any-2-5-9`: an unqualified column that tables 2, 5 and 9 have: at least one of them must be joined.
 * - `from-3`: table 3 is the first of FROM. `join-3-7`: table 7 is new and joined onto table 3, which must be there.
 * - `from-end`: FROM is finished: every remembered need must be met.
 */
export interface GrammarMatcher {
  readonly start: GrammarState;
  /** The state after `text`, or undefined when the grammar does not allow it. States are interned: equal means identical. */
  advance(state: GrammarState, text: string): GrammarState | undefined;
  /** True when the text so far is a whole sentence of the grammar. */
  isComplete(state: GrammarState): boolean;
  /** True when nothing may follow. */
  isFinal(state: GrammarState): boolean;
  /** The longest text that must come next, '' when there is a choice or the sentence may end here. At most 200 characters. */
  forcedText(state: GrammarState): string;
}

/** Opaque and interned. */
export interface GrammarState {
  readonly id: number;
}
