/** What a name at the cursor means, what is renamed with it, and the parameters of the call around it. */
import { describe, expect, test } from 'vitest';
import { nameAt } from '../../../../src/core/language/nameAt.js';
import { renameInSql } from '../../../../src/core/language/renameInSql.js';
import { NameResolver } from '../../../../src/core/language/resolveNames.js';
import { readScript, statementAt } from '../../../../src/core/language/script.js';
import { signatureAt } from '../../../../src/core/language/signatureAt.js';
import { applyEdits } from '../../../../src/core/sql/applyEdits.js';
import { atCursor, shop } from '../../../support/languageSchemas.js';

const read = (marked: string) => {
  const { text, offset } = atCursor(marked);
  const script = readScript(text);
  const statement = script.read(statementAt(script, offset)!);
  return { text, offset, statement, resolver: new NameResolver(shop) };
};

const meaning = (marked: string): string => {
  const { offset, statement, resolver } = read(marked);
  const use = nameAt(statement, offset, resolver);
  if (!use) return 'nothing';
  const { thing } = use;
  switch (thing.kind) {
    case 'table':
      return `table ${thing.table.name}`;
    case 'column':
      return `column ${thing.table.name}.${thing.column.name}`;
    case 'alias':
      return `alias ${thing.source.name} of ${thing.source.table?.name ?? thing.source.commonTable?.name.name ?? 'a subquery'}`;
    case 'commonTable':
      return `common table ${thing.commonTable.name.name}`;
    case 'declared':
      return `declared ${thing.declared.name}${thing.stored ? ` = ${thing.stored.table.name}.${thing.stored.column.name}` : ''}`;
    case 'result':
      return `result ${thing.declared.name}`;
    case 'function':
      return `function ${thing.call.name.name}`;
  }
};

test.each<[string, string]>([
  ['SELECT na|me FROM customers', 'column customers.name'],
  ['SELECT name| FROM customers', 'column customers.name'],
  ['SELECT |name FROM customers', 'column customers.name'],
  ['SELECT NAME| FROM CUSTOMERS', 'column customers.name'],
  ['SELECT name FROM cust|omers', 'table customers'],
  ['SELECT c|.name FROM customers c', 'alias c of customers'],
  ['SELECT c.na|me FROM customers c', 'column customers.name'],
  ['SELECT c.name FROM customers c|', 'alias c of customers'],
  ['SELECT customers|.name FROM customers', 'table customers'],
  ['SELECT "na|me" FROM "customers"', 'column customers.name'],
  ['SELECT co|unt(*) FROM customers', 'function count'],
  ['WITH a AS (SELECT name AS n FROM customers) SELECT n| FROM a', 'declared n = customers.name'],
  ['WITH a AS (SELECT name AS n FROM customers) SELECT n FROM a|', 'common table a'],
  ['WITH a|(x) AS (SELECT name FROM customers) SELECT x FROM a', 'common table a'],
  ['WITH a(x) AS (SELECT name FROM customers) SELECT x| FROM a', 'declared x = customers.name'],
  ['SELECT s.n| FROM (SELECT name n FROM customers) s', 'declared n = customers.name'],
  ['SELECT s|.n FROM (SELECT name n FROM customers) s', 'alias s of a subquery'],
  ['SELECT sum(price) AS total FROM products ORDER BY total|', 'result total'],
  ['SELECT 1 FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c|.id)', 'alias c of customers'],
  ['SELECT 1 FROM customers WHERE EXISTS (SELECT 1 FROM orders WHERE customer_id = na|me)', 'column customers.name'],
  ['UPDATE customers SET na|me = 1', 'column customers.name'],
  ['INSERT INTO customers (na|me) VALUES (1)', 'column customers.name'],
  ['DELETE FROM cust|omers WHERE name = 1', 'table customers'],
  ['DROP TABLE cust|omers', 'table customers'],
  ['CREATE TRIGGER t AFTER INSERT ON orders BEGIN UPDATE customers SET name = NEW.placed|_on; END', 'column orders.placed_on'],
  ['SELECT * FROM order_lines JOIN shipments USING (order|_id)', 'column shipments.order_id'],
  ['SELECT no|thing FROM customers', 'nothing'],
  ['SELECT name FR|OM customers', 'nothing'],
  ["SELECT 'na|me' FROM customers", 'nothing'],
  ['SELECT CAST(name AS TE|XT) FROM customers', 'nothing'],
  ['SELECT name FROM customers UNION SELECT ti|tle FROM products', 'column products.title'],
  ['SELECT row_number() OVER (PARTITION BY na|me) FROM customers', 'column customers.name'],
  ['SELECT count(*) FILTER (WHERE na|me = 1) FROM customers', 'column customers.name'],
])('%s → %s', (marked, expected) => {
  expect(meaning(marked)).toBe(expected);
});

describe('rename', () => {
  const renamed = (marked: string, newName: string): unknown => {
    const { text, offset, statement, resolver } = read(marked);
    const edits = renameInSql(statement, offset, newName, resolver);
    return typeof edits === 'object' ? applyEdits(text, edits) : edits;
  };

  test.each<[string, string, unknown]>([
    ['SELECT c|.name FROM customers c WHERE c.city = 1', 'who', 'SELECT who.name FROM customers who WHERE who.city = 1'],
    ['SELECT c.* FROM customers AS c|', 'who', 'SELECT who.* FROM customers AS who'],
    ['SELECT c|.name FROM customers c', 'order', 'SELECT "order".name FROM customers "order"'],
    ['SELECT c|.name, (SELECT 1 FROM orders o WHERE o.customer_id = c.id) FROM customers c', 'x', 'SELECT x.name, (SELECT 1 FROM orders o WHERE o.customer_id = x.id) FROM customers x'],
    ['SELECT c|.name, (SELECT c.id FROM orders c) FROM customers c', 'x', 'SELECT x.name, (SELECT c.id FROM orders c) FROM customers x'],
    ['WITH a AS (SELECT 1 AS n) SELECT a.n FROM a|', 'b', 'WITH b AS (SELECT 1 AS n) SELECT b.n FROM b'],
    ['WITH a AS (SELECT 1 AS n) SELECT x.n| FROM a x', 'm', 'WITH a AS (SELECT 1 AS m) SELECT x.m FROM a x'],
    ['SELECT sum(price) AS total| FROM products ORDER BY total', 's', 'SELECT sum(price) AS s FROM products ORDER BY s'],
    ['SELECT o|.id FROM orders o, customers c', 'c', 'taken'],
    ['SELECT name| FROM customers', 'x', undefined],
    ['SELECT name FROM customers|', 'x', undefined],
    ['SELECT count|(*) FROM customers', 'x', undefined],
  ])('%s as %s', (marked, newName, expected) => {
    expect(renamed(marked, newName)).toEqual(expected);
  }); // prettier-ignore
});

test.each<[string, string | undefined]>([
  ['SELECT round(|) FROM products', 'round 0'],
  ['SELECT round(price, |) FROM products', 'round 1'],
  ['SELECT coalesce(a, b, c, d, |)', 'coalesce 2'],
  ['SELECT round(abs(|), 2)', 'abs 0'],
  ['SELECT round(abs(1), |)', 'round 1'],
  ['SELECT round(1)| FROM products', undefined],
  ['SELECT nosuch(|)', undefined],
  ['SELECT (|)', undefined],
  ['SELECT round(price, |', 'round 1'],
])('parameters at %s', (marked, expected) => {
  const { statement, offset } = read(marked);
  const found = signatureAt(statement, offset);
  expect(found && `${found.forms[found.active]?.name} ${found.parameter}`).toBe(expected);
});
