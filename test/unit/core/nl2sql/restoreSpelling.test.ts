import { describe, expect, it } from 'vitest';
import { restoreSpelling } from '../../../../src/core/nl2sql/restoreSpelling.js';
import { makeSchema, makeTable } from '../../../support/shopSchema.js';

const schema = makeSchema([
  makeTable('Campuses', ['Id*', 'Campus', 'Year:INTEGER', 'Count:INTEGER']),
  makeTable('csu_fees', ['Campus', 'CampusFee:INTEGER', 'YEAR:INTEGER']),
  makeTable('odd names', ['Group', 'two Words']),
]);

describe('restoreSpelling', () => {
  it.each([
    ['SELECT campus FROM campuses WHERE id = 3', 'SELECT Campus FROM Campuses WHERE Id = 3'],
    ['SELECT t1.campusfee FROM CSU_FEES AS t1', 'SELECT t1.CampusFee FROM csu_fees AS t1'],
    ['SELECT COUNT(*) AS campus FROM campuses', 'SELECT COUNT(*) AS campus FROM Campuses'],
    ['SELECT count(campus), count FROM campuses', 'SELECT count(Campus), Count FROM Campuses'],
    ["SELECT campus FROM campuses WHERE campus = 'campus'", "SELECT Campus FROM Campuses WHERE Campus = 'campus'"],
  ])('%s', (sql, expected) => {
    expect(restoreSpelling(sql, schema, 0)).toBe(expected);
  });

  it.each([
    'SELECT year FROM Campuses',
    'SELECT "campus" FROM Campuses',
    'SELECT x FROM y GROUP BY x',
    'SELECT "two words" FROM "ODD NAMES"',
  ])('leaves %s', (sql) => {
    expect(restoreSpelling(sql, schema, 0)).toBe(sql);
  });

  it('leaves what the user wrote', () => {
    expect(restoreSpelling('SELECT campus FROM campuses', schema, 14)).toBe('SELECT campus FROM Campuses');
  });
});
