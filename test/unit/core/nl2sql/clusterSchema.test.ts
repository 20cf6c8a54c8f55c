import { describe, expect, it } from 'vitest';
import { clusterSchema } from '../../../../src/core/nl2sql/clusterSchema.js';
import { makeRelation, makeSchema, makeTable, shopRelations, shopSchema } from '../../../support/shopSchema.js';

const one = (): number => 1;

describe('clusterSchema', () => {
  it('keeps a schema within the budget whole', () => {
    expect(clusterSchema(shopSchema, shopRelations, one, 6)).toEqual([shopSchema.tables.map((table) => table.name)]);
  });

  it('keeps related tables together and every table once', () => {
    const clusters = clusterSchema(shopSchema, shopRelations, one, 3);
    expect(clusters.flat().sort()).toEqual(shopSchema.tables.map((table) => table.name).sort());
    expect(clusters.every((cluster) => cluster.length <= 3)).toBe(true);
    expect(clusters[0]).toEqual(['customers', 'orders', 'order_lines']);
  });

  it('is the same for relations in another order', () => {
    const forward = clusterSchema(shopSchema, shopRelations, one, 2);
    expect(clusterSchema(shopSchema, [...shopRelations].reverse(), one, 2)).toEqual(forward);
  });

  it('lets a table above the budget stand alone', () => {
    const schema = makeSchema([makeTable('huge', ['a']), makeTable('small', ['b'])]);
    const cost = (table: string): number => (table === 'huge' ? 100 : 1);
    expect(clusterSchema(schema, [makeRelation('small', 'b', 'huge', 'a')], cost, 10)).toEqual([['huge'], ['small']]);
  });

  it('gives nothing for nothing', () => {
    expect(clusterSchema(makeSchema([]), [], one, 1)).toEqual([]);
  });
});
