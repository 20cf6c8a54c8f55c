/** SQL in strings of programs, laid out in its place: what the program puts in stays, what is not safe stays as it is. */
import { expect, test } from 'vitest';
import { findEmbeddedSql, type HostLanguage } from '../../../../src/core/language/embeddedSql.js';
import { formatEmbedded } from '../../../../src/core/language/formatEmbedded.js';
import { applyEdits } from '../../../../src/core/sql/applyEdits.js';

/** `¦` for the end of a line. */
function formatted(program: string, language: HostLanguage): string {
  const source = program.replaceAll('¦', '\n');
  const edits = findEmbeddedSql(source, language).flatMap((part) => formatEmbedded(source, part));
  return applyEdits(source, edits).replaceAll('\n', '¦');
}

const long = 'select a, b from t where a = ${x} and b = ? and c is not null and d > 1';
const longLaid = (indent: string): string =>
  ['SELECT', '  a,', '  b', 'FROM', '  t', 'WHERE', '  a = ${x}', '  AND b = ?', '  AND c IS NOT NULL', '  AND d > 1'].map((line) => indent + line).join('¦'); // prettier-ignore

test.each<[string, string]>([
  [`const q = sql\`${long}\`;`, `const q = sql\`¦${longLaid('  ')}¦\`;`],
  [`  const q = sql\`¦    ${long}¦  \`;`, `  const q = sql\`¦${longLaid('    ')}¦  \`;`],
  ['sql`select  1`', 'sql`SELECT¦  1`'.replace('`SELECT¦  1`', '`¦  SELECT¦    1¦`')],
  ['sql`SELECT 1`', 'sql`SELECT 1`'],
  [
    'sql`SELECT a FROM t WHERE b = ${some.long} AND c = ${other.long}`',
    'sql`SELECT a FROM t WHERE b = ${some.long} AND c = ${other.long}`',
  ],
  ["db.prepare('select  a   from t')", "db.prepare('SELECT a FROM t')"],
  // Not safe: an escape, half a name, a piece of a text, a text over several lines, nothing that the formatter knows.
  ["db.prepare('select  a from t where b = \\'x\\'')", "db.prepare('select  a from t where b = \\'x\\'')"],
  ['sql`select  * from ${table}_old`', 'sql`select  * from ${table}_old`'],
  ['sql`select  * from main.${table}`', 'sql`select  * from main.${table}`'],
  ["sql`select  '${x}' from t`", "sql`select  '${x}' from t`"],
  ["sql`select  'a¦b' from t`", "sql`select  'a¦b' from t`"],
  ['sql`select  (((`', 'sql`select  (((`'],
  ['sql`create  trigger a after insert on t begin select 1; end`', 'sql`create  trigger a after insert on t begin select 1; end`'],
])('script: %s', (program, expected) => {
  expect(formatted(program, 'script')).toBe(expected);
});

test.each<[string, string]>([
  ['sql = "select  a from t"', 'sql = "SELECT a FROM t"'],
  ['sql = f"select  a from t where b = {x}"', 'sql = f"SELECT a FROM t WHERE b = {x}"'],
  ['cur.execute(¦    """¦    select  a¦    from t¦    """¦)', 'cur.execute(¦    """¦    SELECT¦      a¦    FROM¦      t¦    """¦)'],
  ['sql = "select  a -- why"', 'sql = "SELECT a -- why"'],
  ['sql = f"select  json({{}}) from t"', 'sql = f"select  json({{}}) from t"'],
])('python: %s', (program, expected) => {
  expect(formatted(program, 'python')).toBe(expected);
});

test('what is formatted is not formatted again', () => {
  for (const program of [`const q = sql\`${long}\`;`, `  const q = sql\`¦    ${long}¦  \`;`]) {
    const once = formatted(program, 'script');
    expect(formatted(once, 'script')).toBe(once);
  }
});
