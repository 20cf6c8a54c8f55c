/** Writes a new SQLite file from DDL and rows, and hashes its content. Replaces what is there. */
import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import sqlite3 from '@vscode/sqlite3';

const rowsPerInsert = 400;

/** `parts` in order: SQL text, or `{ table, rows }` with rows as arrays in the order of the table's columns. */
export async function writeDatabase(file, parts) {
  await mkdir(path.dirname(path.resolve(file)), { recursive: true });
  await rm(file, { force: true });
  const database = await open(file, sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE);
  await exec(database, 'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN');
  for (const part of parts) {
    if (typeof part === 'string') await exec(database, part);
    else await insertAll(database, part);
  }
  await exec(database, 'COMMIT; PRAGMA foreign_keys = ON; ANALYZE; PRAGMA journal_mode = DELETE');
  const broken = await all(database, 'PRAGMA foreign_key_check');
  if (broken.length > 0) throw new Error(`${file}: rows without a parent: ${JSON.stringify(broken.slice(0, 3))}`);
  await close(database);
}

/** SHA-256 over the schema and the rows of every table that is not part of a virtual one, in rowid or key order. */
export async function contentHash(file) {
  const database = await open(file, sqlite3.OPEN_READONLY);
  const hash = createHash('sha256');
  const objects = await all(database, "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name");
  const virtual = objects.filter(({ sql }) => /^CREATE VIRTUAL/i.test(sql ?? '')).map(({ name }) => name);
  let rows = 0;
  const counts = {};
  for (const { type, name, sql } of objects) {
    hash.update(`${type}\0${name}\0${sql}\n`);
    if (type !== 'table' || virtual.some((owner) => name === owner || name.startsWith(`${owner}_`))) continue;
    const content = await all(database, `SELECT * FROM "${name}"`);
    for (const row of content) hash.update(`${JSON.stringify(row)}\n`);
    counts[name] = content.length;
    rows += content.length;
  }
  await close(database);
  return { hash: hash.digest('hex'), rows, counts };
}

async function insertAll(database, { table, rows }) {
  for (let at = 0; at < rows.length; at += rowsPerInsert) {
    const values = rows.slice(at, at + rowsPerInsert).map((row) => `(${row.map(literal).join(',')})`);
    await exec(database, `INSERT INTO ${table} VALUES ${values.join(',')}`);
  }
}

function literal(value) {
  if (value === null || value === undefined) return 'NULL';
  return typeof value === 'number' ? String(value) : `'${String(value).replaceAll("'", "''")}'`;
}

function open(file, mode) {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(file, mode, (error) => (error ? reject(error) : resolve(database)));
  });
}

function exec(database, sql) {
  return new Promise((resolve, reject) => database.exec(sql, (error) => (error ? reject(error) : resolve())));
}

function all(database, sql) {
  return new Promise((resolve, reject) => database.all(sql, (error, rows) => (error ? reject(error) : resolve(rows))));
}

function close(database) {
  return new Promise((resolve, reject) => database.close((error) => (error ? reject(error) : resolve())));
}
