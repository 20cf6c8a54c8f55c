/** The typed graph: what it holds, that it comes out the same however it was made, and that updates touch only what changed. */
import { describe, expect, it } from 'vitest';
import { buildSchemaGraph } from '../../../support/buildSchemaGraph.js';
import { checkInclusion } from '../../../../src/core/graph/checkInclusion.js';
import { declaredRelations } from '../../../../src/core/graph/declaredRelations.js';
import { inferRelations } from '../../../../src/core/graph/inferRelations.js';
import { inverseKey } from '../../../../src/core/graph/nodeKeys.js';
import { type GraphDatabase } from '../../../../src/core/graph/schemaGraphTypes.js';
import { type DatabaseSchema, type ForeignKey, type Table } from '../../../../src/core/schema/types.js';
import { schemaGraphToJson } from '../../../support/schemaGraphText.js';
import { makeTable } from '../../../support/shopSchema.js';

function key(columns: readonly string[], parentTable: string, parentColumns: readonly string[]): ForeignKey {
  return { columns, parentTable, parentColumns, onUpdate: '', onDelete: '', deferred: false, parentExists: true };
}

const lines: Table = {
  ...makeTable('lines', ['order_id*', 'line_no*', 'product_id:INTEGER']),
  foreignKeys: [key(['order_id'], 'orders', ['id'])],
};
const returns: Table = {
  ...makeTable('returns', ['id*', 'order_id:INTEGER', 'line_no:INTEGER']),
  foreignKeys: [key(['order_id', 'line_no'], 'lines', ['order_id', 'line_no'])],
};
const parts: Table = {
  ...makeTable('parts', ['id*', 'parent_id:INTEGER', 'code']),
  foreignKeys: [key(['parent_id'], 'parts', ['id'])],
  indexes: [{ name: 'parts_code', unique: true, origin: 'created', partial: false, columns: ['code', null] }],
};
const open: Table = { ...makeTable('open orders', ['id', 'a/b']), kind: 'view' };
const tables: readonly Table[] = [
  makeTable('orders', ['id*', 'placed']),
  lines,
  returns,
  makeTable('products', ['id*', 'name']),
  parts,
  open,
];

function database(id: string, list: readonly Table[] = tables): GraphDatabase {
  const schema: DatabaseSchema = { id, name: id, tables: list, problems: [], schemaHash: String(list.length) };
  const declared = declaredRelations(schema);
  const guessed = checkInclusion(
    inferRelations(schema),
    new Map(inferRelations(schema).map((relation) => [relation.id, { share: 1, distinct: 5, sampled: false }])),
  );
  const profiles = [
    { table: 'orders', column: 'placed', examples: ['2024-01-01', 2n ** 60n, null], distinct: 9, rows: 9, nulls: 0, sampled: false },
  ];
  return { schema, relations: [...declared, ...guessed], profiles };
}

const both = (): ReturnType<typeof buildSchemaGraph> => buildSchemaGraph([database('a.db'), database('b.db', tables.slice(0, 2))]);

describe('buildSchemaGraph', () => {
  it('holds what the golden file says', async () => {
    await expect(schemaGraphToJson(both().graph)).toMatchFileSnapshot('schemaGraph.golden.txt');
  });

  it('has an edge back for every directed edge', () => {
    const { graph } = both();
    let seen = 0;
    graph.forEachDirectedEdge((edge, attributes, source, target) => {
      if ('inverse' in attributes && attributes.inverse) return;
      seen++;
      expect(graph.extremities(inverseKey(edge))).toEqual([target, source]);
    });
    expect(seen * 2).toBe(graph.directedSize);
  });

  it('keeps a composite key as one edge with its equalities', () => {
    const { graph } = both();
    const found = graph
      .mapEdges((_, edge) => ('equalities' in edge && !edge.inverse && edge.relation.startsWith('returns(') ? [edge.equalities] : []))
      .flat();
    expect(found).toEqual([
      [
        ['order_id', 'order_id'],
        ['line_no', 'line_no'],
      ],
    ]);
  });
});

describe('update', () => {
  const changedTables = tables.map((table) =>
    table.name === 'lines' ? { ...table, columns: [...table.columns, ...makeTable('x', ['extra']).columns] } : table,
  );
  it.each<[string, readonly Table[], readonly string[], readonly string[]]>([
    ['nothing', tables, [], []],
    ['a column', changedTables, ['lines'], []],
    ['a table gone', tables.filter((table) => table.name !== 'products'), [], ['products']],
    ['a table more', [...tables, makeTable('invoices', ['id*', 'order_id:INTEGER'])], ['invoices'], []],
    ['the order of tables', [...tables].reverse(), [], []],
    ['everything gone', [], [], tables.map((table) => table.name)],
  ])('%s: touches only what changed and equals a fresh graph', (_, list, changed, removed) => {
    const graph = both();
    expect(graph.update(database('a.db', list))).toEqual({ changed, removed });
    const fresh = buildSchemaGraph([database('a.db', list), database('b.db', tables.slice(0, 2))]);
    expect(schemaGraphToJson(graph.graph)).toBe(schemaGraphToJson(fresh.graph));
  });

  it('follows verdicts on relations', () => {
    const graph = both();
    const before = database('a.db');
    const confirmed = before.relations.map((relation) =>
      relation.origin === 'inferred' ? { ...relation, origin: 'confirmed' as const, confidence: 1 } : relation,
    );
    expect(graph.update({ ...before, relations: confirmed }).changed).toEqual([]);
    expect(graph.graph.filterEdges((edge, attributes) => attributes.kind === 'inferred-fk' && edge.includes('a.db'))).toEqual([]);
    graph.update({ ...before, relations: [] });
    expect(graph.graph.filterEdges((edge, attributes) => 'relation' in attributes && edge.includes('a.db'))).toEqual([]);
  });

  it('forgets a database that is removed', () => {
    const graph = both();
    graph.remove('b.db');
    graph.remove('c.db');
    expect(graph.databases).toEqual(['a.db']);
    expect(schemaGraphToJson(graph.graph)).toBe(schemaGraphToJson(buildSchemaGraph([database('a.db')]).graph));
  });
});
