import { describe, expect, test } from 'vitest';
import { toCsv, toInsert, toJson, toMarkdown, toTsv, uniqueNames } from '../../../../src/core/presentation/copyRows.js';
import { type SqlValue } from '../../../../src/core/schema/types.js';

type Format = 'tsv' | 'csv' | 'json' | 'markdown' | 'insert';

function one(value: SqlValue, type: string): Record<Format, string> {
  const copied = { columns: ['v'], rows: [{ values: [value], types: type }] };
  return {
    tsv: toTsv(copied, false),
    csv: toCsv(copied, false),
    json: toJson(copied).slice(10, -3),
    markdown: toMarkdown(copied).split('\n')[2] ?? '',
    insert: /VALUES \((.*)\);$/s.exec(toInsert(copied, 't'))?.[1] ?? '',
  };
}

describe('one value in every format', () => {
  test.each<readonly [string, SqlValue, string, Record<Format, string>]>([
    ['NULL', null, 'n', { tsv: '', csv: '', json: 'null', markdown: '| NULL |', insert: 'NULL' }],
    ['empty text', '', 't', { tsv: '', csv: '""', json: '""', markdown: '|  |', insert: "''" }],
    ['text', 'a', 't', { tsv: 'a', csv: 'a', json: '"a"', markdown: '| a |', insert: "'a'" }],
    ['a quote', `"'`, 't', { tsv: `"""'"`, csv: `"""'"`, json: `"\\"'"`, markdown: `| "' |`, insert: `'"'''` }],
    ['lines', 'a\nb', 't', { tsv: '"a\nb"', csv: '"a\nb"', json: '"a\\nb"', markdown: '| a<br>b |', insert: "'a\nb'" }],
    ['a tab', 'a\tb', 't', { tsv: '"a\tb"', csv: 'a\tb', json: '"a\\tb"', markdown: '| a\tb |', insert: "'a\tb'" }],
    ['a comma and a bar', 'a,|', 't', { tsv: 'a,|', csv: '"a,|"', json: '"a,|"', markdown: '| a,\\| |', insert: "'a,|'" }],
    ['blanks around', ' a', 't', { tsv: ' a', csv: '" a"', json: '" a"', markdown: '|  a |', insert: "' a'" }],
    ['a zero character', 'a\u0000', 't', { tsv: 'a\u0000', csv: 'a\u0000', json: '"a\\u0000"', markdown: '| a\u0000 |', insert: "('a' || char(0) || '')" }], // prettier-ignore
    ['an integer', -7, 'i', { tsv: '-7', csv: '-7', json: '-7', markdown: '| -7 |', insert: '-7' }],
    ['a long integer', 9223372036854775807n, 'i', { tsv: '9223372036854775807', csv: '9223372036854775807', json: '9223372036854775807', markdown: '| 9223372036854775807 |', insert: '9223372036854775807' }], // prettier-ignore
    ['a real that is whole', 3, 'r', { tsv: '3.0', csv: '3.0', json: '3.0', markdown: '| 3.0 |', insert: '3.0' }],
    ['a real', 1e300, 'r', { tsv: '1e+300', csv: '1e+300', json: '1e+300', markdown: '| 1e+300 |', insert: '1e+300' }],
    ['infinity', -Infinity, 'r', { tsv: '-Inf', csv: '-Inf', json: '"-Inf"', markdown: '| -Inf |', insert: '-9e999' }],
    ['bytes', new Uint8Array([0, 255]), 'b', { tsv: '00ff', csv: '00ff', json: '{"$hex": "00ff"}', markdown: '| 00ff |', insert: "x'00ff'" }], // prettier-ignore
    ['no bytes', new Uint8Array(), 'b', { tsv: '', csv: '""', json: '{"$hex": ""}', markdown: '|  |', insert: "x''" }],
  ])('%s', (_name, value, type, expected) => {
    expect(one(value, type)).toEqual(expected);
  });
});

describe('whole tables', () => {
  const copied = { columns: ['id', 'a b', 'ID'], rows: [{ values: [1, 'x', null], types: 'itn' }, { values: [2, 'y', 3], types: 'itr' }] }; // prettier-ignore

  test('headers are written as values are', () => {
    expect(toCsv({ columns: ['a,b', ''], rows: [] }, true)).toBe('"a,b",""');
    expect(toTsv(copied, true)).toBe('id\ta b\tID\n1\tx\t\n2\ty\t3.0');
  });
  test('columns of numbers stand on the right', () => {
    expect(toMarkdown(copied).split('\n')[1]).toBe('| ---: | --- | ---: |');
  });
  test('equal names are numbered and names are quoted where they must be', () => {
    expect(toInsert(copied, 'order').split('\n')[0]).toBe(`INSERT INTO "order" (id, "a b", ID_2) VALUES (1, 'x', NULL);`);
    expect(JSON.parse(toJson(copied))).toEqual([{ id: 1, 'a b': 'x', ID_2: null }, { id: 2, 'a b': 'y', ID_2: 3 }]); // prettier-ignore
  });
  test('no rows', () => {
    expect(toJson({ columns: ['a'], rows: [] })).toBe('[]');
    expect(toInsert({ columns: ['a'], rows: [] }, 't')).toBe('');
  });
  test.each([
    [
      ['a', 'a', 'A'],
      ['a', 'a_2', 'A_3'],
    ],
    [
      ['a_2', 'a', 'a'],
      ['a_2', 'a', 'a_3'],
    ],
    [
      ['', ''],
      ['', '_2'],
    ],
  ])('%j are told apart as %j', (names, expected) => {
    expect(uniqueNames(names)).toEqual(expected);
  });
});
