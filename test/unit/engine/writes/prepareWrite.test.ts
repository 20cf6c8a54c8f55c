/** Changes tried on a copy and applied to the real file: what the preview says, and that the file changes by a confirmed write alone. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CancellationSource } from '../../../../src/core/shared/cancellation.js';
import { isJoineryError } from '../../../../src/core/shared/errors.js';
import { type WritePreview } from '../../../../src/core/sql/changeTypes.js';
import { backupName, prepareWrite, type PreparedWrite } from '../../../../src/engine/writes/prepareWrite.js';
import { openDatabase } from '../../../../src/sqlite/openDatabase.js';
import { buildDatabase, makeTestFolder, type TestFolder, Writer } from '../../../support/buildFixture.js';

const ddl = `
  CREATE TABLE town(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE person(id INTEGER PRIMARY KEY, name TEXT, age INT CHECK (age >= 0), town_id REFERENCES town(id) ON DELETE CASCADE, photo BLOB);
  CREATE TABLE tag(word TEXT COLLATE NOCASE PRIMARY KEY, uses) WITHOUT ROWID;
  CREATE TABLE pair(a, b, n, PRIMARY KEY (a, b));
  CREATE TABLE note(text);
  CREATE TABLE log(what, at DEFAULT 'now');
  CREATE TRIGGER logged AFTER UPDATE ON tag BEGIN INSERT INTO log(what) VALUES (new.word); END;
  CREATE VIRTUAL TABLE search USING fts5(body);
  INSERT INTO town VALUES (1, 'Rome'), (2, 'Oslo');
  INSERT INTO person VALUES (1, 'Ada', 30, 1, x'00ff'), (2, 'Bob', 40, 1, NULL), (3, 'Cy', 3.0, 2, NULL), (4, NULL, 9007199254740993, 2, NULL);
  INSERT INTO tag VALUES ('red', 1), ('Blue', 2);
  INSERT INTO pair VALUES (1, NULL, 'x'), (1, 2, 'y');
  INSERT INTO note VALUES ('one'), ('two');
  INSERT INTO search VALUES ('first text');`;

let folder: TestFolder;
/** Where copies are made, seen by this file alone. */
let temporary: TestFolder;
const systemFolder = process.env['TMPDIR'];
let database: string;
const prepared: PreparedWrite[] = [];
const now = new Date(Date.UTC(2026, 10, 21, 12, 30, 59, 7));

beforeEach(async () => {
  folder = makeTestFolder();
  temporary = makeTestFolder();
  process.env['TMPDIR'] = temporary.path;
  database = await buildDatabase(folder.file('shop.db'), ddl);
});
afterEach(async () => {
  for (const write of prepared.splice(0)) await write.dispose();
  if (systemFolder === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = systemFolder;
  folder.remove();
  temporary.remove();
});

async function prepare(script: string, token?: CancellationSource): Promise<PreparedWrite> {
  const write = await prepareWrite(database, script, { timeoutMs: 60_000, rows: 100, ...(token ? { token: token.token } : {}) });
  prepared.push(write);
  return write;
}

const sum = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
const codeOf = async (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (error: unknown) => (isJoineryError(error) ? error.code : String(error))); // prettier-ignore

async function read(file: string, sql: string): Promise<string> {
  const opened = await openDatabase(file);
  try {
    const { rows } = await opened.run(sql, { timeoutMs: 5_000, maxRows: 100 });
    return JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
  } finally {
    await opened.close();
  }
}

/** Lines such as `person: -1 ~2 +0`, then the rows. */
function describeChanges({ schema, tables }: WritePreview): string[] {
  const objects = schema.map(
    ({ type, name, before, after }) => `${before === undefined ? '+' : after === undefined ? '-' : '~'} ${type} ${name}`,
  );
  const rows = tables.flatMap(({ table, inserted, deleted, updated, rows: some, unknown }) => [
    unknown ? `${table}: ?` : `${table}: -${deleted} ~${updated} +${inserted}`,
    ...some.map(({ before, after }) => `  ${before?.join(', ') ?? ''} → ${after?.join(', ') ?? ''}`),
  ]);
  return [...objects, ...rows];
}

test.each<[string, string[]]>([
  ["UPDATE person SET name = 'Bo' WHERE id = 2", ['person: -0 ~1 +0', "  2, 'Bob', 40, 1, NULL → 2, 'Bo', 40, 1, NULL"]],
  ['UPDATE person SET name = name', []],
  ['DELETE FROM person WHERE id = 1', ['person: -1 ~0 +0', "  1, 'Ada', 30, 1, X'00FF' → "]],
  ["INSERT INTO person(name, age) VALUES ('', 9007199254740995)", ['person: -0 ~0 +1', "   → 5, '', 9007199254740995, NULL, NULL"]],
  // Other tables, by foreign keys and by triggers.
  ['DELETE FROM town WHERE id = 2', ['person: -2 ~0 +0', "  3, 'Cy', 3, 2, NULL → ", '  4, NULL, 9007199254740993, 2, NULL → ', 'town: -1 ~0 +0', "  2, 'Oslo' → "]],
  ['PRAGMA foreign_keys = OFF; DELETE FROM town WHERE id = 2', ['town: -1 ~0 +0', "  2, 'Oslo' → "]],
  ["UPDATE tag SET uses = uses + 1 WHERE word = 'RED'", ['log: -0 ~0 +1', "   → 'red', 'now'", 'tag: -0 ~1 +0', "  'red', 1 → 'red', 2"]],
  // What only differs exactly.
  ["UPDATE note SET text = 'ONE' WHERE text = 'one'", ['note: -0 ~1 +0', "  'one' → 'ONE'"]],
  ["UPDATE tag SET word = 'BLUE' WHERE word = 'blue'", ['log: -0 ~0 +1', "   → 'BLUE', 'now'", 'tag: -0 ~1 +0', "  'Blue', 2 → 'BLUE', 2"]],
  ["UPDATE note SET text = CAST(text AS BLOB) WHERE text = 'one'", ['note: -0 ~1 +0', "  'one' → X'6F6E65'"]],
  ['UPDATE pair SET n = 1 WHERE b IS NULL', ['pair: -0 ~1 +0', "  1, NULL, 'x' → 1, NULL, 1"]],
  ['REPLACE INTO pair VALUES (1, 2, 3)', ['pair: -0 ~1 +0', "  1, 2, 'y' → 1, 2, 3"]],
  ['DELETE FROM note', ['note: -2 ~0 +0', "  'one' → ", "  'two' → "]],
  // The schema.
  ['CREATE TABLE fresh(a); INSERT INTO fresh VALUES (1)', ['+ table fresh']],
  ['DROP TABLE note', ['- table note']],
  ['CREATE INDEX i ON person(name)', ['+ index i']],
  ["ALTER TABLE note ADD COLUMN more DEFAULT 1; UPDATE note SET text = 'x' WHERE text = 'one'", ['~ table note', 'note: -0 ~1 +0', "  'one' → 'x'"]],
  // Virtual tables write on their own.
  ["INSERT INTO search VALUES ('second')", ['search: -0 ~0 +1', "   → 'second'"]],
])('preview of %s', async (script, expected) => {
  const before = sum(database);
  expect(describeChanges((await prepare(script)).preview)).toEqual(expected);
  expect(sum(database)).toBe(before);
  expect(readdirSync(folder.path)).toEqual(['shop.db']);
}); // prettier-ignore

test('effects are counted with triggers and foreign keys, statement by statement', async () => {
  const { preview } = await prepare("UPDATE tag SET uses = 0; SELECT 1; DELETE FROM town; INSERT INTO note VALUES ('a'), ('b')");
  expect(preview.statements.map(({ changes }) => changes)).toEqual([4, 6, 2]);
});

test('many rows are counted whole and shown in part; long values are cut', async () => {
  await prepare('DELETE FROM note');
  const write = await prepareWrite(
    database,
    "INSERT INTO note WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 5000) SELECT printf('%0500d', x) FROM c",
    { timeoutMs: 60_000, rows: 3 },
  );
  prepared.push(write);
  expect(write.preview.tables[0]).toMatchObject({ table: 'note', inserted: 5000 });
  expect(write.preview.tables[0]?.rows).toHaveLength(3);
  expect(write.preview.tables[0]?.rows[0]?.after?.[0]).toBe(`'${'0'.repeat(120)}'… (500)`);
});

test.each<[string, string]>([
  ['UPDATE nowhere SET a = 1', 'sql.unknownName'],
  ['UPDATE person SET age = -1', 'sql.failed'],
  ["DELETE FROM note; INSERT INTO town VALUES (9, 'Rome')", 'sql.failed'],
  ['INSERT INTO person(town_id) VALUES (77)', 'sql.failed'],
  ['DELETE FROM', 'sql.syntax'],
  ["VACUUM INTO 'x'", 'sql.notPreviewable'],
  ['SELECT 1', 'sql.empty'],
])('%s fails on the copy with %s and leaves nothing behind', async (script, code) => {
  const [before, folders] = [sum(database), previews()];
  expect(await codeOf(prepare(script))).toBe(code);
  expect(sum(database)).toBe(before);
  expect(previews()).toEqual(folders);
});

test('applied: one transaction on the real file, after a backup of what it was', async () => {
  const write = await prepare("UPDATE person SET name = 'Bo' WHERE id = 2; DELETE FROM note WHERE text = 'one'");
  const before = await read(database, 'SELECT * FROM person, note');
  const { backup, statements } = await write.apply(folder.file('kept/backups'), now);
  expect(backup).toBe(folder.file('kept/backups/shop-2026-11-21T12-30-59-007Z.db'));
  expect(statements.map(({ changes }) => changes)).toEqual([1, 1]);
  expect(await read(backup, 'SELECT * FROM person, note')).toBe(before);
  expect(statSync(backup).size).toBe(statSync(database).size);
  expect(await read(database, 'SELECT name, (SELECT group_concat(text) FROM note) FROM person WHERE id = 2')).toBe('[["Bo","two"]]');
  expect(await codeOf(write.apply(folder.file('kept/backups'), now))).toBe('write.changed');
});

test.each<[string, (file: string) => Promise<void>]>([
  ['another connection committed', (file) => change(file, "INSERT INTO note VALUES ('late')")],
  ['the schema changed', (file) => change(file, 'CREATE TABLE late(a)')],
  ['it was replaced', async (file) => {
    renameSync(file, folder.file('old.db'));
    await buildDatabase(file, ddl);
  }],
  ['it was deleted', (file) => Promise.resolve(renameSync(file, folder.file('gone')))],
])('not applied when %s since the preview', async (_, meanwhile) => {
  const write = await prepare('DELETE FROM note');
  expect(await write.isCurrent()).toBe(true);
  await meanwhile(database);
  const before = existsSync(database) ? sum(database) : '';
  expect(await codeOf(write.apply(folder.file('backups'), now))).toMatch(/^(?:write\.changed|file\.vanished)$/);
  expect(existsSync(database) ? sum(database) : '').toBe(before);
  expect(existsSync(folder.file('backups'))).toBe(false);
}); // prettier-ignore

test('a database with a write-ahead log: previewed with what the log holds, refused after a commit into it', async () => {
  const writer = await Writer.open(database);
  try {
    await writer.exec("PRAGMA journal_mode = wal; PRAGMA wal_autocheckpoint = 0; INSERT INTO note VALUES ('in the log')");
    const write = await prepare("DELETE FROM note WHERE text = 'in the log'");
    expect(write.preview.tables[0]).toMatchObject({ deleted: 1 });
    await writer.exec("UPDATE note SET text = text || '!'");
    expect(await codeOf(write.apply(folder.file('backups'), now))).toBe('write.changed');
    const again = await prepare("DELETE FROM note WHERE text = 'in the log!'");
    const { backup } = await again.apply(folder.file('backups'), now);
    expect(await read(backup, 'SELECT count(*) FROM note')).toBe('[[3]]');
    expect(await read(database, 'SELECT count(*) FROM note')).toBe('[[2]]');
  } finally {
    await writer.close();
  }
});

test('taken back when the real file answers otherwise than the copy', async () => {
  const random =
    'CREATE TABLE coin AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 2000) SELECT x FROM c WHERE random() % 2';
  const write = await prepare(random);
  const before = await read(database, 'SELECT name FROM sqlite_schema');
  // One in about a hundred runs selects as many rows both times; the statement is then as previewed.
  if ((await codeOf(write.apply(folder.file('backups'), now))) === 'done') return;
  expect(await read(database, 'SELECT name FROM sqlite_schema')).toBe(before);
  expect(readdirSync(folder.file('backups'))).toEqual([]);
});

test('a locked database is not written, whoever holds it keeps it', async () => {
  const write = await prepare('DELETE FROM note');
  const writer = await Writer.open(database);
  try {
    await writer.exec('BEGIN IMMEDIATE');
    expect(await codeOf(write.apply(folder.file('backups'), now))).toBe('file.locked');
    await writer.exec('COMMIT');
  } finally {
    await writer.close();
  }
  expect(await read(database, 'SELECT count(*) FROM note')).toBe('[[2]]');
  expect(await codeOf(write.apply(folder.file('backups'), now))).toBe('done');
  expect(await read(database, 'SELECT count(*) FROM note')).toBe('[[0]]');
});

test('cancelled while it runs, on the copy and on the real file', async () => {
  const endless = 'INSERT INTO note WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c';
  const [before, folders, source] = [sum(database), previews(), new CancellationSource()];
  const running = codeOf(prepare(endless, source));
  setImmediate(() => source.cancel());
  expect(await running).toBe('cancelled');
  const write = await prepare('DELETE FROM note');
  const cancelled = new CancellationSource();
  cancelled.cancel();
  expect(await codeOf(write.apply(folder.file('backups'), now, cancelled.token))).toBe('cancelled');
  await write.dispose();
  expect(sum(database)).toBe(before);
  expect(previews()).toEqual(folders);
});

test('names of backups sort by time', () => {
  expect(backupName('/a/b c.sqlite3', now)).toBe('b c-2026-11-21T12-30-59-007Z.sqlite3');
  expect(backupName('/a/plain', now)).toBe('plain-2026-11-21T12-30-59-007Z');
});

function previews(): string[] {
  return readdirSync(temporary.path);
}

async function change(file: string, sql: string): Promise<void> {
  const writer = await Writer.open(file);
  await writer.exec(sql).finally(() => writer.close());
}
