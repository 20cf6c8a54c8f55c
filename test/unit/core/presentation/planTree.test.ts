/** Steps of a plan told apart, and the tree that they make. */
import { expect, test } from 'vitest';
import { flattenPlan, type PlanNode, planTree } from '../../../../src/core/presentation/planTree.js';

function describeStep({ kind, source, index, covering }: PlanNode): string {
  return [kind, source, index, covering ? 'covering' : undefined].filter((part) => part !== undefined).join(' ');
}

test.each<[string, string]>([
  ['SCAN orders', 'scan orders'],
  ['SCAN main.orders', 'scan main.orders'],
  ['SCAN o LEFT-JOIN', 'scan o'],
  ['SCAN order items', 'scan order items'],
  ['SCAN orders USING COVERING INDEX orders_total', 'scan orders orders_total covering'],
  ['SCAN orders USING INDEX orders total', 'scan orders orders total'],
  ['SCAN f VIRTUAL TABLE INDEX 0:M1', 'scan f'],
  ['SCAN (subquery-1)', 'scan (subquery-1)'],
  ['SCAN CONSTANT ROW', 'other'],
  ['SEARCH c USING INTEGER PRIMARY KEY (rowid=?)', 'search c'],
  ['SEARCH c USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN', 'search c'],
  ['SEARCH c USING PRIMARY KEY (a=? AND b>?)', 'search c'],
  ['SEARCH o USING INDEX orders_total (total=?)', 'search o orders_total'],
  ['SEARCH o USING COVERING INDEX a b (total=? AND id>?)', 'search o a b covering'],
  ['SEARCH b USING AUTOMATIC COVERING INDEX (total=?)', 'automaticIndex b covering'],
  ['SEARCH b USING AUTOMATIC PARTIAL COVERING INDEX (total=?)', 'automaticIndex b covering'],
  ['SEARCH orders', 'scan orders'],
  ['SEARCH orders USING COVERING INDEX orders_total', 'search orders orders_total covering'],
  ['USE TEMP B-TREE FOR ORDER BY', 'sort'],
  ['USE TEMP B-TREE FOR RIGHT PART OF ORDER BY', 'sort'],
  ['CORRELATED SCALAR SUBQUERY 1', 'subquery'],
  ['LIST SUBQUERY 2', 'subquery'],
  ['CO-ROUTINE q', 'subquery'],
  ['MATERIALIZE q', 'subquery'],
  ['COMPOUND QUERY', 'subquery'],
  ['UNION USING TEMP B-TREE', 'subquery'],
  ['MULTI-INDEX OR', 'subquery'],
  ['INDEX 1', 'subquery'],
  ['RECURSIVE STEP', 'subquery'],
  ['something that a later SQLite says', 'other'],
  ['', 'other'],
])('%s', (detail, expected) => {
  const [node] = planTree([{ id: 1, parent: 0, detail }]);
  expect(node && describeStep(node)).toBe(expected);
  expect(node?.detail).toBe(detail);
});

test('children under their parents, in order; lost rows at the top', () => {
  const rows = [
    { id: 1, parent: 0, detail: 'COMPOUND QUERY' },
    { id: 2, parent: 1, detail: 'LEFT-MOST SUBQUERY' },
    { id: 4, parent: 2, detail: 'SCAN a' },
    { id: 8, parent: 1, detail: 'UNION ALL' },
    { id: 9, parent: 8, detail: 'SCAN b' },
    { id: 20, parent: 99, detail: 'SCAN c' },
  ];
  const outline = (nodes: readonly PlanNode[]): unknown[] =>
    nodes.map((node) => (node.children.length > 0 ? [node.id, outline(node.children)] : node.id));
  expect(outline(planTree(rows))).toEqual([
    [
      1,
      [
        [2, [4]],
        [8, [9]],
      ],
    ],
    20,
  ]);
  expect(flattenPlan(planTree(rows)).map(({ id }) => id)).toEqual([1, 2, 4, 8, 9, 20]);
  expect(planTree([])).toEqual([]);
});
