import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { build } from 'esbuild';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CancellationSource, neverCancelled } from '../../../../src/core/shared/cancellation.js';
import { plainView } from '../../../../src/core/sql/resultTypes.js';
import { exportResult } from '../../../../src/engine/export/exportResult.js';
import { exportInProcess } from '../../../../src/engine/results/exportInProcess.js';
import { type ExportOutcome, type ExportRequest } from '../../../../src/protocol/exportProcess.js';
import { makeDatabase, numbers, type TemporaryDatabase } from '../results/temporaryDatabase.js';

const rows = 12_345;
let database: TemporaryDatabase;

beforeAll(async () => {
  database = await makeDatabase(
    `CREATE TABLE t(id INTEGER PRIMARY KEY, real REAL, text TEXT, bytes BLOB, big INTEGER, mixed, "nothing", "a,b");
     ${numbers(rows)} INSERT INTO t SELECT i, i / 2.0, CASE i % 3 WHEN 0 THEN NULL WHEN 1 THEN '' ELSE 'row "' || i || '",' || char(10) || 'ü' END,
       x'00ff', 9223372036854775807 - i, CASE i % 2 WHEN 0 THEN i ELSE 'text' END, NULL, i FROM n;`,
  );
});
afterAll(() => database.remove());

const fileOf = (name: string): string => path.join(database.folder, name);

function run(format: ExportRequest['format'], sql = 'SELECT * FROM t', part: Partial<ExportRequest> = {}): Promise<ExportOutcome> {
  return exportResult({ database: database.path, sql, view: plainView, format, file: fileOf(`out.${format}`), ...part }, () => undefined);
}

describe('rows in files', () => {
  test('CSV: NULL is nothing, empty text is quoted', async () => {
    expect(await run('csv')).toEqual({ rows, cutValues: 0 });
    const text = await readFile(fileOf('out.csv'), 'utf8');
    expect(text.slice(0, 150)).toBe(
      'id,real,text,bytes,big,mixed,nothing,"a,b"\r\n1,0.5,"",00ff,9223372036854775806,text,,1\r\n2,1.0,"row ""2"",\nü",00ff,9223372036854775805,2,,2\r\n3,1.5,,00ff',
    );
    expect(text.match(/\r\n/g)).toHaveLength(rows + 1);
  });

  test('JSON: all of it is parsed again', async () => {
    await run('json');
    const found = JSON.parse(await readFile(fileOf('out.json'), 'utf8')) as readonly Record<string, unknown>[];
    expect(found).toHaveLength(rows);
    expect(found[1]).toMatchObject({ id: 2, real: 1, text: 'row "2",\nü', bytes: { $hex: '00ff' }, mixed: 2, nothing: null, 'a,b': 2 });
    expect(await readFile(fileOf('out.json'), 'utf8')).toContain('"big": 9223372036854775805');
  });

  test('Parquet: types by the values, integers of 64 bits', async () => {
    await run('parquet');
    const file = await asyncBufferFromFile(fileOf('out.parquet'));
    const { schema, row_groups: groups } = await parquetMetadataAsync(file);
    expect(schema.slice(1).map(({ type, converted_type }) => `${type}${converted_type === undefined ? '' : ` ${converted_type}`}`)).toEqual([
      'INT64', 'DOUBLE', 'BYTE_ARRAY UTF8', 'BYTE_ARRAY', 'INT64', 'BYTE_ARRAY UTF8', 'BYTE_ARRAY UTF8', 'INT64',
    ]); // prettier-ignore
    expect(groups.reduce((sum, { num_rows }) => sum + Number(num_rows), 0)).toBe(rows);
    const found = await parquetReadObjects({ file, rowEnd: 3, utf8: false });
    expect(found[0]).toMatchObject({ id: 1n, real: 0.5, text: '', big: 9223372036854775806n, mixed: 'text', nothing: null, 'a,b': 1n });
    expect(found[2]?.['text']).toBeNull();
    expect(found[0]?.['bytes']).toEqual(new Uint8Array([0, 255]));
  });

  test('XLSX: long integers as text, long texts cut and counted', async () => {
    const sql = "SELECT id, big, text, printf('%.40000c', 'x') AS long, bytes FROM t LIMIT 3";
    expect(await run('xlsx', sql)).toEqual({ rows: 3, cutValues: 3 });
    const book = new ExcelJS.Workbook();
    await book.xlsx.readFile(fileOf('out.xlsx'));
    const sheet = book.getWorksheet('Result');
    expect(sheet?.getRow(1).values).toEqual([undefined, 'id', 'big', 'text', 'long', 'bytes']);
    const row = sheet?.getRow(3);
    expect([row?.getCell(1).value, row?.getCell(2).value, row?.getCell(3).value]).toEqual([2, '9223372036854775805', 'row "2",\nü']);
    expect(String(row?.getCell(4).value)).toHaveLength(32_767);
  });

  test.each(['csv', 'json', 'parquet', 'xlsx'] as const)('%s without rows is a whole file', async (format) => {
    expect(await run(format, 'SELECT id AS a, id AS a FROM t WHERE 0')).toEqual({ rows: 0, cutValues: 0 });
    expect((await readFile(fileOf(`out.${format}`))).length).toBeGreaterThan(2);
  });

  test('sorted and filtered as the grid is', async () => {
    const view = { sort: [{ column: 0, descending: true }], filters: [{ column: 0, operator: 'atMost', value: '3' }] } as const;
    await run('csv', 'SELECT id FROM t', { view });
    expect(await readFile(fileOf('out.csv'), 'utf8')).toBe('id\r\n3\r\n2\r\n1\r\n');
  });

  test.each([
    ['a statement that fails on its way', "SELECT CASE id WHEN 9000 THEN json('{') ELSE id END FROM t", fileOf, 'sql.failed'],
    ['a folder that is not there', 'SELECT 1', (name: string) => path.join(fileOf('none'), name), 'file.noPermission'],
    ['a folder in the place of the file', 'SELECT 1', () => database.folder, 'file.noPermission'],
  ] as const)('%s: the error says so, and what was there stays', async (_name, sql, place, code) => {
    await writeFile(fileOf('kept.csv'), 'before');
    await expect(run('csv', sql, { file: place('kept.csv') })).rejects.toMatchObject({ code });
    expect(await readFile(fileOf('kept.csv'), 'utf8')).toBe('before');
    expect((await readdir(database.folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});

describe('the process that writes', () => {
  const program = path.resolve('.work', 'test-export', `export-${process.pid}.mjs`);
  beforeAll(async () => {
    await build({
      entryPoints: ['src/engine/export/main.ts'],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
      external: ['@vscode/sqlite3'],
      banner: { js: "import { createRequire as c } from 'node:module';\nconst require = c(import.meta.url);" },
      logLevel: 'error',
    });
  });
  const request = (sql: string, name: string): ExportRequest => ({
    database: database.path,
    sql,
    view: plainView,
    format: 'csv',
    file: fileOf(name),
  });

  test('tells its progress and its outcome', async () => {
    const seen: number[] = [];
    const outcome = await exportInProcess(request('SELECT * FROM t', 'whole.csv'), {
      program,
      env: {},
      token: neverCancelled,
      progress: (count) => seen.push(count),
    });
    expect(outcome).toEqual({ rows, cutValues: 0 });
    expect(seen.at(-1)).toBe(rows);
  });

  test('hands its errors over', async () => {
    const asked = exportInProcess(request('SELECT * FROM missing', 'x.csv'), {
      program,
      env: {},
      token: neverCancelled,
      progress: () => undefined,
    });
    await expect(asked).rejects.toMatchObject({ code: 'sql.unknownName' });
  });

  test('ends when it is cancelled and leaves nothing', async () => {
    const source = new CancellationSource();
    const endless = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n';
    const asked = exportInProcess(request(endless, 'never.csv'), { program, env: {}, token: source.token, progress: () => undefined });
    source.cancel();
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
    expect([existsSync(fileOf('never.csv')), existsSync(fileOf('never.csv.part'))]).toEqual([false, false]);
  });

  test('a program that does not start is said', async () => {
    const asked = exportInProcess(request('SELECT 1', 'x.csv'), {
      program: `${program}.none`,
      env: {},
      token: neverCancelled,
      progress: () => undefined,
    });
    await expect(asked).rejects.toMatchObject({ code: 'process.died' });
  });
});
