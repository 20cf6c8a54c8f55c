/** What the makers of proposals are given: the statement without the word that is being typed, and where the cursor is in it. */
import { type Token } from '../sql/tokenize.js';
import { type KeywordCase } from './keywordProposals.js';
import { type LanguageSchema } from './languageSchema.js';
import { type NameResolver } from './resolveNames.js';
import { type Scope, type Statement } from './syntax.js';

export interface CompletionOptions {
  /** Every stored text of a column that has only a few; undefined for other columns. */
  readonly smallDomain?: (table: string, column: string) => readonly string[] | undefined;
}

/** What proposals are made from. */
export interface CompletionRequest {
  readonly schema: LanguageSchema;
  readonly resolver: NameResolver;
  readonly statement: Statement;
  readonly scope: Scope | undefined;
  /** Tokens in front of the cursor. */
  readonly before: readonly Token[];
  readonly offset: number;
  readonly text: string;
  readonly keywords: KeywordCase;
  readonly options: CompletionOptions;
}
