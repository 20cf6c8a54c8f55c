/**
 * Scoped GBNF: ordinary GBNF (https://github.com/ggml-org/llama.cpp/blob/master/grammars/README.md), readable by llama.cpp
 * itself, in which references to certain empty rules are marks that a scope-aware matcher obeys. Stock llama.cpp
 * sees the same language without scopes, a superset.
 *
 * Marks (tables are small integers; each is declared as `name ::= ""`):
 * - `scope-open` / `scope-close`: a SELECT begins / ends. Scopes nest. `scope-next`: the next SELECT of a compound begins;
 *   it must have as many result columns as the one before.
 * - `item`: a result column begins. `item-star`: `*` follows, so the number of result columns is not known.
 *   `aggregate`: the result column holds an aggregate.
 * - `need-3`: a qualified column of table 3 is used. Before `from-3` it is remembered, after it the table must be joined,
 *   here or, once `from-end` has passed, in a SELECT around this one.
 *   `whole-3`: all columns of table 3 are result columns, so FROM must name it itself.
 * - `any-2-5-9`: an unqualified column that tables 2, 5 and 9 have: at least one of them must be joined in this SELECT.
 * - `from-3`: table 3 is the first of FROM. `join-3-7`: table 7 is new and joined onto table 3, which must be there.
 *   `add-7`: table 7 is new and may be joined onto any table.
 * - `from-end`: FROM is finished: every remembered need must be met.
 * - `alias-begin` / `alias-end`: the characters between them are a new name of the result column. `alias-use` stands for
 *   any of these names, `alias-use-plain` for those of columns without aggregates; these and `slot-name` have a body, for readers
 *   that know no scopes: the matcher puts the names in its place.
 * - Aliases T1, T2, … of a SELECT that uses them instead of table names: `slot-2` stands behind `T2.`, `of-3-5` behind a column
 *   of T2 that tables 3 and 5 have. In FROM `as-2` calls the table before it T2, `plain` keeps its name. Aliases of letters have numbers, too
 *   (slotNames.ts), and marks that name the tables they suit: `slot-26-3-5` and `as-26-3-5` for `p`, which tables 3 and 5 may be called. `next-7` is a new
 *   table that joins can reach, `next-8-7` the second copy of table 7, behind it. `slot-name-7` is what table 7 is called here.
 * - `complete-from`: FROM may lack tables: a column of any table that joins can reach is allowed, a later step adds the joins.
 *
 * Columns are kept reachable: a need that no FROM could meet any more is refused where it is written, and a FROM of six
 * tables takes further joins only towards tables already needed.
 */
export interface GrammarMatcher {
  readonly start: GrammarState;
  /** The state after `text`, or undefined when the grammar does not allow it. States are interned: equal means identical. */
  advance(state: GrammarState, text: string): GrammarState | undefined;
  /** True when the text so far is a whole sentence of the grammar. */
  isComplete(state: GrammarState): boolean;
  /** True when nothing may follow. */
  isFinal(state: GrammarState): boolean;
  /**
   * The text that must come next, '' when there is a choice or the sentence may end here. At most 200 characters. It ends at a
   * whole word and never with a blank, because models write a blank together with the word behind it.
   */
  forcedText(state: GrammarState): string;
}

/** Opaque and interned. */
export interface GrammarState {
  readonly id: number;
}
