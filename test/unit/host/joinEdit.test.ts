/** Where a join path goes in a SQL text, and what commands of the tree accept as arguments. */
import { describe, expect, it } from 'vitest';
import { asJoinPath, asNode, asRelation, chosenNodes } from '../../../src/host/features/schemaTree/nodeArguments.js';
import { joinEdit, type JoinPath } from '../../../src/host/features/schemaTree/joinEdit.js';
import { makeRelation } from '../../support/shopSchema.js';

const toOrders = makeRelation('orders', 'customer_id', 'customers', 'id');
const toLines = makeRelation('lines', 'order_id', 'orders', 'id');
const path: JoinPath = { root: 'customers', tables: ['customers', 'orders', 'lines'], relations: [toOrders, toLines] };

/** The text afterwards, `|` being the cursor before; a statement of its own behind `+`. */
function after(marked: string, given: JoinPath = path): string {
  const text = marked.replace('|', '');
  const edit = joinEdit(text, marked.indexOf('|'), given);
  if (edit.kind === 'present') return 'present';
  return edit.kind === 'statement' ? `+ ${edit.sql}` : text.slice(0, edit.offset) + edit.text + text.slice(edit.offset);
}

const own = '+ SELECT *\nFROM customers\nJOIN orders ON orders.customer_id = customers.id\nJOIN lines ON lines.order_id = orders.id;';

describe('joinEdit', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['|', own],
    ['SELECT * FROM other|', own],
    ['SELECT * FROM customers;\n\n|', own],
    ['SELECT * FROM customers|', 'SELECT * FROM customers\nJOIN orders ON orders.customer_id = customers.id\nJOIN lines ON lines.order_id = orders.id'], // prettier-ignore
    ['SELECT * FROM CUSTOMERS c| WHERE c.id = 1;', 'SELECT * FROM CUSTOMERS c\nJOIN orders ON orders.customer_id = c.id\nJOIN lines ON lines.order_id = orders.id WHERE c.id = 1;'], // prettier-ignore
    ['SELECT *\n  FROM lines AS l\n  WHERE 1|', 'SELECT *\n  FROM lines AS l\n  JOIN orders ON orders.id = l.order_id\n  JOIN customers ON customers.id = orders.customer_id\n  WHERE 1'], // prettier-ignore
    ['SELECT * FROM customers c JOIN orders o ON o.customer_id = c.id|', 'SELECT * FROM customers c JOIN orders o ON o.customer_id = c.id\nJOIN lines ON lines.order_id = o.id'], // prettier-ignore
    ['SELECT * FROM lines, orders, customers|', 'present'],
    ['SELECT 1; SELECT * FROM orders|; SELECT * FROM customers', 'SELECT 1; SELECT * FROM orders\nJOIN customers ON customers.id = orders.customer_id\nJOIN lines ON lines.order_id = orders.id; SELECT * FROM customers'], // prettier-ignore
    ['SELECT (SELECT 1 FROM customers) FROM customers JOIN orders ON 1|', 'SELECT (SELECT 1 FROM customers) FROM customers JOIN orders ON 1\nJOIN lines ON lines.order_id = orders.id'], // prettier-ignore
    ['SELECT * FROM customers|\n-- a note\nORDER BY 1', 'SELECT * FROM customers\nJOIN orders ON orders.customer_id = customers.id\nJOIN lines ON lines.order_id = orders.id\n-- a note\nORDER BY 1'], // prettier-ignore
    ['UPDATE customers SET name = 1|', own],
  ];
  for (const [marked, wanted] of cases) it(JSON.stringify(marked), () => expect(after(marked)).toBe(wanted));
});

describe('arguments', () => {
  const node = { kind: 'table', id: 'a', database: '/w/a.db', table: { name: 't' } };
  it('nodes are told from anything else', () => {
    expect([node, null, 1, 'x', {}, { ...node, id: '' }, { ...node, database: 1 }].map((value) => asNode(value) !== undefined)).toEqual([true, false, false, false, false, false, false]); // prettier-ignore
  });

  it('the selection goes before the one node, what is selected comes last', () => {
    const [one, two] = [asNode(node), asNode({ ...node, id: 'b' })];
    if (!one || !two) throw new Error('no node');
    const ids = (...given: Parameters<typeof chosenNodes>): string => chosenNodes(...given).map(({ id }) => id).join(); // prettier-ignore
    expect(ids(one, [one, two], [])).toBe('a,b');
    expect(ids(one, undefined, [two])).toBe('a');
    expect(ids(undefined, undefined, [two])).toBe('b');
    expect(ids('nonsense', ['nonsense'], [])).toBe('');
  });

  it('links', () => {
    const link = { database: '/w/a.db', root: 'a', tables: ['a', 'b'], relations: ['r'] };
    expect(asJoinPath(link)).toEqual(link);
    for (const bad of [
      undefined,
      'x',
      { ...link, tables: 'a' },
      { ...link, relations: [] },
      { ...link, relations: [1] },
      { ...link, root: '' },
    ])
      expect(asJoinPath(bad)).toBeUndefined();
    expect(asRelation({ database: '/w/a.db', relation: 'r' })).toEqual({ database: '/w/a.db', relation: 'r' });
    expect(asRelation({ ...node, kind: 'relation', relation: { id: 'r' } })).toEqual({ database: '/w/a.db', relation: 'r' });
    for (const bad of [node, { database: '/w/a.db' }, null]) expect(asRelation(bad)).toBeUndefined();
  });
});
