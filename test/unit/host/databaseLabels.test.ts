/** What a database is called in a list: equal names are told apart by their folders, in a workspace of several folders by those, too. */
import { expect, it } from 'vitest';
import { labelIn, nameInDocument, placesOf } from '../../../src/host/services/databaseLabels.js';

const folders = [
  { name: 'shop', path: '/w/shop' },
  { name: 'Old shop', path: '/elsewhere/shop' },
];
const folderOf = (database: string): (typeof folders)[number] | undefined => folders.find(({ path }) => database.startsWith(`${path}/`));

const cases: readonly (readonly [string, boolean, string])[] = [
  ['/w/shop/shop.db', false, 'shop.db'],
  ['/w/shop/data/shop.db', false, 'shop.db data'],
  ['/w/shop/data/old/shop.db', false, 'shop.db data/old'],
  ['/w/shop/shop.db', true, 'shop.db shop'],
  ['/w/shop/data/shop.db', true, 'shop.db shop/data'],
  ['/elsewhere/shop/data/shop.db', true, 'shop.db Old shop/data'],
  ['/tmp/named/shop.db', false, 'shop.db /tmp/named'],
  ['/tmp/named/shop.db', true, 'shop.db /tmp/named'],
];
it.each(cases)('%s, several folders: %s', (database, hasSeveral, wanted) => {
  const { label, place } = placesOf([database], hasSeveral, folderOf).get(database) ?? { label: '', place: '' };
  expect(`${label} ${place}`.trim()).toBe(wanted);
});

it('names every database of the list', () => {
  const databases = ['/w/shop/a.db', '/elsewhere/shop/a.db', '/tmp/a.db'];
  expect([...placesOf(databases, true, folderOf)].map(([database, { place }]) => `${database} ${place}`)).toEqual([
    '/w/shop/a.db shop',
    '/elsewhere/shop/a.db Old shop',
    '/tmp/a.db /tmp',
  ]);
});

/** Database, several folders, in a list, behind `-- @db`. */
const names: readonly (readonly [string, boolean, string, string])[] = [
  ['/w/shop/data/shop.db', false, 'data/shop.db', 'data/shop.db'],
  ['/w/shop/data/shop.db', true, 'shop/data/shop.db', '/w/shop/data/shop.db'],
  ['/elsewhere/shop/data/shop.db', true, 'Old shop/data/shop.db', '/elsewhere/shop/data/shop.db'],
  ['/tmp/named/shop.db', false, 'shop.db', '/tmp/named/shop.db'],
];
it.each(names)('%s in one line, several folders: %s', (database, hasSeveral, label, name) => {
  expect(labelIn(database, hasSeveral, folderOf(database))).toBe(label);
  expect(nameInDocument(database, hasSeveral, folderOf(database))).toBe(name);
});
