import { describe, expect, it } from 'vitest';
import { buildJoinGraph } from '../../../../src/core/graph/joinGraph.js';
import { type Relation } from '../../../../src/core/graph/types.js';
import { type DatabaseKnowledge } from '../../../../src/core/nl2sql/types.js';
import { type Table } from '../../../../src/core/schema/types.js';
import { graphTaskKinds, graphTasks } from '../../../../src/engine/training/graphTasks.js';

function table(name: string, ...columns: string[]): Table {
  return {
    name,
    kind: 'table',
    columns: columns.map((column) => ({ name: column, type: '', affinity: 'BLOB', notNull: false, primaryKey: 0 })),
    primaryKey: [],
    foreignKeys: [],
    indexes: [],
    triggers: [],
    checks: [],
    withoutRowid: false,
    strict: false,
    ddl: '',
  };
}

function relation(child: string, column: string, parent: string, key: string): Relation {
  const id = `${child}(${column})->${parent}(${key})`;
  return { id, child, childColumns: [column], parent, parentColumns: [key], origin: 'declared', confidence: 1, cardinality: 'N:1' };
}

function tasksOf(tables: readonly Table[], relations: readonly Relation[], count = 1000, seed = '1'): Map<string, string> {
  const schema = { id: 'x', name: 'x', tables, problems: [], schemaHash: '' };
  const knowledge: DatabaseKnowledge = { schema, relations, profiles: [] };
  return new Map(graphTasks(knowledge, buildJoinGraph(relations), count, seed).map((task) => [task.question, task.answer]));
}

const concerts = [
  table('singer', 'id', 'name'),
  table('concert', 'id', 'title'),
  table('line up', 'singer_id', 'concert_id'),
  table('weather', 'day'),
];
const links = [relation('line up', 'singer_id', 'singer', 'id'), relation('line up', 'concert_id', 'concert', 'id')];

describe('questions that a schema graph answers', () => {
  const tasks = tasksOf(concerts, links);
  const table_: readonly (readonly [string, string | undefined])[] = [
    ['Which tables join "line up" directly?', 'concert, singer'],
    ['Which tables join weather directly?', 'none'],
    ['Which columns join singer and "line up"?', '"line up".singer_id = singer.id'],
    ['Which columns join singer and concert?', undefined],
    ['Which tables lie between singer and concert?', '"line up"'],
    ['Which tables lie between "line up" and singer?', 'none'],
    ['Which tables lie between singer and "line up"?', undefined],
    [
      'How do singer and concert join?',
      'singer JOIN "line up" ON "line up".singer_id = singer.id JOIN concert ON "line up".concert_id = concert.id',
    ],
    ['How do singer and weather join?', 'no path'],
    ['How do singer and "line up" join?', undefined],
    ['Does singer.id join "line up".singer_id?', 'yes'],
    ['Does singer.id join "line up".concert_id?', 'no'],
    ['Which tables have the column id?', 'concert, singer'],
    ['Which tables have the column day?', 'weather'],
  ];
  it.each(table_)('%s', (question, answer) => expect(tasks.get(question)).toBe(answer));

  it('asks nothing that has two right answers', () => {
    const parallel = [...links, relation('line up', 'concert_id', 'singer', 'id')];
    const asked = [...tasksOf(concerts, parallel).keys()];
    expect(asked).not.toContain('Which columns join singer and "line up"?');
    expect(asked.filter((question) => question.startsWith('Does singer'))).toEqual([]);
    const ring = [...links, relation('singer', 'name', 'weather', 'day'), relation('concert', 'title', 'weather', 'day')];
    expect(tasksOf(concerts, ring).get('How do singer and concert join?')).toBeUndefined();
  });

  it('takes the kinds in turn, as many as wanted, by its seed', () => {
    const few = [...tasksOf(concerts, links, 6).keys()];
    expect(few).toHaveLength(6);
    expect(new Set(few.map((question) => question.split(' ').slice(0, 3).join(' '))).size).toBe(graphTaskKinds.length);
    expect([...tasksOf(concerts, links, 6).keys()]).toEqual(few);
    expect([...tasksOf(concerts, links, 6, '2').keys()]).not.toEqual(few);
    expect(tasksOf([], []).size).toBe(0);
  });
});
