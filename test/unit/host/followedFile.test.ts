/** When items of the tree have to be told that their hovers would say something else: with other tables in the SQL file, and not oftener. */
import { expect, it } from 'vitest';
import { workingTables } from '../../../src/core/presentation/workingTables.js';
import { FollowedFile } from '../../../src/host/features/schemaTree/followedFile.js';
import { makeSchema, makeTable } from '../../support/shopSchema.js';

const schema = makeSchema(['customers', 'orders', 'products'].map((name) => makeTable(name, ['id'])));

/** The text of the SQL file with `|` for the cursor; undefined for no file. */
let text: string | undefined;
let database = '/w/shop.db';
let opened: readonly string[] = ['/w/shop.db', '/w/other.db'];

const file = {
  database: (): Promise<string | undefined> => Promise.resolve(text === undefined ? undefined : database),
  tables: (): Promise<readonly string[]> =>
    Promise.resolve(workingTables((text ?? '').replace('|', ''), (text ?? '').indexOf('|'), schema)),
};

const steps: readonly (readonly [string, string | undefined, Partial<{ database: string; opened: readonly string[] }>, boolean])[] = [
  ['no file, at first', undefined, {}, false],
  ['a file is opened', 'SELECT * FROM orders|', {}, true],
  ['its cursor moves', 'SELECT |* FROM orders', {}, false],
  ['a column is typed', 'SELECT id| FROM orders', {}, false],
  ['a table is typed', 'SELECT id FROM orders JOIN customers|', {}, true],
  ['a word that is no table', 'SELECT id FROM orders JOIN customers nothing|', {}, false],
  ['a statement further down', 'SELECT id FROM orders JOIN customers; SELECT 1|', {}, false],
  ['the cursor in it, with a table of its own', 'SELECT id FROM orders JOIN customers; SELECT 1 FROM products|', {}, true],
  [
    'the same tables of another database',
    'SELECT id FROM orders JOIN customers; SELECT 1 FROM products|',
    { database: '/w/other.db' },
    true,
  ],
  ['a database that is not read yet', 'SELECT * FROM orders|', { opened: [] }, true],
  ['another table of it', 'SELECT * FROM customers|', {}, false],
  ['it has been read', 'SELECT * FROM customers|', { opened: ['/w/other.db'] }, true],
  ['no file any more', undefined, {}, true],
  ['still none', undefined, {}, false],
];

it('follows the file, step by step', async () => {
  const followed = new FollowedFile(file, (path) => (opened.includes(path) ? schema : undefined));
  const found: (readonly [string, boolean])[] = [];
  for (const [name, now, change] of steps) {
    text = now;
    database = change.database ?? database;
    opened = change.opened ?? opened;
    found.push([name, await followed.hasMoved()]);
  }
  expect(found).toEqual(steps.map(([name, , , hasMoved]) => [name, hasMoved]));
});
