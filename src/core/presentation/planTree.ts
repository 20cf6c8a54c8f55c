/**
 * The rows of EXPLAIN QUERY PLAN as a tree whose steps are told apart. SQLite's text is kept as it is: it promises no form for it
 * (https://www.sqlite.org/eqp.html), so a step that is not recognised is simply another one.
 */
export interface PlanRow {
  readonly id: number;
  readonly parent: number;
  readonly detail: string;
}

export type PlanStepKind =
  /** Every row of a table or index is read. */
  | 'scan'
  /** Rows are found through a key or an index. */
  | 'search'
  /** An index is built for this one run. */
  | 'automaticIndex'
  /** Rows are sorted or made distinct in a temporary tree. */
  | 'sort'
  /** A part of the statement that is computed on its own. */
  | 'subquery'
  | 'other';

export interface PlanNode {
  readonly id: number;
  readonly kind: PlanStepKind;
  readonly detail: string;
  /** Alias or name of the table, for scans and searches. */
  readonly source?: string;
  /** Name of the index that is used. */
  readonly index?: string;
  /** True when an index has all columns that are needed, so that the table is not read. */
  readonly covering?: true;
  readonly children: readonly PlanNode[];
}

const scan =
  /^SCAN (?!CONSTANT ROW)(?<source>.+?)(?: USING (?<covering>COVERING )?INDEX (?<index>.+?))?(?: VIRTUAL TABLE INDEX .*)?(?: LEFT-JOIN)?$/;
const search =
  /^SEARCH (?<source>.+?) USING (?:INTEGER PRIMARY KEY|PRIMARY KEY|(?<automatic>AUTOMATIC )?(?:PARTIAL )?(?<covering>COVERING )?INDEX(?: (?!\()(?<index>.+?))?)(?: \(.*\))?(?: LEFT-JOIN)?$/;
/** Looking for the smallest or largest value without an index. */
const extreme = /^SEARCH (?<source>(?:(?! USING ).)+)$/;
const subquery = /SUBQUERY|CO-ROUTINE|MATERIALIZE|COMPOUND|UNION|EXCEPT|INTERSECT|RECURSIVE STEP|MULTI-INDEX OR|^SETUP$|^INDEX \d+$/;

/** In SQLite's order, which is the order of the loops. Rows whose parent is missing stand at the top. */
export function planTree(rows: readonly PlanRow[]): PlanNode[] {
  const ids = new Set(rows.map(({ id }) => id));
  const under = (parent: number): PlanNode[] =>
    rows
      .filter((row) => row.parent === parent && row.id !== parent)
      .map((row) => ({ ...readStep(row.detail), id: row.id, children: under(row.id) }));
  const lost = rows.filter((row) => row.parent !== 0 && !ids.has(row.parent));
  return [...under(0), ...lost.map((row) => ({ ...readStep(row.detail), id: row.id, children: under(row.id) }))];
}

/** All nodes, parents before their children. */
export function flattenPlan(nodes: readonly PlanNode[]): PlanNode[] {
  return nodes.flatMap((node) => [node, ...flattenPlan(node.children)]);
}

function readStep(detail: string): Omit<PlanNode, 'id' | 'children'> {
  const found = (search.exec(detail) ?? scan.exec(detail) ?? extreme.exec(detail))?.groups;
  if (found) {
    const kind =
      detail.startsWith('SCAN') || !detail.includes(' USING ') ? 'scan' : found['automatic'] === undefined ? 'search' : 'automaticIndex';
    return {
      kind,
      detail,
      ...(found['source'] === undefined ? {} : { source: found['source'] }),
      ...(found['index'] === undefined ? {} : { index: found['index'] }),
      ...(found['covering'] === undefined ? {} : { covering: true }),
    };
  }
  if (detail.startsWith('USE TEMP B-TREE')) return { kind: 'sort', detail };
  return { kind: subquery.test(detail) ? 'subquery' : 'other', detail };
}
