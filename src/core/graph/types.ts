/**
 * Values that the graph room gives and takes. Table names are stored spellings inside one database; a relation is one
 * edge also when it is composite.
 */

export type RelationOrigin = 'declared' | 'inferred' | 'confirmed';

/** Why a relation was inferred: arguments for a sentence that is made elsewhere. */
export interface InferenceReason {
  readonly rule:
    'sameNameAsKey' | 'tableIdSuffix' | 'fullKeyName' | 'selfReference' | 'sharedParent' | 'compositeKey' | 'valueOverlap' | 'sameColumn';
  /** Share of the child's distinct values that exist in the parent, 0..1; absent when data could not be read. */
  readonly inclusion?: number;
  /** True when inclusion rests on a sample. */
  readonly sampled?: boolean;
}

/** child.columns[i] = parent.columns[i]; `id` is stable across runs (`child(cols)->parent(cols)`). */
export interface Relation {
  readonly id: string;
  readonly child: string;
  readonly childColumns: readonly string[];
  readonly parent: string;
  readonly parentColumns: readonly string[];
  readonly origin: RelationOrigin;
  /** 1 for declared and confirmed; inferred ones lie in (0, 0.8]. */
  readonly confidence: number;
  /** Rows of child to rows of parent: '1:1' when the child columns are unique, else 'N:1'. */
  readonly cardinality: 'N:1' | '1:1';
  readonly reason?: InferenceReason;
}

/** One hop of a join: `from` is already joined, `to` is new. */
export interface JoinStep {
  readonly relation: Relation;
  readonly from: string;
  readonly to: string;
  /** Rows multiply when one goes from the parent to an N-side child. */
  readonly fanOut: boolean;
}

/** A tree over tables; steps are in an order in which every `from` is already joined. */
export interface JoinTree {
  readonly tables: readonly string[];
  readonly steps: readonly JoinStep[];
  /** Sum of edge weights: 1 for declared and confirmed, 1/confidence^2 for inferred. */
  readonly cost: number;
}

/** A value of the data that answers a mention in a question. */
export interface ValueMatch {
  readonly table: string;
  readonly column: string;
  /** Spelling as stored in the database. */
  readonly value: string;
  /** 1 exact, 0.95 case only, below that edit or trigram similarity. */
  readonly score: number;
}
