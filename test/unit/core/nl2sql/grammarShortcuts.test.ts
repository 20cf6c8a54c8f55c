import { describe, expect, it } from 'vitest';
import { type Relation } from '../../../../src/core/graph/types.js';
import { relationShortcuts, withShortcuts } from '../../../../src/core/nl2sql/grammarShortcuts.js';
import { makeRelation } from '../../../support/shopSchema.js';

/** `child.column -> parent.column` */
function relation(text: string): Relation {
  const [child = '', parent = ''] = text.split(' -> ');
  const [childTable = '', childColumn = ''] = child.split('.');
  const [parentTable = '', parentColumn = ''] = parent.split('.');
  return makeRelation(childTable, childColumn, parentTable, parentColumn);
}

describe('relationShortcuts', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['nothing between two tables', ['a.x -> b.x'], []],
    ['a chain over the same column', ['a.x -> b.x', 'b.x -> c.x'], ['a.x = c.x']],
    ['a chain that changes the column', ['a.b_id -> b.id', 'b.c_id -> c.id'], []],
    ['a long chain', ['a.x -> b.x', 'b.x -> c.x', 'c.x -> d.x'], ['a.x = c.x', 'a.x = d.x', 'b.x = d.x']],
    ['two children of one column', ['a.p -> c.id', 'b.p -> c.id'], ['a.p = b.p']],
    ['children of different columns', ['a.p -> c.id', 'b.p -> c.code'], []],
    ['two keys of one child', ['a.p -> c.id', 'a.q -> c.id'], []],
    ['a chain that is a relation as well', ['a.x -> b.x', 'b.x -> c.x', 'a.x -> c.x'], []],
    ['a table that refers to itself', ['a.boss -> a.id'], []],
    ['tables with a key of their own, one of which refers to itself', ['a.boss -> a.id', 'b.rep -> a.id'], []],
    ['a circle', ['a.x -> b.x', 'b.x -> a.x'], []],
  ])('%s', (_, relations, expected) => {
    const found = relationShortcuts(relations.map(relation)).map(([a, b]) => `${a.table}.${a.column} = ${b.table}.${b.column}`);
    expect(found).toEqual(expected);
  });

  it('stays small around a hub', () => {
    const hub = Array.from({ length: 50 }, (_, index) => relation(`t${String(index)}.user_id -> users.id`));
    expect(relationShortcuts(hub)).toHaveLength(40);
    expect(withShortcuts(hub)).toHaveLength(90);
  });
});
