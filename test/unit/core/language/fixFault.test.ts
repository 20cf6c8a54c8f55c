/** Quick fixes: SQLite's complaint in, the mended text out. */
import { expect, test } from 'vitest';
import { type Fault } from '../../../../src/core/language/checkScript.js';
import { readComplaint } from '../../../../src/core/language/fault.js';
import { fixFault } from '../../../../src/core/language/fixFault.js';
import { readScript } from '../../../../src/core/language/script.js';
import { applyEdits } from '../../../../src/core/sql/applyEdits.js';
import { shop } from '../../../support/languageSchemas.js';

/** The place of the fault stands between « and ». */
const fixes = (marked: string, message: string): string[] => {
  const start = marked.indexOf('«');
  const end = marked.indexOf('»') - 1;
  const text = marked.replace(/[«»]/g, '');
  const complaint =
    message === '' ? { kind: 'doubleQuoted' as const, message, name: text.slice(start + 1, end - 1) } : readComplaint(message);
  const fault: Fault = { ...complaint, start, end, isHint: message === '' };
  return fixFault(readScript(text), fault, shop).map(({ kind, edits }) => `${kind}: ${applyEdits(text, edits)}`);
};

test.each<[string, string, string[]]>([
  ['SELECT «nam» FROM customers', 'no such column: nam', ['replace: SELECT name FROM customers']],
  ['SELECT c.«nmae» FROM customers c', 'no such column: c.nmae', ['replace: SELECT c.name FROM customers c']],
  ['SELECT «custmer_id» FROM orders o', 'no such column: custmer_id', ['replace: SELECT customer_id FROM orders o']],
  ['SELECT * FROM «custmers»', 'no such table: custmers', ['replace: SELECT * FROM customers']],
  ['SELECT * FROM «customer»', 'no such table: customer', ['replace: SELECT * FROM customers']],
  ['WITH recent AS (SELECT 1) SELECT * FROM «recnt»', 'no such table: recnt', ['replace: WITH recent AS (SELECT 1) SELECT * FROM recent']],
  ['SELECT «cuont»(*) FROM orders', 'no such function: cuont', ['replace: SELECT count(*) FROM orders']],
  ['SELECT «id» FROM orders o JOIN customers c ON o.customer_id = c.id', 'ambiguous column name: id', [
    'qualify: SELECT o.id FROM orders o JOIN customers c ON o.customer_id = c.id',
    'qualify: SELECT c.id FROM orders o JOIN customers c ON o.customer_id = c.id',
  ]],
  ['SELECT o.id, «c.name» FROM orders o WHERE o.id = 1', 'no such column: c.name', ['join: SELECT o.id, c.name FROM orders o JOIN customers c ON o.customer_id = c.id WHERE o.id = 1']],
  ['SELECT «customers.name» FROM orders', 'no such column: customers.name', ['join: SELECT customers.name FROM orders JOIN customers ON orders.customer_id = customers.id']],
  ['SELECT «quantity» FROM orders o\nWHERE 1', 'no such column: quantity', ['join: SELECT quantity FROM orders o JOIN order_lines ol ON ol.order_id = o.id\nWHERE 1']],
  ['SELECT o.id\nFROM orders o\nJOIN customers c ON o.customer_id = c.id\nWHERE «quantity» > 1', 'no such column: quantity', [
    'join: SELECT o.id\nFROM orders o\nJOIN customers c ON o.customer_id = c.id\nJOIN order_lines ol ON ol.order_id = o.id\nWHERE quantity > 1',
  ]],
  ['SELECT * FROM customers WHERE city = «"Paris"»', '', ["singleQuotes: SELECT * FROM customers WHERE city = 'Paris'"]],
  ['SELECT id,\n«FROM» customers', 'near "FROM": syntax error', ['removeComma: SELECT id\nFROM customers', 'quoteName: SELECT id,\n"FROM" customers']],
  ['SELECT * FROM customers\n«SELECT» 1', 'near "SELECT": syntax error', ['semicolon: SELECT * FROM customers;\nSELECT 1']],
  ['SELECT * FROM customers «WHER» id = 1', 'near "WHER": syntax error', ['replace: SELECT * FROM customers WHERE id = 1']],
  ['SELECT * «FORM» customers', 'near "FORM": syntax error', ['replace: SELECT * FROM customers']],
  ['SELECT «s.nothing» FROM order_lines l', 'no such column: s.nothing', ['join: SELECT s.nothing FROM order_lines l JOIN shipments s ON s.order_id = l.order_id AND s.line_no = l.line_no']],
  ['SELECT «total» FROM reviews', 'no such column: total', []],
])('%s', (marked, message, expected) => {
  expect(fixes(marked, message)).toEqual(expected);
}); // prettier-ignore
