/** Which strings of a program are SQL, and what they look like to the reader: as long as they were, `¬` for a blank that replaced something. */
import { expect, test } from 'vitest';
import { findEmbeddedSql, type HostLanguage } from '../../../../src/core/language/embeddedSql.js';

const found = (text: string, language: HostLanguage): string[] =>
  findEmbeddedSql(text, language).map(({ start, end, sql, holes }) => {
    expect(sql.length).toBe(end - start);
    for (const hole of holes) expect(sql.charAt(hole.start)).toBe('?');
    return sql.replace(/\s+/g, ' ').trim();
  });

test.each<[string, string[]]>([
  ['const a = sql`SELECT 1`;', ['SELECT 1']],
  ['const a = sql`SELECT ${x} FROM t`;', ['SELECT ? FROM t']],
  ['sql<Row[]>`SELECT 1`', ['SELECT 1']],
  ['await db.sql`SELECT 1`', ['SELECT 1']],
  ['sql``', ['']],
  ['const a = html`SELECT 1`;', []],
  ['const a = `SELECT 1`;', []],
  ['const sql = `SELECT 1`;', ['SELECT 1']],
  ['const query: string = `SELECT 1`;', ['SELECT 1']],
  ['const usersSql = "SELECT 1";', ['SELECT 1']],
  ["const sql = 'hello';", []],
  ["db.prepare('SELECT name FROM t')", ['SELECT name FROM t']],
  ['db.prepare<A>(`SELECT name`).all()', ['SELECT name']],
  ['map.get("key")', []],
  ['/* sql */ `SELECT 1`', ['SELECT 1']],
  ['// sql\nconst x = `SELECT 1`', ['SELECT 1']],
  ['// sql: all of them\nconst x = "SELECT 1"', ['SELECT 1']],
  ['// SQLite is small\nconst x = `it`', []],
  ['// const a = sql`SELECT 1`', []],
  ['/* sql`SELECT 1` */', []],
  ['const a = "sql`SELECT 1`";', []],
  ['sql`SELECT ${cond ? sql`a` : `b`} FROM t`', ['SELECT ? FROM t']],
  ['`${sql`SELECT 1`}`', ['SELECT 1']],
  ["sql`SELECT '\\`' `", ["SELECT ' `'"]],
  ['const r = /`/; const a = sql`SELECT 1`;', ['SELECT 1']],
  ["const r = s.replace(/['\"`]/g, ''); const a = sql`SELECT 1`;", ['SELECT 1']],
  ['const n = a / b; const m = sql`SELECT ${a / b}`;', ['SELECT ?']],
  ['sql`SELECT 1', ['SELECT 1']],
  ["it's; sql`SELECT 1`", ['SELECT 1']],
  ['const sql = `\n  WITH a AS (SELECT 1)\n  SELECT * FROM a`', ['WITH a AS (SELECT 1) SELECT * FROM a']],
])('script: %j', (text, expected) => {
  expect(found(text, 'script')).toEqual(expected);
});

test.each<[string, string[]]>([
  ['sql = """SELECT 1"""', ['SELECT 1']],
  ['sql = "SELECT 1"', ['SELECT 1']],
  ["query: str = 'SELECT 1'", ['SELECT 1']],
  ['sql = f"SELECT {a} FROM t"', ['SELECT ? FROM t']],
  ['sql = f"SELECT {{}} FROM t"', ['SELECT { } FROM t']],
  ['cur.execute("SELECT 1", ())', ['SELECT 1']],
  ['cur.execute(\n    """\n    SELECT 1\n    """\n)', ['SELECT 1']],
  ['# sql\nx = "SELECT 1"', ['SELECT 1']],
  ['# sql = "SELECT 1"', []],
  ['x = "SELECT 1"', []],
  ['"""sql = \'SELECT 1\'"""', []],
  ['sql = b"SELECT 1"', []],
  ['sql = r"SELECT \'\\d\'"', ["SELECT '\\d'"]],
  ['sql = "SELECT 1', ['SELECT 1']],
  ['sql = (\n  "SELECT 1"\n)', ['SELECT 1']],
])('python: %j', (text, expected) => {
  expect(found(text, 'python')).toEqual(expected);
});

test('offsets stay what they are', () => {
  const text = 'const a = sql`SELECT ${value} AS v`;';
  const [part] = findEmbeddedSql(text, 'script');
  expect(text.slice(part!.start, part!.end)).toBe('SELECT ${value} AS v');
  expect(part!.sql).toBe('SELECT ?        AS v');
  expect(part!.holes).toEqual([{ start: 7, end: 15 }]);
});
