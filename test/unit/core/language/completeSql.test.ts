/** What is offered where: each case has a cursor `|`, and the first proposals of some kinds as they would be inserted. */
import { describe, expect, test } from 'vitest';
import { completeSql } from '../../../../src/core/language/completeSql.js';
import { type Proposal, type ProposalKind } from '../../../../src/core/language/proposal.js';
import { readScript } from '../../../../src/core/language/script.js';
import { atCursor, shop } from '../../../support/languageSchemas.js';

const complete = (marked: string): readonly Proposal[] => {
  const { text, offset } = atCursor(marked);
  return completeSql(readScript(text), offset, shop, { smallDomain: (table, column) => (table === 'customers' && column === 'status' ? ['new', "it's"] : undefined) })?.proposals ?? []; // prettier-ignore
};

const inserts = (marked: string, ...kinds: readonly ProposalKind[]): string[] =>
  complete(marked).filter(({ kind }) => kinds.length === 0 || kinds.includes(kind)).map(({ insert }) => insert); // prettier-ignore

describe('joins', () => {
  test.each<[string, string[]]>([
    ['SELECT * FROM orders o JOIN |', [
      'customers c ON o.customer_id = c.id',
      'addresses a ON o.billing_address_id = a.id',
      'addresses a ON o.shipping_address_id = a.id',
      'order_lines ol ON ol.order_id = o.id',
    ]],
    ['SELECT * FROM orders JOIN |', ['customers ON orders.customer_id = customers.id']],
    ['select * from orders o join |', ['customers c on o.customer_id = c.id']],
    ['SELECT * FROM order_lines l JOIN |', ['orders o ON l.order_id = o.id', 'products p ON l.product_id = p.id', 'shipments s ON s.order_id = l.order_id AND s.line_no = l.line_no']],
    ['SELECT * FROM employees e JOIN |', ['employees e2 ON e.manager_id = e2.id', 'employees e2 ON e2.manager_id = e.id']],
    ['SELECT * FROM employees JOIN |', ['employees e ON employees.manager_id = e.id']],
    ['SELECT * FROM orders o JOIN cust|', ['customers c ON o.customer_id = c.id']],
    ['SELECT c.name FROM orders o JOIN | WHERE c.city = 1', ['customers c ON o.customer_id = c.id']],
    ['SELECT cu.name FROM orders o JOIN |', ['customers cu ON o.customer_id = cu.id']],
    ['SELECT quantity FROM orders o JOIN |', ['order_lines ol ON ol.order_id = o.id']],
    ['SELECT * FROM customers c JOIN orders o ON o.customer_id = c.id JOIN |', ['addresses a ON o.billing_address_id = a.id']],
    ['WITH c AS (SELECT 1) SELECT * FROM orders o JOIN |', ['customers c2 ON o.customer_id = c2.id']],
    ['WITH r AS (SELECT id, customer_id AS who FROM orders) SELECT * FROM r JOIN |', ['customers ON r.who = customers.id', 'order_lines ON order_lines.order_id = r.id']],
    ['SELECT * FROM (SELECT customer_id FROM orders) s JOIN |', ['customers c ON s.customer_id = c.id']],
    ['SELECT (SELECT 1 FROM orders o JOIN |) FROM products', ['customers c ON o.customer_id = c.id']],
  ])('%s', (marked, expected) => {
    expect(inserts(marked, 'join').slice(0, expected.length)).toEqual(expected);
  }); // prettier-ignore

  test('several joins are one proposal', () => {
    expect(inserts('SELECT * FROM customers c JOIN |', 'join')).toContain('orders o ON o.customer_id = c.id JOIN order_lines ol ON ol.order_id = o.id JOIN products p ON ol.product_id = p.id');
    expect(inserts('SELECT *\nFROM customers c\n  LEFT JOIN |', 'join')).toContain('orders o ON o.customer_id = c.id\n  LEFT JOIN order_lines ol ON ol.order_id = o.id');
  }); // prettier-ignore

  test('declared relations come before inferred ones, and those before tables far away', () => {
    const found = inserts('SELECT * FROM customers c JOIN |', 'join');
    expect(found[0]).toBe('orders o ON o.customer_id = c.id');
    expect(found.indexOf('reviews r ON r.customer_id = c.id')).toBeGreaterThan(0);
  });

  test('the cardinality is told', () => {
    const found = complete('SELECT * FROM orders o JOIN |').filter(({ kind }) => kind === 'join');
    expect(found.slice(0, 4).map(({ description }) => description)).toEqual(['N:1', 'N:1', 'N:1', '1:N']);
  });

  test('tables without a path are still offered, behind the joins', () => {
    const found = inserts('SELECT * FROM orders o JOIN |', 'join', 'table');
    expect(found).toContain('"odd table"');
    expect(found.indexOf('employees')).toBeGreaterThan(found.indexOf('customers c ON o.customer_id = c.id'));
  });

  test('a begun statement offers the whole join', () => {
    expect(inserts('SELECT * FROM orders o |', 'join')[0]).toBe('JOIN customers c ON o.customer_id = c.id');
    expect(inserts('SELECT * FROM orders o j|', 'join')[0]).toBe('JOIN customers c ON o.customer_id = c.id');
  });
});

describe('conditions', () => {
  test.each<[string, string[]]>([
    ['SELECT * FROM orders o JOIN customers c ON |', ['o.customer_id = c.id']],
    ['SELECT * FROM orders o JOIN customers c |', ['ON o.customer_id = c.id']],
    ['SELECT * FROM orders JOIN customers |', ['ON orders.customer_id = customers.id']],
    ['SELECT * FROM orders o JOIN addresses a ON |', ['o.billing_address_id = a.id', 'o.shipping_address_id = a.id']],
    ['SELECT * FROM order_lines l JOIN shipments s ON |', ['s.order_id = l.order_id AND s.line_no = l.line_no']],
    ['SELECT * FROM employees e JOIN employees m ON |', ['e.manager_id = m.id', 'm.manager_id = e.id']],
    ['SELECT * FROM orders o JOIN customers c ON | WHERE 1', ['o.customer_id = c.id']],
    ['SELECT * FROM orders o JOIN products p ON |', []],
    ['WITH c AS (SELECT id AS who, name FROM customers) SELECT * FROM orders o JOIN c ON |', ['o.customer_id = c.who']],
    ['WITH c AS (SELECT name FROM customers) SELECT * FROM orders o JOIN c ON |', []],
  ])('%s', (marked, expected) => {
    expect(inserts(marked, 'condition')).toEqual(expected);
  });

  test('USING offers the names that both have', () => {
    expect(inserts('SELECT * FROM order_lines JOIN shipments USING (|)')).toEqual(['order_id', 'line_no']);
  });
});

describe('columns', () => {
  test.each<[string, string[]]>([
    ['SELECT o.| FROM orders o', ['id', 'customer_id', 'billing_address_id', 'shipping_address_id', 'placed_on']],
    ['SELECT o.cus| FROM orders o', ['id', 'customer_id', 'billing_address_id', 'shipping_address_id', 'placed_on']],
    ['SELECT | FROM products', ['id', 'title', 'price']],
    ['SELECT pr| FROM products', ['id', 'title', 'price']],
    ['SELECT * FROM products WHERE |', ['id', 'title', 'price']],
    ['SELECT * FROM products ORDER BY |', ['id', 'title', 'price']],
    ['SELECT count(|) FROM products', ['id', 'title', 'price']],
    ['SELECT * FROM products p JOIN reviews r ON p.id = |', ['p.id', 'p.title', 'p.price', 'r.id', 'r.customer_id', 'r.stars']],
    ['WITH t AS (SELECT id, title AS what FROM products) SELECT | FROM t', ['id', 'what']],
    ['WITH t(a, b) AS (SELECT id, title FROM products) SELECT t.| FROM t', ['a', 'b']],
    ['SELECT x.| FROM (SELECT id AS n, upper(title) AS u FROM products) x', ['n', 'u']],
    ['SELECT x.| FROM (SELECT * FROM products) x', ['id', 'title', 'price']],
    ['SELECT x.| FROM (SELECT p.*, stars FROM products p, reviews) x', ['id', 'title', 'price', 'stars']],
    ['WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT | FROM n) SELECT 1', ['i']],
    ['UPDATE products SET |', ['id', 'title', 'price']],
    ['UPDATE products SET title = |', ['id', 'title', 'price']],
    ['DELETE FROM products WHERE |', ['id', 'title', 'price']],
    ['INSERT INTO products (|', ['id', 'title', 'price']],
    ['INSERT INTO products (id, |) VALUES (1, 2)', ['id', 'title', 'price']],
    ['INSERT INTO products VALUES (1) ON CONFLICT (id) DO UPDATE SET title = excluded.|', ['id', 'title', 'price']],
    ['SELECT "odd table".| FROM "odd table"', ['"select"', '"a""b"', 'x']],
    ['SELECT products.| ', ['id', 'title', 'price']],
    ['SELECT value FROM json_each(\'[]\') WHERE json_each.|', ['key', 'value', 'type', 'atom', 'id', 'parent', 'fullkey', 'path']],
    ['SELECT 1 FROM products p WHERE EXISTS (SELECT 1 FROM reviews r WHERE r.id = p.|)', ['id', 'title', 'price']],
    ['CREATE INDEX i ON products (|', ['id', 'title', 'price']],
    ['SELECT id FROM orders; SELECT | FROM products', ['id', 'title', 'price']],
    ['SELECT id FROM orders\n\nSELECT | FROM products', ['id', 'title', 'price']],
    ['SELECT a FROM orders UNION SELECT | FROM products', ['id', 'title', 'price']],
  ])('%s', (marked, expected) => {
    expect(inserts(marked, 'column', 'key')).toEqual(expected);
  }); // prettier-ignore

  test('names of the result are offered behind ORDER BY', () => {
    expect(inserts('SELECT sum(price) AS total FROM products ORDER BY |', 'result')).toEqual(['total']);
  });

  test('columns around a subquery come behind its own', () => {
    expect(inserts('SELECT 1 FROM products WHERE id IN (SELECT | FROM reviews)', 'column', 'key')).toEqual(['id', 'customer_id', 'stars', 'products.id', 'products.title', 'products.price']);
  }); // prettier-ignore

  test('values of a column with few of them', () => {
    expect(inserts('SELECT * FROM customers c WHERE c.status = |', 'value')).toEqual(["'new'", "'it''s'"]);
    expect(inserts("SELECT * FROM customers WHERE status IN ('new', |", 'value')).toEqual(["'new'", "'it''s'"]);
    expect(inserts('SELECT * FROM customers WHERE name = |', 'value')).toEqual([]);
  });
});

describe('tables', () => {
  test.each<[string, string[]]>([
    ['SELECT * FROM |', ['customers', 'addresses', 'orders']],
    ['SELECT * FROM cu|', ['customers', 'addresses', 'orders']],
    ['SELECT stars FROM |', ['reviews', 'customers']],
    ['INSERT INTO |', ['customers', 'addresses']],
    ['UPDATE |', ['customers', 'addresses']],
    ['DELETE FROM |', ['customers', 'addresses']],
    ['DROP TABLE |', ['customers', 'addresses']],
    ['SELECT * FROM orders, |', ['customers', 'addresses']],
    ['SELECT * FROM main.|', ['customers', 'addresses']],
  ])('%s', (marked, expected) => {
    expect(inserts(marked, 'table').slice(0, expected.length)).toEqual(expected);
  });

  test('common tables come first', () => {
    expect(inserts('WITH recent AS (SELECT 1) SELECT * FROM |')[0]).toBe('recent');
  });
});

describe('words', () => {
  test.each<[string, string]>([
    ['|', 'SELECT'],
    ['sel|', 'SELECT'],
    ['SELECT * |', 'FROM '],
    ['SELECT id |', 'FROM '],
    ['SELECT * FROM orders |', 'WHERE '],
    ['select * from orders |', 'where '],
    ['SELECT * FROM orders WHERE id = 1 |', 'AND'],
    ['SELECT * FROM orders ORDER BY id |', 'DESC'],
    ['SELECT * FROM orders LEFT |', 'JOIN '],
    ['SELECT CAST(id AS |', 'INTEGER'],
    ['SELECT * FROM orders ORDER BY id COLLATE |', 'NOCASE'],
    ['PRAGMA |', 'table_info'],
    ['CREATE |', 'TABLE'],
    ['CREATE VIEW v AS |', 'SELECT'],
    ['WITH a AS (SELECT 1) |', 'SELECT'],
    ['UPDATE orders |', 'SET'],
    ['INSERT INTO orders |', 'VALUES'],
    ['SELECT |', 'DISTINCT'],
  ])('%s → %s', (marked, expected) => {
    expect(inserts(marked, 'keyword')).toContain(expected);
  });

  test('functions carry their parameters', () => {
    const round = complete('SELECT ro| FROM products').find(({ label }) => label === 'round');
    expect([round?.detail, round?.insert]).toEqual(['(X, DIGITS?)', 'round($1)']);
    expect(inserts('SELECT * FROM products WHERE row|', 'function')).not.toContain('row_number() OVER ($2)');
  });

  test('a row to insert', () => {
    expect(inserts('INSERT INTO products |', 'snippet')).toEqual(['(id, title, price) VALUES (${1:id}, ${2:title}, ${3:price})']);
  });
});

test.each([
  "SELECT 'a|b'", 'SELECT 1 -- a |', '/* a | b */ SELECT 1', 'SELECT 12|', 'SELECT :na|', 'SELECT id AS |', 'SELECT nobody.| FROM orders', "SELECT 'open |", 'CREATE TABLE |',
])('nothing in %s', (marked) => {
  expect(complete(marked)).toEqual([]);
}); // prettier-ignore

test('the typed word is replaced, also behind the cursor', () => {
  const range = (marked: string): unknown => {
    const { text, offset } = atCursor(marked);
    const found = completeSql(readScript(text), offset, shop);
    return found && text.slice(found.start, found.end);
  };
  expect(range('SELECT cus|tom FROM orders')).toBe('custom');
  expect(range('SELECT o.| FROM orders o')).toBe('');
  expect(range('SELECT "cu|" FROM customers')).toBe('"cu"');
  expect(range('SELECT * FROM cu|')).toBe('cu');
});
