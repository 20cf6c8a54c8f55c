/** SQL as source text: literals, declarations and bound parameters of seven languages. */
import { describe, expect, it } from 'vitest';
import { bindParameters } from '../../../../src/core/presentation/bindParameters.js';
import { continueStatement } from '../../../../src/core/presentation/continueStatement.js';
import { type CodeLanguage, codePlace, sqlInsertion, sqlLiteral } from '../../../../src/core/presentation/sqlLiteral.js';

describe('literals', () => {
  const cases: readonly (readonly [CodeLanguage, string, string])[] = [
    ['typescript', 'SELECT 1;', '`SELECT 1`'],
    ['javascript', "SELECT '`${a}\\'", "`SELECT '\\`\\${a}\\\\'`"],
    ['typescript', 'SELECT\n  1', '`\n    SELECT\n      1\n  `'],
    ['python', 'SELECT 1', '"""SELECT 1"""'],
    ['python', 'SELECT "a"', '"""SELECT "a\\""""'],
    ['python', "SELECT '\\'", '"""SELECT \'\\\\\'"""'],
    ['go', 'SELECT 1', '`SELECT 1`'],
    ['go', 'SELECT `a`', '`SELECT ` + "`" + `a` + "`" + ``'],
    ['java', 'SELECT 1', '"""\n      SELECT 1\n  """'],
    ['java', 'SELECT \'"""\'', '"""\n      SELECT \'\\"\\"\\"\'\n  """'],
    ['csharp', 'SELECT "a"', '@"SELECT ""a"""'],
    ['rust', 'SELECT 1', 'r"SELECT 1"'],
    ['rust', 'SELECT "a"', 'r#"SELECT "a""#'],
    ['rust', "SELECT '\"#'", 'r##"SELECT \'"#\'"##'],
  ];
  for (const [language, sql, literal] of cases)
    it(`${language}: ${JSON.stringify(sql)}`, () => expect(sqlLiteral(sql, language, '  ')).toBe(literal));

  it('what JavaScript reads back is the statement', () => {
    for (const sql of ["SELECT '`${a}\\'", "SELECT '\\n'", 'SELECT 1']) {
      const read = new Function(`return ${sqlLiteral(sql, 'javascript', '')}`) as () => string;
      expect(read()).toBe(sql);
    }
  });

  it('a string over two lines keeps its lines as they are', () => {
    expect(sqlLiteral("SELECT 'a\nb'", 'typescript', '  ')).toContain("SELECT 'a\nb'");
  });
});

describe('bound parameters', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ["SELECT a FROM t WHERE b = 'x'", 'SELECT a FROM t WHERE b = ?', ['x']],
    ["SELECT a FROM t WHERE b = 'it''s' AND c > 5", 'SELECT a FROM t WHERE b = ? AND c > ?', ["it's", '5']],
    ['SELECT a FROM t WHERE b BETWEEN 1 AND 2 AND 3 < c', 'SELECT a FROM t WHERE b BETWEEN ? AND ? AND 3 < c', ['1', '2']],
    ["SELECT a FROM t WHERE b IN ('x', 'y') LIMIT 5", 'SELECT a FROM t WHERE b IN (?, ?) LIMIT 5', ['x', 'y']],
    ["SELECT a FROM t WHERE b LIKE '%x%' ORDER BY 1", 'SELECT a FROM t WHERE b LIKE ? ORDER BY 1', ['%x%']],
    ["SELECT strftime('%Y', d) FROM t", "SELECT strftime('%Y', d) FROM t", []],
    ["SELECT a FROM t WHERE strftime('%Y', d) = '2012'", "SELECT a FROM t WHERE strftime('%Y', d) = ?", ['2012']],
    ['SELECT a FROM t WHERE b IN (SELECT 1)', 'SELECT a FROM t WHERE b IN (SELECT 1)', []],
    ['SELECT a FROM t WHERE b IS NOT NULL', 'SELECT a FROM t WHERE b IS NOT NULL', []],
  ];
  for (const [sql, bound, values] of cases) {
    it(sql, () => {
      const result = bindParameters(sql);
      expect(result.sql).toBe(bound);
      expect(result.values.map(({ text }) => text)).toEqual(values);
    });
  }
});

describe('insertions', () => {
  const sql = "SELECT a FROM t WHERE b = 'x'";
  const cases: readonly (readonly [CodeLanguage, 'statement' | 'expression' | 'arguments', boolean, string])[] = [
    ['typescript', 'statement', false, `const sql = \`${sql}\`;`],
    ['typescript', 'expression', false, `\`${sql}\``],
    ['typescript', 'arguments', true, "`SELECT a FROM t WHERE b = ?`, ['x']"],
    ['typescript', 'statement', true, "const sql = `SELECT a FROM t WHERE b = ?`;\nconst params = ['x'];"],
    ['typescript', 'expression', true, "`SELECT a FROM t WHERE b = ?`;\nconst params = ['x'];"],
    ['python', 'statement', true, 'sql = """SELECT a FROM t WHERE b = ?"""\nparams = ("x",)'],
    ['go', 'statement', true, 'sql := `SELECT a FROM t WHERE b = ?`\nparams := []any{"x"}'],
    ['java', 'statement', true, 'String sql = """\n    SELECT a FROM t WHERE b = ?\n""";\nObject[] params = new Object[] {"x"};'],
    ['csharp', 'statement', true, 'string sql = @"SELECT a FROM t WHERE b = ?";\nobject[] parameters = new object[] { "x" };'],
    ['rust', 'statement', true, 'let sql = r"SELECT a FROM t WHERE b = ?";\nlet params = ("x",);'],
  ];
  for (const [language, place, bound, text] of cases) {
    it(`${language}, ${place}, ${bound ? 'bound' : 'plain'}`, () =>
      expect(sqlInsertion({ sql, language, place, indent: '', bound })).toBe(text));
  }

  const places: readonly (readonly [string, string, string])[] = [
    ['', '', 'statement'],
    ['', 'const a = 1;', 'statement'],
    ['', 'def f():', 'statement'],
    ['', 'const queries = [', 'expression'],
    ['', '  a,', 'expression'],
    ['', 'return', 'expression'],
    ['', 'db.all(', 'arguments'],
    ['  db.all(', '', 'arguments'],
    ['const q = ', '', 'expression'],
    ['', 'function f() {', 'statement'],
  ];
  for (const [lead, line, place] of places)
    it(`${JSON.stringify(lead)} below ${JSON.stringify(line)}`, () => expect(codePlace(lead, line)).toBe(place));
});

describe('what is left of a begun statement', () => {
  const cases: readonly (readonly [string, string, string | undefined])[] = [
    ['SELECT na', 'SELECT\n  name\nFROM\n  t', 'me\nFROM\n  t'],
    ['select name ', 'SELECT\n  name\nFROM\n  t', 'FROM\n  t'],
    ['SELECT name\nFROM', 'SELECT name FROM t', ' t'],
    ['SELECT id', 'SELECT name FROM t', undefined],
    ['SELECT name FROM t', 'SELECT name FROM t', undefined],
  ];
  for (const [begun, sql, rest] of cases) it(JSON.stringify(begun), () => expect(continueStatement(begun, sql)).toBe(rest));
});
