import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/sqlite/openDatabase.js';

const root = path.resolve(import.meta.dirname, '..', '..', '..');
const folder = mkdtempSync(path.join(tmpdir(), 'joinery-workspace-'));
const build = (): void => {
  execFileSync(process.execPath, [path.join(root, 'scripts', 'sample', 'buildWorkspace.mjs'), folder], { stdio: 'ignore' });
};

beforeAll(build, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the sample workspace', () => {
  it.each([
    ['shop', 'SELECT COUNT(*) > 9000 FROM orders'],
    ['library', 'SELECT COUNT(*) > 0 FROM loans JOIN books USING (book_id) JOIN book_authors USING (book_id) WHERE returned_on IS NULL'],
    [
      'clinic',
      "SELECT COUNT(*) > 0 FROM appointments JOIN doctors USING (doctor_id) JOIN departments USING (department_id) WHERE held_on LIKE '2024%'",
    ],
  ])('has the database %s', async (name, sql) => {
    const database = await openDatabase(path.join(folder, 'data', `${name}.db`));
    const { rows } = await database.run(sql, { timeoutMs: 5000, maxRows: 1 });
    await database.close();
    expect(rows).toEqual([[1]]);
  });

  it.each(['queries/shop.sql', 'queries/library.sql', 'queries/clinic.sql', 'report.ts'])('%s names a database that is there', (name) => {
    const file = path.join(folder, name);
    const named = /@db (\S+)/.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
    expect(existsSync(path.resolve(path.dirname(file), named))).toBe(true);
  });

  it('keeps databases and renews its texts when it is built again', () => {
    const database = path.join(folder, 'data', 'clinic.db');
    const text = path.join(folder, 'queries', 'shop.sql');
    const before = statSync(database).mtimeMs;
    const written = readFileSync(text, 'utf8');
    appendFileSync(text, '-- typed by somebody');
    build();
    expect(statSync(database).mtimeMs).toBe(before);
    expect(readFileSync(text, 'utf8')).toBe(written);
  });
});
