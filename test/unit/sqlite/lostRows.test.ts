/** The binding may end a stream of rows before it has handed over the last ones. */
import { afterAll, expect, test } from 'vitest';
import { Interruption } from '../../../src/sqlite/interruption.js';
import { type RawRow, RawConnection } from '../../../src/sqlite/rawConnection.js';
import { runStatement, type StatementRunner } from '../../../src/sqlite/runStatement.js';
import { buildDatabase, makeTestFolder } from '../../support/buildFixture.js';

const folder = makeTestFolder();
afterAll(() => {
  folder.remove();
});

test.each([1, 2, 4])('%d lost rows are noticed and read again', async (lost) => {
  const connection = await RawConnection.open(
    await buildDatabase(folder.file(`lost${lost}.db`), 'CREATE TABLE t(a); INSERT INTO t VALUES (1), (2), (3);'),
  );
  let streams = 0;
  const forgetful: StatementRunner = {
    all: (sql) => connection.all(sql),
    each: async (sql, onRow) => {
      const rows: RawRow[] = [];
      await connection.each(sql, (row) => rows.push(row));
      streams++;
      for (const row of rows.slice(0, rows.length - lost)) onRow(row);
    },
  };
  const interruption = new Interruption(connection, { timeoutMs: 10_000 });
  const result = await runStatement(forgetful, { text: "SELECT a, 'x' FROM t" }, 10, interruption);
  expect([streams, result.rows]).toEqual([1, [[1, 'x'], [2, 'x'], [3, 'x']]]); // prettier-ignore
  await connection.close();
});
