import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sqlite3 from '@vscode/sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countGoldTables, orderedAtTop } from '../../../src/core/eval/goldShape.js';

const root = path.resolve(import.meta.dirname, '..', '..', '..');
const script = path.join(root, 'scripts', 'sample', 'buildSample.mjs');
const folder = mkdtempSync(path.join(tmpdir(), 'joinery-sample-'));

interface Question {
  readonly id: string;
  readonly question: string;
  readonly sql: string | null;
  readonly level?: string;
  readonly tables?: number;
  readonly reason?: string;
}

type Row = Readonly<Record<string, unknown>>;

const readLines = (name: string): Question[] =>
  readFileSync(path.join(root, 'test', 'fixtures', 'sample', name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Question);
const questions = readLines('questions.jsonl');
const unanswerable = readLines('unanswerable.jsonl');

/** Rows and content hash that the script prints. */
function build(name: string, seed?: number): { file: string; rows: number; hash: string } {
  const file = path.join(folder, name);
  const text = execFileSync(process.execPath, [script, file, ...(seed === undefined ? [] : [String(seed)])], { encoding: 'utf8' });
  const [, rows = '0', hash = ''] = /: (\d+) rows, content (\w+)/.exec(text) ?? [];
  return { file, rows: Number(rows), hash };
}

let shop = { file: '', rows: 0, hash: '' };
let database: sqlite3.Database;

const all = (sql: string): Promise<Row[]> =>
  new Promise((resolve, reject) => database.all(sql, (error: Error | null, rows: Row[]) => (error ? reject(error) : resolve(rows))));

beforeAll(async () => {
  shop = build('shop.db');
  database = await new Promise<sqlite3.Database>((resolve, reject) => {
    const opened: sqlite3.Database = new sqlite3.Database(shop.file, sqlite3.OPEN_READONLY, (error) =>
      error ? reject(error) : resolve(opened),
    );
  });
}, 120_000);

afterAll(async () => {
  await new Promise((resolve) => database.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

describe('the sample shop', () => {
  it('has the same content for the same seed and another for another', () => {
    expect(build('again.db').hash).toBe(shop.hash);
    expect(build('other.db', 7).hash).not.toBe(shop.hash);
  }, 120_000);

  it('is large enough', async () => {
    const tables = await all(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'product_search%'",
    );
    expect(tables.length).toBeGreaterThanOrEqual(15);
    expect(shop.rows).toBeGreaterThanOrEqual(50_000);
  });

  it.each([
    ['a bridge table', "SELECT 1 FROM pragma_foreign_key_list('product_categories') GROUP BY 1 HAVING COUNT(*) = 2"],
    ['parallel keys', "SELECT 1 FROM pragma_foreign_key_list('orders') WHERE \"table\" = 'addresses' GROUP BY 1 HAVING COUNT(*) = 2"],
    ['a self-reference', "SELECT 1 FROM pragma_foreign_key_list('employees') WHERE \"table\" = 'employees'"],
    ['a composite key', "SELECT 1 FROM pragma_foreign_key_list('returns') WHERE \"table\" = 'order_lines' AND seq = 1"],
    ['a view', "SELECT 1 FROM sqlite_schema WHERE type = 'view'"],
    ['a full-text table', "SELECT 1 FROM product_search WHERE product_search MATCH 'hammock' LIMIT 1"],
  ])('has %s', async (_, sql) => {
    expect(await all(sql)).not.toEqual([]);
  });

  it.each([
    [
      'reviews.customer_id',
      "SELECT 1 FROM pragma_foreign_key_list('reviews') WHERE \"from\" = 'customer_id'",
      'SELECT 1 FROM reviews WHERE customer_id NOT IN (SELECT customer_id FROM customers)',
    ],
    [
      'page_visits.product_sku',
      "SELECT 1 FROM pragma_foreign_key_list('page_visits')",
      'SELECT 1 FROM page_visits WHERE product_sku NOT IN (SELECT sku FROM products)',
    ],
  ])('leaves %s undeclared but true', async (_, declared, broken) => {
    expect(await all(declared)).toEqual([]);
    expect(await all(broken)).toEqual([]);
  });

  it.each([
    ['money is a multiple of 0.25', 'SELECT 1 FROM orders WHERE total_amount * 4 <> CAST(total_amount * 4 AS INTEGER)'],
    ['totals are positive', 'SELECT 1 FROM orders WHERE total_amount <= 0'],
    [
      'orders without a coupon are their lines and the fee',
      'SELECT 1 FROM orders o WHERE coupon_id IS NULL AND total_amount <> shipping_fee + (SELECT SUM(line_total) FROM order_lines l WHERE l.order_id = o.order_id)',
    ],
    [
      'payments cover what was not cancelled',
      "SELECT 1 FROM orders o WHERE status <> 'cancelled' AND total_amount <> (SELECT SUM(amount) FROM payments p WHERE p.order_id = o.order_id)",
    ],
    ['nobody orders before registering', 'SELECT 1 FROM orders JOIN customers USING (customer_id) WHERE order_date < registered_on'],
    ['nothing is delivered before it is shipped', 'SELECT 1 FROM shipments WHERE delivered_on < shipped_on'],
    ['dates lie in 2022 to 2024', "SELECT 1 FROM orders WHERE order_date NOT BETWEEN '2022-01-01' AND '2024-12-31'"],
    [
      'nobody returns more than was bought',
      'SELECT 1 FROM returns r JOIN order_lines l USING (order_id, line_no) WHERE r.quantity > l.quantity',
    ],
  ])('%s', async (_, counterexample) => {
    expect(await all(`${counterexample} LIMIT 1`)).toEqual([]);
  });

  it('names the same five biggest customers of 2024 however spending is counted', async () => {
    const readings = [
      "SELECT customer_id FROM orders WHERE order_date LIKE '2024%' GROUP BY 1 ORDER BY SUM(total_amount) DESC LIMIT 5",
      "SELECT customer_id FROM orders WHERE order_date LIKE '2024%' AND status <> 'cancelled' GROUP BY 1 ORDER BY SUM(total_amount) DESC LIMIT 5",
      "SELECT customer_id FROM orders JOIN order_lines USING (order_id) WHERE order_date LIKE '2024%' GROUP BY 1 ORDER BY SUM(line_total) DESC LIMIT 5",
      "SELECT customer_id FROM orders JOIN payments USING (order_id) WHERE paid_on LIKE '2024%' GROUP BY 1 ORDER BY SUM(amount) DESC LIMIT 5",
    ];
    const results = await Promise.all(readings.map(all));
    expect(new Set(results.map((rows) => JSON.stringify(rows))).size).toBe(1);
    const ever = await all('SELECT customer_id FROM orders GROUP BY 1 ORDER BY SUM(total_amount) DESC LIMIT 5');
    expect(ever).not.toEqual(results[0]);
  });
});

describe('the questions with gold SQL', () => {
  it('are 100 different ones, 40 and more over three tables and more', () => {
    expect(questions.length).toBe(100);
    expect(new Set(questions.map(({ question }) => question)).size).toBe(100);
    expect(new Set(questions.map(({ id }) => id)).size).toBe(100);
    expect(questions.filter(({ tables = 0 }) => tables >= 3).length).toBeGreaterThanOrEqual(40);
    for (const level of ['easy', 'medium', 'hard', 'extra'])
      expect(questions.filter((question) => question.level === level).length).toBeGreaterThanOrEqual(15);
    expect(questions.map(({ question }) => question)).toContain('Which five customers spent the most in 2024?');
  });

  it.each(questions)('$id runs, has rows and does not hang on the order of scanning', async ({ sql, tables }) => {
    const gold = sql ?? '';
    await all('PRAGMA reverse_unordered_selects = 0');
    const rows = await all(gold);
    await all('PRAGMA reverse_unordered_selects = 1');
    const reversed = await all(gold);
    const texts = (list: readonly Row[]): string[] => list.map((row) => JSON.stringify(row));
    expect(rows.length).toBeGreaterThan(0);
    if (orderedAtTop(gold)) expect(texts(reversed)).toEqual(texts(rows));
    else expect(texts(reversed).sort()).toEqual(texts(rows).sort());
    expect(countGoldTables(gold)).toBe(tables);
  });
});

describe('the questions without an answer', () => {
  it('are 100 different ones with a reason', () => {
    expect(unanswerable.length).toBe(100);
    expect(new Set(unanswerable.map(({ question }) => question)).size).toBe(100);
    expect(unanswerable.every(({ sql }) => sql === null)).toBe(true);
    expect(new Set(unanswerable.map(({ reason }) => reason))).toEqual(
      new Set(['missing attribute', 'missing entity', 'other domain', 'forecast', 'opinion', 'world fact']),
    );
  });
});
