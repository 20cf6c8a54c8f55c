/** Join paths as SQL text: the condition of a relation, the JOIN clauses of a path, and a SELECT along it. Quotes names, invents nothing. */
import { type JoinTree, type Relation } from '../graph/types.js';
import { quoteIdentifier } from '../sql/quote.js';

/** What a table is called in the statement; its own name when absent. */
export type NameOf = (table: string) => string;

const ownName: NameOf = (table) => table;

/** `child.a = parent.b AND …`; the table that is joined anew stands on the left. */
export function joinCondition(relation: Relation, fresh: string, nameOf: NameOf = ownName): string {
  const [child, parent] = [quoteIdentifier(nameOf(relation.child)), quoteIdentifier(nameOf(relation.parent))];
  return relation.childColumns
    .map((column, at) => {
      const childSide = `${child}.${quoteIdentifier(column)}`;
      const parentSide = `${parent}.${quoteIdentifier(relation.parentColumns[at] ?? '')}`;
      return relation.child === fresh ? `${childSide} = ${parentSide}` : `${parentSide} = ${childSide}`;
    })
    .join(' AND ');
}

/** One clause per step, in joining order; a table that is called otherwise gets its alias. */
export function joinClauses(tree: JoinTree, nameOf: NameOf = ownName): readonly string[] {
  return tree.steps.map(({ relation, to }) => {
    const name = nameOf(to);
    const alias = name === to ? '' : ` AS ${quoteIdentifier(name)}`;
    return `JOIN ${quoteIdentifier(to)}${alias} ON ${joinCondition(relation, to, nameOf)}`;
  });
}

/** A whole statement over the tables of a path; `limit` in rows, absent means none. */
export function selectAlong(tree: JoinTree, limit?: number): string {
  const lines = ['SELECT *', `FROM ${quoteIdentifier(tree.tables[0] ?? '')}`, ...joinClauses(tree)];
  return `${[...lines, ...(limit === undefined ? [] : [`LIMIT ${limit}`])].join('\n')};`;
}
