/** Schemas for tests of the language room: parallel, composite and self-referring keys, a relation that was inferred, odd names. */
import { type Relation } from '../../src/core/graph/types.js';
import { type LanguageSchema, languageSchema } from '../../src/core/language/languageSchema.js';
import { makeRelation, makeSchema, makeTable } from './shopSchema.js';

const relations: readonly Relation[] = [
  makeRelation('orders', 'customer_id', 'customers', 'id'),
  makeRelation('orders', 'billing_address_id', 'addresses', 'id'),
  makeRelation('orders', 'shipping_address_id', 'addresses', 'id'),
  makeRelation('order_lines', 'order_id', 'orders', 'id'),
  makeRelation('order_lines', 'product_id', 'products', 'id'),
  {
    ...makeRelation('shipments', 'order_id', 'order_lines', 'order_id'),
    id: 'shipments(order_id,line_no)->order_lines(order_id,line_no)',
    childColumns: ['order_id', 'line_no'],
    parentColumns: ['order_id', 'line_no'],
  },
  makeRelation('employees', 'manager_id', 'employees', 'id'),
  { ...makeRelation('reviews', 'customer_id', 'customers', 'id'), origin: 'inferred', confidence: 0.5 },
];

export const shop: LanguageSchema = languageSchema({
  schema: makeSchema([
    makeTable('customers', ['id*', 'name', 'city', 'status']),
    makeTable('addresses', ['id*', 'street', 'city']),
    makeTable('orders', ['id*', 'customer_id:INTEGER', 'billing_address_id:INTEGER', 'shipping_address_id:INTEGER', 'placed_on']),
    makeTable('order_lines', ['order_id:INTEGER', 'line_no:INTEGER', 'product_id:INTEGER', 'quantity:INTEGER']),
    makeTable('products', ['id*', 'title', 'price:REAL']),
    makeTable('shipments', ['id*', 'order_id:INTEGER', 'line_no:INTEGER', 'sent_on']),
    makeTable('employees', ['id*', 'name', 'manager_id:INTEGER']),
    makeTable('reviews', ['id*', 'customer_id:INTEGER', 'stars:INTEGER']),
    makeTable('odd table', ['select', 'a"b', 'x']),
  ]),
  relations,
});

/** Cuts the sign of the cursor out of a text. */
export function atCursor(marked: string): { readonly text: string; readonly offset: number } {
  const offset = marked.indexOf('|');
  if (offset < 0) throw new Error(`no cursor in ${marked}`);
  return { text: marked.slice(0, offset) + marked.slice(offset + 1), offset };
}
