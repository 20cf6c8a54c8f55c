/** Nodes and edges of the schema graph: RAT-SQL's relations between the parts of a schema, kept as data. */
import { type MultiGraph } from 'graphology';
import { type ColumnProfile, type DatabaseSchema, type TableKind } from '../schema/types.js';
import { type InferenceReason, type Relation, type RelationOrigin } from './types.js';

/** One database as the graph takes it. */
export interface GraphDatabase {
  readonly schema: DatabaseSchema;
  readonly relations: readonly Relation[];
  readonly profiles?: readonly ColumnProfile[];
}

export type GraphNode =
  | { readonly kind: 'db'; readonly name: string; readonly schemaHash: string }
  | { readonly kind: 'table' | 'view'; readonly name: string; readonly tableKind: TableKind; readonly signature: string }
  | { readonly kind: 'column'; readonly name: string; readonly type: string }
  | { readonly kind: 'index'; readonly name: string; readonly unique: boolean }
  | { readonly kind: 'value-sample'; readonly value: string };

/** child column = parent column, by stored names. */
export type Equality = readonly [child: string, parent: string];

export type GraphEdge =
  | { readonly kind: 'has'; readonly inverse: boolean }
  /** From a table to a column of its primary key; `position` counts from 1. */
  | { readonly kind: 'pk'; readonly inverse: boolean; readonly position: number }
  /** From the child table to the parent table; a composite key is one edge. */
  | {
      readonly kind: 'fk' | 'inferred-fk';
      readonly inverse: boolean;
      readonly relation: string;
      readonly equalities: readonly Equality[];
      readonly origin: RelationOrigin;
      readonly confidence: number;
      readonly cardinality: Relation['cardinality'];
      readonly rule?: InferenceReason['rule'];
    }
  /** Without direction. */
  | { readonly kind: 'same-table' }
  | { readonly kind: 'name-sim' }
  /** `share` of the child's values that exist in the parent, 0..1. */
  | { readonly kind: 'value-overlap'; readonly share: number };

export type TypedGraph = MultiGraph<GraphNode, GraphEdge>;
