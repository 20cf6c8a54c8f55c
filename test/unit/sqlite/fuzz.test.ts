/** Whatever is asked, the files stay as they are: ten thousand made-up statements, many of them hostile. */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { isJoineryError } from '../../../src/core/shared/errors.js';
import { openDatabase } from '../../../src/sqlite/openDatabase.js';
import { RawConnection } from '../../../src/sqlite/rawConnection.js';
import { buildDatabase, makeTestFolder, Writer } from '../../support/buildFixture.js';
import { seededRandom } from '../../support/seededRandom.js';

const folder = makeTestFolder();
const statements = 10_000;
afterAll(() => {
  folder.remove();
});

type Pick = <T>(list: readonly T[]) => T;

const names = [
  't',
  'u',
  'v',
  'ft',
  'a',
  'b',
  '"a"',
  '[b]',
  '`t`',
  'sqlite_schema',
  'nope',
  'main.t',
  'temp.x',
  "'t'",
  'rowid',
  'pragma_table_info',
  'ft_data',
  '*',
];
const values = [
  '1',
  "'x'",
  'NULL',
  "x'00'",
  '-1.5',
  '9223372036854775807',
  '?1',
  ':p',
  '"text"',
  "'a''b'",
  'zeroblob(10)',
  'random()',
  'count(*)',
  '(SELECT 1)',
  "''",
];
const calls = [
  'abs',
  'replace',
  'load_extension',
  'writefile',
  'fts3_tokenizer',
  'json',
  'printf',
  'randomblob',
  'sqlite_version',
  'highlight',
  'edit',
  'zeroblob',
  'group_concat',
];
const pragmas = [
  'query_only=0',
  'writable_schema=1',
  'journal_mode=DELETE',
  'user_version=7',
  'wal_checkpoint(TRUNCATE)',
  'incremental_vacuum',
  'optimize',
  'locking_mode=EXCLUSIVE',
];
const noise = [
  ';',
  '--',
  '/*',
  '*/',
  '\u0000',
  "'",
  '"',
  ')',
  '(',
  '\n',
  ' RETURNING *',
  ' LIMIT 1',
  ' UNION ',
  ' FROM ',
  '🚲',
  '\\',
  '%s',
  '${x}',
  '[',
  '`',
];

function reading(pick: Pick): string {
  const table = pick(names);
  const column = pick([...names, ...values]);
  return pick([
    `SELECT ${column} FROM ${table}`,
    `SELECT ${pick(calls)}(${pick(values)}) FROM ${table} WHERE ${column} = ${pick(values)}`,
    `SELECT a, count(*) FROM t GROUP BY ${column} HAVING count(*) > ${pick(values)} ORDER BY ${pick(values)}`,
    `SELECT * FROM t JOIN u ON ${pick(names)} = ${column} LIMIT ${pick(values)}`,
    `WITH q(x) AS (SELECT ${column}) SELECT * FROM q, ${table}`,
    'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c',
    `SELECT * FROM ft WHERE ft MATCH ${pick(values)}`,
    `SELECT * FROM pragma_${pick(['table_info', 'user_version', 'journal_mode', 'wal_checkpoint', 'database_list'])}(${pick(values)})`,
    `VALUES (${pick(values)}, ${column})`,
    `EXPLAIN QUERY PLAN SELECT ${column} FROM ${table}`,
  ]);
}

function writing(pick: Pick): string {
  const table = pick(names);
  return pick([
    `INSERT INTO ${table} VALUES (${pick(values)}, ${pick(values)})`,
    `DELETE FROM ${table}`,
    `UPDATE ${table} SET a = ${pick(values)} WHERE b = ${pick(values)} RETURNING *`,
    `REPLACE INTO ${table} SELECT ${pick(values)}, 2`,
    `WITH q AS (${reading(pick)}) DELETE FROM ${table}`,
    `WITH q AS (DELETE FROM ${table} RETURNING *) SELECT * FROM q`,
    `DROP TABLE ${table}`,
    `CREATE ${pick(['TABLE', 'TEMP TABLE', 'VIEW'])} x AS ${reading(pick)}`,
    `PRAGMA ${pick(pragmas)}`,
    `EXPLAIN PRAGMA ${pick(pragmas)}`,
    `ATTACH '${folder.file('made.db')}' AS x`,
    `VACUUM INTO '${folder.file('made.db')}'`,
    'VACUUM', 'REINDEX', 'ANALYZE', 'BEGIN EXCLUSIVE', 'COMMIT',
    "INSERT INTO ft(ft) VALUES ('rebuild')",
    `SELECT writefile('${folder.file('made.txt')}', 'x')`,
  ]); // prettier-ignore
}

function makeStatement(pick: Pick, random: () => number): string {
  let sql = pick([reading, writing])(pick);
  if (random() < 0.3) sql = `${sql}${pick(['; ', ';', ' -- ', '/**/;', ' UNION SELECT 1,2; '])}${pick([reading, writing])(pick)}`;
  for (let changes = Math.floor(random() * 3); changes > 0; changes--) {
    const at = Math.floor(random() * (sql.length + 1));
    sql = pick([
      sql.slice(0, at) + pick(noise) + sql.slice(at),
      sql.slice(0, at) + sql.slice(at + 1 + Math.floor(random() * 4)),
      `/*${pick(noise)}*/${sql}`,
      sql,
    ]);
  }
  return sql;
}

function sums(): Record<string, string> {
  const files = readdirSync(folder.file('live')).filter((name) => !name.endsWith('-shm'));
  return Object.fromEntries(
    files.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(folder.file(`live/${name}`)))
        .digest('hex'),
    ]),
  );
}

test('ten thousand statements change no byte of the file and its log', { timeout: 120_000 }, async () => {
  mkdirSync(folder.file('live'));
  const file = folder.file('live/fuzz.db');
  const made = await buildDatabase(
    folder.file('made-before.db'),
    "PRAGMA journal_mode = WAL; CREATE TABLE t(a, b); CREATE TABLE u(a INTEGER PRIMARY KEY, b); CREATE VIEW v AS SELECT * FROM t; CREATE VIRTUAL TABLE ft USING fts5(x); INSERT INTO t VALUES (1, 'x'), (2, NULL);",
  );
  copyFileSync(made, file);
  const writer = await Writer.open(file);
  await writer.exec("PRAGMA wal_autocheckpoint = 0; INSERT INTO u VALUES (1, 'in the log'); INSERT INTO ft VALUES ('text')");
  const database = await openDatabase(file);
  const before = sums();
  expect(Object.keys(before)).toEqual(['fuzz.db', 'fuzz.db-wal']);

  const random = seededRandom(20_240_607);
  const pick: Pick = (list) => list[Math.floor(random() * list.length)]!;
  const outcomes = new Map<string, number>();
  for (let count = 0; count < statements; count++) {
    const sql = makeStatement(pick, random);
    const outcome = await database.run(sql, { timeoutMs: 2000, maxRows: 5 }).then(
      () => 'ran',
      (error: unknown) => (isJoineryError(error) ? error.code : `${String(error)} of ${sql}`),
    );
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  expect([...outcomes.keys()].filter((outcome) => outcome !== 'ran' && !outcome.startsWith('sql.'))).toEqual([]);
  // Each kind often enough to mean something.
  for (const kind of ['ran', 'sql.notReadOnly', 'sql.multiple', 'sql.syntax', 'sql.unknownName', 'sql.failed'])
    expect([kind, outcomes.get(kind)! > 50]).toEqual([kind, true]);

  expect(sums()).toEqual(before);
  expect(readdirSync(folder.path).sort()).toEqual(['live', 'made-before.db']);
  await database.close();
  expect(sums()).toEqual(before);
  await writer.close();
});

test('behind the guard the connection cannot write either', async () => {
  const file = await buildDatabase(folder.file('live/raw.db'), 'CREATE TABLE t(a); CREATE INDEX i ON t(a); INSERT INTO t VALUES (1);');
  const before = sums();
  const connection = await RawConnection.open(file);
  const refused = [
    'INSERT INTO t VALUES (2)', 'DELETE FROM t', 'DROP TABLE t', 'CREATE TABLE x(a)', 'CREATE TEMP TABLE x(a)', 'PRAGMA user_version = 5', 'PRAGMA journal_mode = WAL',
    `ATTACH '${folder.file('made.db')}' AS x`, `VACUUM INTO '${folder.file('made.db')}'`, 'VACUUM', 'REINDEX', "SELECT load_extension('x')", 'CREATE VIRTUAL TABLE x USING fts5(y)',
  ]; // prettier-ignore
  const ran: string[] = [];
  for (const sql of refused) {
    // Some pragmas do nothing instead of failing.
    await connection.all(sql).then(
      () => ran.push(sql),
      () => undefined,
    );
  }
  expect(ran.filter((sql) => !sql.startsWith('PRAGMA'))).toEqual([]);
  await connection.close();
  expect(sums()).toEqual(before);
  expect(readdirSync(folder.path).sort()).toEqual(['live', 'made-before.db']);
});
