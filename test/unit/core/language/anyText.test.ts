/** Whatever the text, every reader comes to its end without an exception, and what it says lies within the text. */
import { expect, test } from 'vitest';
import { completeSql } from '../../../../src/core/language/completeSql.js';
import { findEmbeddedSql } from '../../../../src/core/language/embeddedSql.js';
import { foldingSql } from '../../../../src/core/language/foldingSql.js';
import { nameUses } from '../../../../src/core/language/nameAt.js';
import { outlineSql } from '../../../../src/core/language/outlineSql.js';
import { NameResolver } from '../../../../src/core/language/resolveNames.js';
import { readScript } from '../../../../src/core/language/script.js';
import { tokenize } from '../../../../src/core/sql/tokenize.js';
import { shop } from '../../../support/languageSchemas.js';
import { seededRandom } from '../../../support/seededRandom.js';

const statements = [
  'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10), m AS NOT MATERIALIZED (SELECT * FROM n) SELECT m.i, count(*) FILTER (WHERE i > 1) OVER w AS c FROM m NATURAL LEFT JOIN n WINDOW w AS (PARTITION BY i ORDER BY 1) ORDER BY c DESC LIMIT 3 OFFSET 1;',
  "SELECT o.id AS \"or der\", CASE WHEN c.name LIKE 'a%' ESCAPE '\\' THEN CAST(x AS TEXT) ELSE NULL END FROM orders AS o JOIN customers c ON (o.customer_id = c.id AND 1) LEFT JOIN (SELECT * FROM products p, json_each(p.title)) j USING (id) WHERE o.id IN (SELECT 1) AND EXISTS (VALUES (1), (2)) GROUP BY 1 HAVING max(c.id) IS NOT DISTINCT FROM 2;",
  'INSERT OR REPLACE INTO main.customers AS k (id, name) SELECT id, title FROM products WHERE true ON CONFLICT (id) WHERE id > 1 DO UPDATE SET (name, city) = (excluded.name, 2) WHERE k.id = 1 ON CONFLICT DO NOTHING RETURNING *, id AS i;',
  'UPDATE OR IGNORE orders INDEXED BY i SET placed_on = (SELECT max(id) FROM customers) FROM customers c WHERE c.id = orders.customer_id RETURNING orders.*; DELETE FROM orders AS o NOT INDEXED WHERE o.id = ?1;',
  'CREATE TEMP TRIGGER IF NOT EXISTS t AFTER UPDATE OF id ON orders WHEN NEW.id > OLD.id BEGIN INSERT INTO customers VALUES (NEW.id, 1); SELECT raise(ABORT, \'no\'); END; CREATE UNIQUE INDEX IF NOT EXISTS i ON orders (lower(placed_on) COLLATE nocase DESC) WHERE id > 1;',
  'CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT CHECK (b > 1) DEFAULT (1), FOREIGN KEY (a) REFERENCES orders (id)) STRICT; CREATE VIEW v(x) AS SELECT 1; ALTER TABLE t RENAME COLUMN a TO b; PRAGMA main.table_info(t); EXPLAIN QUERY PLAN SELECT 1\n\nSELECT 2',
]; // prettier-ignore

function look(text: string): void {
  const script = readScript(text);
  const resolver = new NameResolver(shop);
  for (const stored of script.statements) {
    for (const { name } of nameUses(script.read(stored), resolver)) {
      expect(name.start).toBeGreaterThanOrEqual(stored.start);
      expect(name.end).toBeLessThanOrEqual(stored.end);
    }
  }
  outlineSql(script);
  foldingSql(script);
}

test.each(statements)('cut anywhere: %s', (statement) => {
  for (let at = 0; at <= statement.length; at++) {
    const script = readScript(statement.slice(0, at) + statement.slice(at + 7));
    const found = completeSql(script, at, shop);
    expect(found === undefined || (found.start <= at && at <= found.end)).toBe(true);
  }
  for (let at = 0; at <= statement.length; at += 3) look(statement.slice(0, at));
});

test('tokens in any order', () => {
  const random = seededRandom(7);
  const tokens = statements.flatMap((statement) => tokenize(statement).map(({ text }) => text));
  for (let round = 0; round < 300; round++) {
    const text = Array.from({ length: 1 + Math.floor(random() * 40) }, () => tokens[Math.floor(random() * tokens.length)]).join(' ');
    look(text);
    completeSql(readScript(text), Math.floor(random() * (text.length + 1)), shop);
  }
});

test('programs of any signs', () => {
  const random = seededRandom(11);
  const parts = [
    'sql',
    '`',
    '${',
    '}',
    "'",
    '"',
    '"""',
    '/*',
    '*/',
    '//',
    '#',
    '\n',
    '\\',
    'SELECT 1',
    '/',
    '=',
    '(',
    'f',
    ' ',
    '{',
    'prepare(',
  ];
  for (let round = 0; round < 500; round++) {
    const text = Array.from({ length: 1 + Math.floor(random() * 30) }, () => parts[Math.floor(random() * parts.length)]).join('');
    for (const language of ['script', 'python'] as const) {
      for (const { start, end, sql } of findEmbeddedSql(text, language)) {
        expect(sql.length).toBe(end - start);
        expect(start >= 0 && end <= text.length).toBe(true);
      }
    }
  }
});
