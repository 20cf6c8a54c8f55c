/** What hovers say, as codes with arguments. The sentences are the engine's; whoever shows a hover gives the function that fills them. */
import { type InferenceReason } from '../graph/types.js';
import { type TableKind } from '../schema/types.js';

export type HoverCode =
  | `kind.${TableKind}`
  | `rule.${InferenceReason['rule']}`
  | `origin.${'declared' | 'inferred' | 'confirmed'}`
  | 'oneColumn'
  | 'columns'
  | 'oneRow'
  | 'rows'
  | 'atLeastRows'
  | 'reading'
  | 'joinPaths.working'
  | 'joinPaths.central'
  | 'joinPaths.none'
  | 'joinPaths.unreachable'
  | 'elsewhere'
  | 'insertJoin'
  | 'showInGraph'
  | 'confirm'
  | 'reject'
  | 'primaryKey'
  | 'partOfPrimaryKey'
  | 'unique'
  | 'notNull'
  | 'nullable'
  | 'noType'
  | 'default'
  | 'generated.virtual'
  | 'generated.stored'
  | 'values'
  | 'allDistinct'
  | 'distinct'
  | 'noNulls'
  | 'nulls'
  | 'sampledRows'
  | 'noRows'
  | 'refersTo'
  | 'referredToBy'
  | 'moreReferences'
  | 'inclusion'
  | 'inclusionSampled'
  | 'inclusionEmpty'
  | 'inclusionUnknown'
  | 'inclusionPending'
  | 'oneToOne'
  | 'manyToOne';

/** Fills the sentence of a code in the reader's language. Arguments are Markdown already. */
export type Say = (code: HoverCode, args?: Readonly<Record<string, string | number>>) => string;

/** A share of 0..1 for people: only all is 100 %, only none is 0 %. */
export function percent(share: number): string {
  if (share <= 0) return '0 %';
  if (share >= 1) return '100 %';
  const rounded = Math.round(share * 100);
  if (rounded === 0) return '<1 %';
  return rounded === 100 ? '>99 %' : `${rounded} %`;
}
