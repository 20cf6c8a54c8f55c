/** Databases for tests of the schema graph: a shop to look at, and schemas of any size. */
import { type GraphColumn, type GraphDatabase, type GraphTable } from '../../src/core/presentation/graphModel.js';
import { type Relation, type RelationOrigin } from '../../src/core/graph/types.js';
import { relationId } from '../../src/core/graph/relationId.js';
import { seededRandom } from './seededRandom.js';

/** `id*` marks the primary key, `price:REAL` a type, `name!` not null. */
export function graphTable(name: string, columns: readonly string[], kind: GraphTable['kind'] = 'table'): GraphTable {
  const made = columns.map((text): GraphColumn => {
    const [bare = '', type] = text.replace(/[*!]/g, '').split(':');
    return { name: bare, type: type ?? (text.includes('*') || bare.endsWith('_id') ? 'INTEGER' : 'TEXT'), primary: text.includes('*'), foreign: bare.endsWith('_id'), notNull: text.includes('!') }; // prettier-ignore
  });
  return { name, kind, columns: made };
}

export function graphRelation(
  child: string,
  column: string,
  parent: string,
  origin: RelationOrigin = 'declared',
  cardinality: Relation['cardinality'] = 'N:1',
): Relation {
  // prettier-ignore
  const confidence = origin === 'inferred' ? 0.72 : 1;
  return { id: relationId(child, [column], parent, ['id']), child, childColumns: [column], parent, parentColumns: ['id'], origin, confidence, cardinality }; // prettier-ignore
}

export const shopGraph: GraphDatabase = {
  path: '/data/shop.db',
  label: 'data/shop.db',
  tables: [
    graphTable('customers', ['id*', 'name!', 'email:VARCHAR(255)', 'country_id!', 'created_at:DATETIME']),
    graphTable('countries', ['id*', 'name!', 'iso_code:CHAR(2)']),
    graphTable('orders', ['id*', 'customer_id!', 'shipping_address_id', 'placed_at:DATETIME!', 'status', 'total:DECIMAL(10,2)']),
    graphTable('order_lines', ['id*', 'order_id!', 'product_id!', 'quantity:INTEGER!', 'unit_price:REAL!']),
    graphTable('products', ['id*', 'sku!', 'title!', 'category_id', 'supplier_id', 'price:REAL', 'weight_grams:INTEGER']),
    graphTable('categories', ['id*', 'name!', 'parent_id']),
    graphTable('suppliers', ['id*', 'name!', 'country_id']),
    graphTable('addresses', ['id*', 'customer_id', 'street', 'city', 'postcode', 'country_id']),
    graphTable('reviews', ['id*', 'product_id!', 'customer_id', 'stars:INTEGER!', 'body']),
    graphTable('payments', ['id*', 'order_id!', 'method', 'amount:REAL!', 'paid_at:DATETIME']),
    graphTable('sales_by_month', ['month', 'revenue:REAL', 'orders:INTEGER'], 'view'),
    graphTable('product_search', ['title', 'body'], 'virtual'),
    graphTable('settings', ['key!', 'value']),
  ],
  relations: [
    graphRelation('customers', 'country_id', 'countries'),
    graphRelation('orders', 'customer_id', 'customers'),
    graphRelation('orders', 'shipping_address_id', 'addresses', 'inferred'),
    graphRelation('order_lines', 'order_id', 'orders'),
    graphRelation('order_lines', 'product_id', 'products'),
    graphRelation('products', 'category_id', 'categories'),
    graphRelation('products', 'supplier_id', 'suppliers', 'confirmed'),
    graphRelation('categories', 'parent_id', 'categories'),
    graphRelation('suppliers', 'country_id', 'countries', 'inferred'),
    graphRelation('addresses', 'customer_id', 'customers'),
    graphRelation('addresses', 'country_id', 'countries'),
    graphRelation('reviews', 'product_id', 'products'),
    graphRelation('reviews', 'customer_id', 'customers', 'inferred'),
    graphRelation('payments', 'order_id', 'orders', 'declared', '1:1'),
  ],
};

/** Tables of ten columns with 2.5 references each on average; a tenth of them go to ten tables that everybody refers to. */
export function largeGraph(tables: number): GraphDatabase {
  const random = seededRandom(7);
  const parents = Array.from({ length: tables }, () => new Set<number>());
  for (let at = 0; at < tables * 2.5; at++) {
    const child = at < tables - 1 ? at + 1 : 1 + Math.floor(random() * (tables - 1));
    parents[child]?.add(Math.floor(random() * (random() < 0.1 ? Math.min(10, child) : child)));
  }
  const names = Array.from({ length: tables }, (_, at) => `${nouns[at % nouns.length] ?? ''}_${at}`);
  return {
    path: '/data/large.db',
    label: 'large.db',
    tables: names.map((name, at) => graphTable(name, ['id*', ...[...(parents[at] ?? [])].map((parent) => `${names[parent] ?? ''}_id`), ...plain.slice(0, 7)])), // prettier-ignore
    relations: names.flatMap((name, at) => [...(parents[at] ?? [])].map((parent) => graphRelation(name, `${names[parent] ?? ''}_id`, names[parent] ?? '', parent % 4 === 0 ? 'inferred' : 'declared'))), // prettier-ignore
  };
}

const nouns = ['order', 'invoice', 'customer', 'shipment', 'product', 'ledger_entry', 'warehouse', 'employee', 'contract', 'ticket'];
const plain = ['name!', 'status', 'amount:DECIMAL(10,2)', 'created_at:DATETIME!', 'updated_at:DATETIME', 'notes', 'is_active:BOOLEAN'];
