/** Which join paths of a table are shown, and in which order. */
import { describe, expect, it } from 'vitest';
import { buildJoinGraph } from '../../../../src/core/graph/joinGraph.js';
import { centralTables, rankJoinPaths } from '../../../../src/core/graph/rankJoinPaths.js';
import { type Relation } from '../../../../src/core/graph/types.js';
import { makeRelation } from '../../../support/shopSchema.js';

/** `a-b` joins a to b, `a~b` by a guess. */
function relationsOf(text: string): Relation[] {
  return text.split(' ').map((edge, at) => {
    const [child = '', parent = ''] = edge.split(/[-~]/);
    const relation = makeRelation(child, `c${at}`, parent, 'id');
    return edge.includes('~') ? { ...relation, origin: 'inferred' as const, confidence: 0.5 } : relation;
  });
}

function rank(relations: string, table: string, working: string): string {
  const { kind, trees, unreachable } = rankJoinPaths(buildJoinGraph(relationsOf(relations)), table, { working: working.split(' ').filter((name) => name !== '') }); // prettier-ignore
  return [kind, ...trees.map((tree) => tree.tables.join('')), ...unreachable.map((name) => `!${name}`)].join(' ');
}

describe('rankJoinPaths', () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    ['a-b b-c', 'a', 'c', 'working abc'],
    ['a-b b-c', 'a', 'C', 'working abc'],
    ['a-b b-c', 'a', 'c b', 'working abc ab'],
    ['a-b b-c', 'a', '', 'central ab abc'],
    ['a-b b-c', 'a', 'a', 'central ab abc'],
    ['a-b c-d', 'a', 'c', 'central ab !c'],
    ['a-b c-d', 'a', 'c b', 'working ab !c'],
    ['a-b', 'z', '', 'central'],
    // A way round is news only when it walks a relation that was not shown.
    ['a-b a-c c-b', 'a', 'b', 'working ab acb'],
    ['a-b a-c c-b', 'a', 'c b', 'working ac abc ab'],
    // A guess costs more than a detour along declared keys.
    ['a~d a-b b-d', 'a', 'd', 'working abd ad'],
    ['a~d a-b b-c c-d', 'a', 'd', 'working abcd ad'],
    // Parallel relations are two ways.
    ['a-b a-b', 'a', 'b', 'working ab ab'],
    ['a-a', 'a', '', 'central'],
  ];
  for (const [relations, table, working, wanted] of cases) {
    it(`${relations}: ${table} to ${working || 'the centre'}`, () => expect(rank(relations, table, working)).toBe(wanted));
  }

  it('central tables are those with most neighbours, nearer ones first among equals', () => {
    const graph = buildJoinGraph(relationsOf('a-b b-hub x-hub y-hub z-hub z-q'));
    expect(centralTables(graph, 'a', 9)).toEqual(['hub', 'b', 'z', 'x', 'y', 'q']);
    expect(centralTables(graph, 'nowhere', 9)).toEqual([]);
  });

  it('stays small on a dense graph', () => {
    const names = Array.from({ length: 14 }, (_, at) => `t${at}`);
    const all = names.flatMap((a, at) => names.slice(at + 1).map((b) => makeRelation(a, b, b, 'id')));
    const { trees } = rankJoinPaths(buildJoinGraph(all), 't0', { working: [] });
    expect(trees.length).toBeGreaterThan(3);
    expect(trees.length).toBeLessThanOrEqual(8);
  });
});
