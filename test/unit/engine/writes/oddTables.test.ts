/** The difference is right for tables of every shape and name: each is emptied on a copy, and as many rows as it had are said to be deleted. */
import { afterAll, expect, test } from 'vitest';
import { isJoineryError } from '../../../../src/core/shared/errors.js';
import { prepareWrite } from '../../../../src/engine/writes/prepareWrite.js';
import { introspect } from '../../../../src/sqlite/introspect.js';
import { openDatabase } from '../../../../src/sqlite/openDatabase.js';
import { buildFixture, makeTestFolder } from '../../../support/buildFixture.js';

const folder = makeTestFolder();
afterAll(() => folder.remove());

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

test.each(['features', 'odd_names', 'case_twins', 'company'])('tables of %s', { timeout: 60_000 }, async (fixture) => {
  const file = await buildFixture(folder, fixture);
  const database = await openDatabase(file);
  const schema = await introspect(database, { name: fixture });
  const tables = schema.tables.filter(({ kind }) => kind === 'table');
  expect(tables.length).toBeGreaterThan(1);
  for (const { name } of tables) {
    const { rows } = await database.run(`SELECT count(*) FROM ${quoted(name)}`, { timeoutMs: 5_000, maxRows: 1 });
    const script = `PRAGMA foreign_keys = OFF; DELETE FROM ${quoted(name)}`;
    const write = await prepareWrite(file, script, { timeoutMs: 10_000, rows: 5 }).catch((error: unknown) => {
      // A trigger of the fixture may forbid it.
      if (isJoineryError(error) && error.code === 'sql.failed') return undefined;
      throw error;
    });
    const found = write?.preview.tables.find(({ table }) => table === name);
    if (write)
      expect(`${name}: ${found?.deleted ?? 0} deleted, ${String(found?.unknown)}`).toBe(
        `${name}: ${String(rows[0]?.[0])} deleted, undefined`,
      );
    await write?.dispose();
  }
  await database.close();
});
