/** What is to be said about a plan: the index that SQLite itself would use if it were there, and scans that no index avoids. */
import { type IndexCandidate } from '../sql/indexCandidates.js';
import { flattenPlan, type PlanNode } from './planTree.js';

export type PlanAdvice =
  | {
      readonly kind: 'index';
      /** The step that it would change. */
      readonly node: number;
      readonly candidate: IndexCandidate;
      readonly ddl: string;
      /** The step as SQLite would then write it. */
      readonly then: string;
      /** Whether rows would come in order, so that sorting is saved. */
      readonly savesSort: boolean;
    }
  /** Every row is wanted, or no index over the compared columns would be used. */
  | { readonly kind: 'wholeTable'; readonly node: number; readonly table: string };

/** How good a plan would be: terms that the index answers, then sorting saved, then few columns. Undefined when it helps nothing. */
export interface TrialScore {
  readonly terms: number;
  readonly savesSort: boolean;
  readonly columns: number;
  readonly then: string;
}

/** Steps worth an index: full scans of tables, and indexes that are built for one run. */
export function stepsToImprove(plan: readonly PlanNode[]): PlanNode[] {
  return flattenPlan(plan).filter(({ kind, source }) => source !== undefined && (kind === 'scan' || kind === 'automaticIndex'));
}

/** @param index name of the index on trial, without quotes */
export function scoreTrial(
  before: readonly PlanNode[],
  after: readonly PlanNode[],
  node: PlanNode,
  trial: { index: string; columns: number },
): TrialScore | undefined {
  const step = flattenPlan(after).find(({ source, index }) => source === node.source && index === trial.index);
  if (!step) return undefined;
  const sorts = (plan: readonly PlanNode[]): number => flattenPlan(plan).filter(({ kind }) => kind === 'sort').length;
  const savesSort = sorts(after) < sorts(before);
  // Without terms it is the search for the smallest or largest value.
  const terms = step.kind === 'search' ? (/\((.*)\)/.exec(step.detail)?.[1]?.split(' AND ').length ?? 1) : 0;
  if (terms === 0 && !savesSort) return undefined;
  return { terms, savesSort, columns: trial.columns, then: step.detail };
}

/** Positive when `a` is better. */
export function compareTrials(a: TrialScore, b: TrialScore): number {
  return a.terms - b.terms || Number(a.savesSort) - Number(b.savesSort) || b.columns - a.columns;
}
