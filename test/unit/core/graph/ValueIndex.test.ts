/** Finding stored values by what people write: spelling, case, slips, limits. */
import { describe, expect, it } from 'vitest';
import { isOneEdit } from '../../../../src/core/graph/editDistance.js';
import { type ColumnValues, defaultValueLimits, foldText, ValueIndex } from '../../../../src/core/graph/ValueIndex.js';
import { type Random, seededRandom } from '../../../support/seededRandom.js';

function column(name: string, values: readonly string[], complete = true): ColumnValues {
  const [table = '', columnName = ''] = name.split('.');
  return { table, column: columnName, values, complete };
}

const places = ValueIndex.build([
  column('airport.city', ['São Paulo', 'New York', 'NEW YORK', 'Sacramento', 'Köln', 'Paris', 'P', '42']),
  column('customer.city', ['Paris', 'Parys', 'York', "L'Aquila", '東京']),
]);

describe('find', () => {
  it.each<[string, string, number]>([
    ['New York', 'airport.city New York', 1],
    ['NEW YORK', 'airport.city NEW YORK', 1],
    ['new york', 'airport.city New York', 0.95],
    ['  new   york ', 'airport.city New York', 0.94],
    ['sao paulo', 'airport.city São Paulo', 0.94],
    ['KOLN', 'airport.city Köln', 0.94],
    ['Sacremento', 'airport.city Sacramento', 0.9],
    ['Sacrmento', 'airport.city Sacramento', 0.9],
    ['Sacramentoo', 'airport.city Sacramento', 0.909],
    ['Sacarmento', 'airport.city Sacramento', 0.9],
    ["l'aquila", "customer.city L'Aquila", 0.95],
    ['東京', 'customer.city 東京', 1],
    ['42', 'airport.city 42', 1],
    ['p', 'airport.city P', 0.95],
  ])('%s', (mention, expected, score) => {
    const [best] = places.find(mention, 5);
    expect(`${best?.table}.${best?.column} ${best?.value}`).toBe(expected);
    expect(best?.score).toBeCloseTo(score, 3);
  });

  it('gives every column that holds the value, exact ones before similar ones', () => {
    expect(places.find('paris', 3).map((match) => `${match.table} ${match.value} ${match.score}`)).toEqual([
      'airport Paris 0.95',
      'customer Paris 0.95',
      'customer Parys 0.8',
    ]);
  });

  it.each(['', '   ', 'x'.repeat(201), 'zzzzqqqq'])('has nothing for %o', (mention) => {
    expect(places.find(mention, 5)).toEqual([]);
  });

  it('gives no more than asked for', () => {
    expect(places.find('york', 1)).toHaveLength(1);
    expect(places.find('york', 0)).toEqual([]);
  });

  it('works without any value', () => {
    expect(ValueIndex.build([]).find('x', 5)).toEqual([]);
  });
});

describe('limits', () => {
  const limits = { perColumn: 2, valueLength: 5, total: 12 };
  const index = ValueIndex.build(
    [column('a.x', ['one', 'one', 'two', 'three']), column('a.y', ['toolong', '', ' ', 'four']), column('a.z', ['sixes', 'ok'])],
    limits,
  );

  it('are kept and said', () => {
    expect(index.columns.map(({ values, complete }) => [values, complete])).toEqual([
      [['one', 'two'], false],
      [['four'], false],
      [['ok'], false],
    ]);
    expect(index.size).toBe(4);
  });

  it('keep what a column said about itself', () => {
    expect(ValueIndex.build([column('a.x', ['one'], false)]).columns[0]?.complete).toBe(false);
    expect(ValueIndex.build([column('a.x', ['one'])], defaultValueLimits).columns[0]?.complete).toBe(true);
  });

  it('survive being written down and read', () => {
    const again = ValueIndex.build(JSON.parse(JSON.stringify(places.columns)) as ColumnValues[]);
    expect(again.find('sao paulo', 3)).toEqual(places.find('sao paulo', 3));
  });
});

describe('isOneEdit', () => {
  it.each<[string, string, boolean]>([
    ['abc', 'abc', false],
    ['abc', 'abd', true],
    ['abc', 'ab', true],
    ['abc', 'bc', true],
    ['abc', 'xabc', true],
    ['abc', 'acb', true],
    ['abc', 'cba', false],
    ['abcd', 'badc', false],
    ['', 'a', true],
    ['', '', false],
    ['abc', 'abcde', false],
    ['ab', 'ba', true],
    ['abcd', 'axyd', false],
  ])('%s and %s: %s', (a, b, expected) => {
    expect(isOneEdit(a, b)).toBe(expected);
    expect(isOneEdit(b, a)).toBe(expected);
  });
});

describe('recall at 20', () => {
  const random = seededRandom(11);
  const values = [...new Set(Array.from({ length: 3000 }, () => madeUpName(random)))];
  const index = ValueIndex.build([column('person.name', values.slice(0, 1500)), column('company.name', values.slice(1500))]);

  it.each<[string, (value: string) => string]>([
    ['exact', (value) => value],
    ['other case', (value) => (random() < 0.5 ? value.toUpperCase() : value.toLowerCase())],
    ['one slip', (value) => slip(value, random)],
  ])('%s', (_, mention) => {
    const asked = values.filter((_, at) => at % 5 === 0);
    const found = asked.filter((value) => index.find(mention(value), 20).some((match) => foldText(match.value) === foldText(value)));
    expect(found.length / asked.length).toBeGreaterThanOrEqual(0.95);
  });
});

/** Names that resemble one another, as those of real data do. */
function madeUpName(random: Random): string {
  const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? '';
  const syllables = ['ka', 'to', 'mi', 'ren', 'sol', 'ber', 'lin', 'da', 'vor', 'es', 'a', 'un'];
  const word = (): string => Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(syllables)).join('');
  const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
  return [capital(word()), ...(random() < 0.7 ? [capital(word())] : []), ...(random() < 0.2 ? [pick(['Ltd', 'Inc', 'GmbH'])] : [])]
    .join(' ')
    .padEnd(3, 'x');
}

function slip(value: string, random: Random): string {
  const at = Math.floor(random() * value.length);
  const letter = String.fromCharCode(97 + Math.floor(random() * 26));
  const kind = Math.floor(random() * 4);
  if (kind === 0) return value.slice(0, at) + letter + value.slice(at);
  if (kind === 1) return value.slice(0, at) + value.slice(at + 1);
  if (kind === 2) return value.slice(0, at) + letter + value.slice(at + 1);
  return value.slice(0, at) + (value[at + 1] ?? '') + (value[at] ?? '') + value.slice(at + 2);
}
