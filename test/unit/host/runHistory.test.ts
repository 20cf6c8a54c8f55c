/** The list of past runs: newest first, each once, bounded. */
import { expect, test } from 'vitest';
import { type PastRun, RunHistory } from '../../../src/host/features/runSql/runHistory.js';
import { fakeMemory } from '../../support/fakeMemory.js';

const run = (sql: string, at: number, database = '/a.db'): PastRun => ({ sql, database, at, elapsedMs: 1, outcome: 'ran' });
const listed = (history: RunHistory): string[] => history.list().map(({ sql, database, at }) => `${at} ${sql} ${database}`);

test('newest first; the same statement on the same database once', async () => {
  const history = new RunHistory(fakeMemory());
  expect(listed(history)).toEqual([]);
  for (const past of [run('A', 1), run('B', 2), run('A', 3, '/b.db'), run('A', 4)]) await history.add(past);
  expect(listed(history)).toEqual(['4 A /a.db', '3 A /b.db', '2 B /a.db']);
  await history.remove(run('A', 0));
  expect(listed(history)).toEqual(['3 A /b.db', '2 B /a.db']);
  await history.clear();
  expect(listed(history)).toEqual([]);
});

test('bounded in number, and dumps are not kept', async () => {
  const history = new RunHistory(fakeMemory());
  await history.add(run('x'.repeat(20_001), 0));
  expect(listed(history)).toEqual([]);
  for (let at = 0; at < 510; at++) await history.add(run(`SELECT ${at}`, at));
  expect(history.list()).toHaveLength(500);
  expect(history.list()[0]?.sql).toBe('SELECT 509');
});
