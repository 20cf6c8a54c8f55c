import { describe, expect, test } from 'vitest';
import { graphArgument } from '../../../src/host/features/graphPanel/graphArgument.js';

const node = (table: string, database = '/d'): object => ({ kind: 'table', id: table, database, table: { name: table, columns: [] } });

describe('what the graph commands are given', () => {
  test.each([
    [
      'a link',
      { database: '/d', root: 'a', tables: ['a', 'b'], relations: ['r'] },
      undefined,
      { database: '/d', tables: ['a', 'b'], relations: ['r'] },
    ],
    ['a table of the tree', node('a'), undefined, { database: '/d', tables: ['a'], relations: [] }],
    ['a table among one selected', node('a'), [node('a')], { database: '/d', tables: ['a'], relations: [] }],
    ['two tables of the tree', node('a'), [node('a'), node('b')], { database: '/d', tables: ['a', 'b'], relations: [] }],
    ['tables of two databases', node('a'), [node('a'), node('b', '/e')], { database: '/d', tables: ['a'], relations: [] }],
    [
      'a relation',
      { database: '/d', relation: { id: 'r', child: 'a', parent: 'b' } },
      undefined,
      { database: '/d', tables: ['a', 'b'], relations: ['r'] },
    ],
    [
      'a self-reference',
      { database: '/d', relation: { id: 'r', child: 'a', parent: 'a' } },
      undefined,
      { database: '/d', tables: ['a'], relations: [] },
    ],
    ['a database of the tree', { kind: 'database', id: 'x', database: '/d' }, undefined, { database: '/d', tables: [], relations: [] }],
    ['nothing', undefined, undefined, undefined],
    ['rubbish', { table: {} }, 'all', undefined],
  ])('%s', (_name, given, selection, expected) => {
    expect(graphArgument(given, selection)).toEqual(expected);
  });
});
