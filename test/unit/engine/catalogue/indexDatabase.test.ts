/** Background work reads bounded samples of large tables and says so, stops when told to, and survives slices that fail. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sqlite3 from '@vscode/sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { declaredRelations } from '../../../../src/core/graph/declaredRelations.js';
import { inferRelations } from '../../../../src/core/graph/inferRelations.js';
import { CancellationSource, neverCancelled } from '../../../../src/core/shared/cancellation.js';
import { JoineryError } from '../../../../src/core/shared/errors.js';
import { silentLogger } from '../../../../src/core/shared/logger.js';
import { type ReadOnlyDatabase } from '../../../../src/core/sql/types.js';
import { indexDatabase, type IndexInput } from '../../../../src/engine/catalogue/indexDatabase.js';
import { wholeTableRows } from '../../../../src/engine/catalogue/sampleTable.js';
import { introspect } from '../../../../src/sqlite/introspect.js';
import { openDatabase } from '../../../../src/sqlite/openDatabase.js';

const many = wholeTableRows + 1;
const series = (rows: number): string => `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})`;
const ddl = `
  CREATE TABLE sensor (id INTEGER PRIMARY KEY, name TEXT);
  CREATE TABLE reading (id INTEGER PRIMARY KEY, sensor_id INTEGER, note TEXT, rowid TEXT);
  CREATE TABLE keyed (code TEXT PRIMARY KEY, sensor_id INTEGER) WITHOUT ROWID;
  CREATE VIEW everything AS SELECT * FROM reading, keyed;
  INSERT INTO sensor VALUES (1, 'north'), (2, 'south'), (3, 'east'), (4, NULL);
  INSERT INTO reading ${series(many)} SELECT i, 1 + i % 3, 'note ' || (i % 9), 'x' FROM n;
  INSERT INTO keyed ${series(many)} SELECT printf('%06d', i), 1 + i % 3 FROM n;`;

let folder: string;
let database: ReadOnlyDatabase;
let input: Omit<IndexInput, 'token'>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'index-'));
  const path = join(folder, 'large.db');
  await new Promise<void>((resolve, reject) => {
    const made: sqlite3.Database = new sqlite3.Database(path, () =>
      made.exec(`BEGIN;${ddl};COMMIT`, (error: Error | null) => (error ? reject(error) : made.close(() => resolve()))),
    );
  });
  database = await openDatabase(path);
  const schema = await introspect(database, { name: 'large.db' });
  const declared = declaredRelations(schema);
  input = {
    database,
    schema,
    declared,
    candidates: inferRelations(schema),
    log: silentLogger,
    onProfiles: () => undefined,
    onInferred: () => undefined,
  };
});

afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

/** The database with every statement noted; `before` may throw instead of running it. */
function watched(before: (sql: string, count: number) => void): ReadOnlyDatabase {
  let count = 0;
  return {
    path: database.path,
    run: (sql, limits) => {
      before(sql, count++);
      return database.run(sql, limits);
    },
    prepare: (sql) => database.prepare(sql),
    changeStamp: () => database.changeStamp(),
    close: () => Promise.resolve(),
  };
}

describe('indexDatabase', () => {
  it('says what rests on a sample', async () => {
    const found = await indexDatabase({ ...input, token: neverCancelled });
    expect(found.inferred.map((relation) => [relation.id, relation.reason?.inclusion, relation.reason?.sampled])).toEqual([
      ['reading(sensor_id)->sensor(id)', 1, true],
      ['keyed(sensor_id)->sensor(id)', 1, true],
    ]);
    expect(found.values.map((column) => [`${column.table}.${column.column}`, column.complete])).toEqual([
      ['sensor.name', true],
      ['reading.note', false],
      ['reading.rowid', false],
      ['keyed.code', false],
    ]);
    expect(found.profiles.find((profile) => profile.column === 'name')).toEqual({
      table: 'sensor',
      column: 'name',
      examples: ['east', 'north'],
      distinct: 3,
      rows: 4,
      nulls: 1,
      sampled: false,
    });
    const note = found.profiles.find((profile) => profile.column === 'note');
    expect([note?.distinct, note?.sampled]).toEqual([9, true]);
    expect(note?.rows).toBeLessThan(many);
  });

  it('spreads its sample over the whole table', async () => {
    const found = await indexDatabase({ ...input, token: neverCancelled });
    const ids = found.profiles.find((profile) => profile.table === 'reading' && profile.column === 'id');
    expect(ids?.rows).toBe(20_000);
  });

  it('bounds every statement that touches a large table', async () => {
    const statements: string[] = [];
    await indexDatabase({ ...input, database: watched((sql) => statements.push(sql)), token: neverCancelled });
    const large = statements.filter((sql) => /\b(?:reading|keyed)\b/.test(sql));
    expect(large.length).toBeGreaterThan(8);
    expect(large.filter((sql) => !/LIMIT \d+/.test(sql) && !/^SELECT \(SELECT min\(_rowid_\)/.test(sql))).toEqual([]);
  });

  it('never reads a view', async () => {
    const statements: string[] = [];
    await indexDatabase({ ...input, database: watched((sql) => statements.push(sql)), token: neverCancelled });
    expect(statements.filter((sql) => sql.includes('everything'))).toEqual([]);
  });

  it('stops at the next slice when cancelled', async () => {
    const source = new CancellationSource();
    let statements = 0;
    const counting = watched((_, count) => {
      statements++;
      if (count === 3) source.cancel();
    });
    await expect(indexDatabase({ ...input, database: counting, token: source.token })).rejects.toThrow();
    expect(statements).toBeLessThanOrEqual(4);
  });

  it.each(['sql.timeout', 'sql.failed', 'file.corrupt'] as const)('leaves out what fails with %s and goes on', async (code) => {
    const failing = watched((sql) => {
      if (/\bname\b/.test(sql)) throw new JoineryError(code, {});
    });
    const found = await indexDatabase({ ...input, database: failing, token: neverCancelled });
    expect(found.values.find((column) => column.column === 'note')?.values).toHaveLength(9);
    expect(found.values.find((column) => column.column === 'name')?.values ?? []).toEqual([]);
    expect(found.inferred).toHaveLength(2);
  });
});
