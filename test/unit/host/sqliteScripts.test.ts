/** Scripts of other products are left in peace where nobody said that they mean a SQLite database. */
import { expect, it } from 'vitest';
import { looksForeign } from '../../../src/core/language/foreignDialect.js';
import { readScript, type Script } from '../../../src/core/language/script.js';
import { SqliteScripts } from '../../../src/host/services/sqliteScripts.js';

const cases: readonly (readonly [string, boolean, boolean])[] = [
  ['SELECT 1', false, true],
  ['SELECT 1', true, true],
  ['', false, true],
  ['CREATE TABLE t (id SERIAL); SELECT * FROM t', false, false],
  ['CREATE TABLE t (id SERIAL); SELECT * FROM t', true, true],
  ['SELECT a::text FROM t', false, false],
  ['SELECT a::text FROM t', true, true],
  ["SELECT 'a::text'", false, true],
];
it.each(cases)('%j, chosen: %s', (text, isChosen, wanted) => {
  expect(new SqliteScripts(looksForeign).isMeant(isChosen, readScript(text))).toBe(wanted);
});

it('a script is looked through once, and only when nobody chose', () => {
  let looks = 0;
  const scripts = new SqliteScripts((script: Script) => {
    looks++;
    return looksForeign(script);
  });
  const foreign = readScript('GRANT SELECT ON t TO u');
  expect([scripts.isMeant(true, foreign), looks]).toEqual([true, 0]);
  expect([scripts.isMeant(false, foreign), scripts.isMeant(false, foreign), looks]).toEqual([false, false, 1]);
  expect([scripts.isMeant(false, readScript('SELECT 1')), looks]).toEqual([true, 2]);
});
