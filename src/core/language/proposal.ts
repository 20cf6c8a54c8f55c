/** What completion offers, as values: the editor makes items of them. Details are SQL and names of the schema, never sentences. */
import { type JoinStep } from '../graph/types.js';

export type ProposalKind =
  | 'table'
  | 'view'
  | 'virtual'
  | 'commonTable'
  | 'column'
  | 'key'
  | 'result'
  | 'alias'
  | 'function'
  | 'keyword'
  | 'join'
  | 'condition'
  | 'value'
  | 'snippet';

export interface Proposal {
  readonly kind: ProposalKind;
  readonly label: string;
  /** Written right behind the label, in grey. */
  readonly detail?: string;
  /** Written at the far side: a type, a table, a cardinality. */
  readonly description?: string;
  readonly insert: string;
  /** `insert` has the editor's tab stops in it. */
  readonly isSnippet?: boolean;
  /** What typed letters are compared with, when it is not the label. */
  readonly filter?: string;
  /** Smaller comes first; equal ranks are ordered by label. */
  readonly rank: number;
  /** The joins that are written. */
  readonly steps?: readonly JoinStep[];
  /** Stored names, for whoever wants to tell more. */
  readonly table?: string;
  readonly column?: string;
  /** What follows is worth completing at once. */
  readonly goesOn?: boolean;
}

export interface CompletionList {
  /** Offsets of what is replaced. */
  readonly start: number;
  readonly end: number;
  readonly proposals: readonly Proposal[];
  /** A name must follow here: worth showing before a letter is typed. */
  readonly isEager: boolean;
}
