/** How tables join, as text for a model: the cheapest paths with their conditions, what is known about each, and a statement to start from. */
import { findJoinPaths } from '../../core/graph/findJoinPaths.js';
import { type JoinStep, type JoinTree } from '../../core/graph/types.js';
import { hopCardinality } from '../../core/presentation/describeRelation.js';
import { joinCondition, selectAlong } from '../../core/presentation/joinSql.js';
import { type OpenedDatabase } from '../catalogue/types.js';

const mostPaths = 5;

/** @param tables stored names, at least two. */
export function describeJoins(opened: OpenedDatabase, tables: readonly string[]): string {
  const [from = '', to = ''] = tables;
  const trees =
    tables.length === 2 ? findJoinPaths(opened.joinGraph, from, to, { limit: mostPaths }) : opened.joinTrees(tables).slice(0, mostPaths);
  if (trees.length === 0) return `No join connects ${tables.join(' and ')}: no key leads from one to the other, declared or inferred.`;
  return trees.map((tree, at) => pathText(tree, at)).join('\n\n');
}

function pathText(tree: JoinTree, at: number): string {
  const title = `${at + 1}. ${tree.tables.join(' → ')}${at === 0 ? ' (best)' : ''}`;
  return [title, ...tree.steps.map(stepText), selectAlong(tree)].join('\n');
}

function stepText(step: JoinStep): string {
  const { relation, to, fanOut } = step;
  const origin = relation.origin === 'inferred' ? `inferred, ${Math.round(relation.confidence * 100)} % sure` : relation.origin;
  const warning = fanOut ? ', multiplies rows: mind sums and counts' : '';
  return `   ${joinCondition(relation, to)} (${origin}, ${hopCardinality(step)}${warning})`;
}
