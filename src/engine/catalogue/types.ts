/** A database as the rest of the engine sees it: opened, introspected, with its graph and its value index. */
import { type Inclusion } from '../../core/graph/checkInclusion.js';
import { type JoinGraph } from '../../core/graph/joinGraph.js';
import { type JoinTree, type Relation, type ValueMatch } from '../../core/graph/types.js';
import { type DatabaseKnowledge } from '../../core/nl2sql/types.js';
import { type ReadOnlyDatabase } from '../../core/sql/types.js';
import { type CancellationToken } from '../../core/shared/cancellation.js';
import { type Event } from '../../core/shared/event.js';
import { type Verdicts } from './verdicts.js';

export interface OpenedDatabase {
  readonly knowledge: DatabaseKnowledge;
  readonly database: ReadOnlyDatabase;
  /** The relations of `knowledge` as a graph to search paths in; another one after every change. */
  readonly joinGraph: JoinGraph;
  /** Fires when the background work or a verdict has changed `knowledge`, and when indexing has ended. */
  readonly onChanged: Event<void>;
  /** Minimal join trees over the tables, cheapest first, alternatives included. Empty when they cannot be connected. */
  joinTrees(tables: readonly string[]): readonly JoinTree[];
  /** Stored values that answer a mention, best first; empty while the index is still being built. */
  findValues(mention: string, limit: number): readonly ValueMatch[];
  /** Every stored text of a column that has only a few; undefined for other columns and before the index is there. */
  smallDomain(table: string, column: string): readonly string[] | undefined;
  /** False while value index and inclusion checks still run in the background. */
  readonly indexed: boolean;
  /** Resolves when the background slices have ended or the time is over. */
  whenIndexed(timeoutMs: number, token?: CancellationToken): Promise<void>;
  /** Counts how many of a relation's values exist on its other side, once for this state of the file; undefined when it takes too long. */
  inclusionOf(relation: Relation): Promise<Inclusion | undefined>;
  setRelation(relation: Relation, verdict: 'confirmed' | 'rejected'): Promise<void>;
  /** What was decided about relations, those that are gone by it included. */
  readonly verdicts: Verdicts;
  /** Takes verdicts back, by the ids of their relations: what is inferred about them counts again. */
  forgetVerdicts(ids: readonly string[]): Promise<void>;
}

export interface Catalogue {
  /** Opens once and keeps; reopens by itself when schema or data have changed. Throws the `file.*` errors. */
  open(path: string, token?: CancellationToken): Promise<OpenedDatabase>;
  close(): Promise<void>;
}
