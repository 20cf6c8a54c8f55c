/** Schemas as read from real files, against what the fixtures' SQL says. */
import { afterAll, expect, test } from 'vitest';
import { type DatabaseSchema, type Table } from '../../../src/core/schema/types.js';
import { introspect } from '../../../src/sqlite/introspect.js';
import { openDatabase } from '../../../src/sqlite/openDatabase.js';
import { buildDatabase, buildFixture, makeTestFolder, Writer } from '../../support/buildFixture.js';

const folder = makeTestFolder();
const another = makeTestFolder();
afterAll(() => {
  folder.remove();
  another.remove();
});

async function read(file: string): Promise<DatabaseSchema> {
  const database = await openDatabase(file);
  try {
    return await introspect(database, { name: 'test' });
  } finally {
    await database.close();
  }
}

async function readSql(name: string, sql: string): Promise<DatabaseSchema> {
  return read(await buildDatabase(folder.file(`${name}.db`), sql));
}

/** Everything but the stored statements, one fact a line. */
function describeSchema(schema: DatabaseSchema): string {
  const problems = schema.problems.map(({ table, code, detail }) => `problem ${code} ${table ?? ''}: ${detail}`);
  return [...schema.tables.flatMap(describeTable), ...problems, ''].join('\n');
}

function describeTable(table: Table): string[] {
  const marks = [table.module && `using ${table.module}`, table.withoutRowid && 'without rowid', table.strict && 'strict'].filter(Boolean);
  return [
    [table.kind, table.name, ...marks].join(' '),
    ...table.columns.map(
      (column) =>
        `  column ${column.name} | ${column.type || 'no type'} | ${column.affinity}${column.notNull ? ' | not null' : ''}${column.primaryKey ? ` | key ${column.primaryKey}` : ''}` +
        (column.defaultValue === undefined ? '' : ` | default ${column.defaultValue}`) +
        (column.generated ? ` | generated ${column.generated}` : ''),
    ),
    ...(table.primaryKey.length > 0 ? [`  primary key ${table.primaryKey.join(', ')}`] : []),
    ...table.foreignKeys.map(
      (key) =>
        `  ${key.columns.join(', ')} → ${key.parentTable} (${key.parentColumns.join(', ')}) | update ${key.onUpdate} | delete ${key.onDelete}` +
        `${key.deferred ? ' | deferred' : ''}${key.parentExists ? '' : ' | parent does not exist'}`,
    ),
    ...table.indexes.map(
      (index) =>
        `  index ${index.name} | ${index.origin}${index.unique ? ' | unique' : ''}${index.partial ? ' | partial' : ''} | ${index.columns.map((name) => name ?? 'expression').join(', ')}`,
    ),
    ...table.checks.map((check) => `  check ${check}`),
    ...table.triggers.map((trigger) => `  trigger ${trigger.name} | ${trigger.ddl.length} characters`),
  ];
}

test.each(['library', 'undeclared', 'odd_names', 'features', 'case_twins'])('%s', async (name) => {
  const schema = await read(await buildFixture(folder, name));
  await expect(describeSchema(schema)).toMatchFileSnapshot(`introspect-${name}.golden.txt`);
});

test('forty-eight tables with their keys', async () => {
  const schema = await read(await buildFixture(folder, 'company'));
  const keys = schema.tables.flatMap((table) => table.foreignKeys.map((key) => `${table.name} → ${key.parentTable}`));
  expect([schema.tables.length, schema.problems, schema.tables[0]?.name, schema.tables[47]?.name]).toEqual([
    48,
    [],
    'sales_customer',
    'travel_hotel',
  ]);
  expect(keys.length).toBe(schema.tables.map(({ ddl }) => ddl.split('REFERENCES').length - 1).reduce((a, b) => a + b, 0));
  expect(schema.tables.flatMap((table) => table.foreignKeys).every((key) => key.parentExists && key.parentColumns.length === 1)).toBe(true);
});

test('stored statements come along, shadow tables and SQLite’s own do not', async () => {
  const schema = await read(await buildFixture(another, 'features'));
  expect(schema.tables.map(({ name }) => name)).toEqual(['readings', 'people', 'orphans', 'notes', 'boxes', 'adults', 'adult_names']);
  expect(schema.tables.find(({ name }) => name === 'adults')?.ddl).toBe(
    `CREATE VIEW adults AS SELECT id, full_name AS "name" FROM people WHERE born < '2006'`,
  );
});

test('every name can be asked for', async () => {
  const file = await buildFixture(another, 'odd_names');
  const schema = await read(file);
  const database = await openDatabase(file);
  const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
  for (const table of schema.tables) {
    const sql = `SELECT ${table.columns.map(({ name }) => quote(name)).join(', ')} FROM ${quote(table.name)}`;
    expect((await database.run(sql, { timeoutMs: 10_000, maxRows: 10 })).columns).toEqual(table.columns.map(({ name }) => name));
  }
  await database.close();
});

test('the hash changes with the schema and not with the data', async () => {
  const file = await buildDatabase(folder.file('hash.db'), 'CREATE TABLE t(a);');
  const hashes = [(await read(file)).schemaHash];
  const writer = await Writer.open(file);
  await writer.exec('INSERT INTO t VALUES (1)');
  expect((await read(file)).schemaHash).toBe(hashes[0]);
  for (const sql of ['ALTER TABLE t ADD COLUMN b', 'CREATE INDEX i ON t(a)', 'DROP INDEX i']) {
    await writer.exec(sql);
    hashes.push((await read(file)).schemaHash);
  }
  await writer.close();
  expect([new Set(hashes).size, hashes[3]]).toEqual([3, hashes[1]]);
});

test('an empty schema', async () => {
  expect(await readSql('empty', 'CREATE TABLE t(a); DROP TABLE t;')).toMatchObject({ tables: [], problems: [] });
});

test('a module that is missing and names that are no UTF-8 leave the rest alone', async () => {
  const stored = (name: string, sql: string): string => `INSERT INTO sqlite_schema VALUES('table', ${name}, ${name}, 0, ${sql});`;
  const schema = await readSql(
    'damaged',
    `CREATE TABLE good(a, b); CREATE VIEW v AS SELECT a FROM good; CREATE VIRTUAL TABLE ft USING fts5(x); PRAGMA writable_schema = 1;
     ${stored("'ghost'", "'CREATE VIRTUAL TABLE ghost USING nosuch(a, b)'")}
     UPDATE sqlite_schema SET sql = CAST(x'${Buffer.from('CREATE TABLE good(a, "b').toString('hex')}ff${Buffer.from('")').toString('hex')}' AS TEXT) WHERE name = 'good';`,
  );
  expect(schema.tables.map(({ name, columns }) => [name, columns.map((column) => column.name)])).toEqual([
    ['good', ['a']],
    ['v', ['a']],
    ['ft', ['x']],
  ]);
  expect(schema.problems.map(({ code, table }) => [code, table])).toEqual([
    ['virtual.unavailable', 'ghost'],
    ['name.notUtf8', 'good'],
  ]);
});

test('1,000 tables, 2,500 keys and 2,000 columns', async () => {
  const tables = Array.from({ length: 1000 }, (_, at) => {
    const columns = ['a', 'b', 'c'].slice(0, at % 2 === 0 ? 2 : 3);
    const keys = columns.map((column, key) => `FOREIGN KEY (${column}) REFERENCES t${(at * 7 + key * 13) % 1000} (id)`);
    return `CREATE TABLE t${at} (id INTEGER PRIMARY KEY, a INT, b INT, c INT, ${keys.join(', ')});`;
  });
  const wide = `CREATE TABLE wide (${Array.from({ length: 2000 }, (_, at) => `k${at} INT`).join(', ')});`;
  const schema = await readSql('many', `BEGIN; ${tables.join('\n')} ${wide} COMMIT;`);
  const keys = schema.tables.flatMap((table) => table.foreignKeys);
  expect([schema.tables.length, keys.length, keys.every((key) => key.parentExists)]).toEqual([1001, 2500, true]);
  expect([schema.tables[1000]?.columns.length, schema.tables[1000]?.columns[1999]?.name]).toEqual([2000, 'k1999']);
});

test('an index has its statement, unless a constraint of its table made it', async () => {
  const sql = 'CREATE TABLE t (a UNIQUE, b);\nCREATE INDEX t_b ON t (b DESC)\n  WHERE b > 0;';
  const { tables } = await read(await buildDatabase(folder.file('indexes.db'), sql));
  expect(new Map(tables[0]?.indexes.map(({ name, ddl }) => [name, ddl]))).toEqual(
    new Map([
      ['sqlite_autoindex_t_1', undefined],
      ['t_b', 'CREATE INDEX t_b ON t (b DESC)\n  WHERE b > 0'],
    ]),
  );
});
