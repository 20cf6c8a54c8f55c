/** A small schema as plain values, for tests of the pure rooms: no database behind it. */
import { type Relation } from '../../src/core/graph/types.js';
import { type Column, type DatabaseSchema, type Table } from '../../src/core/schema/types.js';
import { type DatabaseKnowledge } from '../../src/core/nl2sql/types.js';

export function makeColumn(name: string, type = 'TEXT', primaryKey = 0): Column {
  const affinity = /INT/.test(type) ? 'INTEGER' : /REAL/.test(type) ? 'REAL' : 'TEXT';
  return { name, type, affinity, notNull: false, primaryKey };
}

/** `id*` marks the primary key, `price:REAL` a type. */
export function makeTable(name: string, columns: readonly string[]): Table {
  const made = columns.map((text) => {
    const [bare = '', type] = text.replace('*', '').split(':');
    return makeColumn(bare, type ?? (text.includes('*') ? 'INTEGER' : 'TEXT'), text.includes('*') ? 1 : 0);
  });
  return {
    name,
    kind: 'table',
    columns: made,
    primaryKey: made.filter((column) => column.primaryKey > 0).map((column) => column.name),
    foreignKeys: [],
    indexes: [],
    triggers: [],
    checks: [],
    withoutRowid: false,
    strict: false,
    ddl: '',
  };
}

export function makeSchema(tables: readonly Table[]): DatabaseSchema {
  return { id: 'test', name: 'test', tables, problems: [], schemaHash: 'test' };
}

export function makeRelation(child: string, childColumn: string, parent: string, parentColumn: string): Relation {
  return {
    id: `${child}(${childColumn})->${parent}(${parentColumn})`,
    child,
    childColumns: [childColumn],
    parent,
    parentColumns: [parentColumn],
    origin: 'declared',
    confidence: 1,
    cardinality: 'N:1',
  };
}

export const shopSchema = makeSchema([
  makeTable('customers', ['customer_id*', 'first_name', 'last_name', 'city', 'country']),
  makeTable('orders', ['order_id*', 'customer_id:INTEGER', 'order_date', 'total_cents:INTEGER']),
  makeTable('order_lines', ['order_id:INTEGER', 'product_id:INTEGER', 'quantity:INTEGER']),
  makeTable('products', ['product_id*', 'name', 'price:REAL', 'category_id:INTEGER']),
  makeTable('categories', ['category_id*', 'name', 'parent_id:INTEGER']),
  makeTable('ReviewScores', ['reviewId*', 'productId:INTEGER', 'stars:INTEGER']),
]);

export const shopRelations: readonly Relation[] = [
  makeRelation('orders', 'customer_id', 'customers', 'customer_id'),
  makeRelation('order_lines', 'order_id', 'orders', 'order_id'),
  makeRelation('order_lines', 'product_id', 'products', 'product_id'),
  makeRelation('products', 'category_id', 'categories', 'category_id'),
  makeRelation('categories', 'parent_id', 'categories', 'category_id'),
];

export const shopKnowledge: DatabaseKnowledge = { schema: shopSchema, relations: shopRelations, profiles: [] };
