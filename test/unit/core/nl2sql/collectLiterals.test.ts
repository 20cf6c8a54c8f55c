import { describe, expect, it } from 'vitest';
import { collectLiterals, collectNumbers } from '../../../../src/core/nl2sql/collectLiterals.js';
import { type LinkedQuestion } from '../../../../src/core/nl2sql/types.js';
import { linkQuestion } from '../../../../src/core/nl2sql/linkQuestion.js';
import { buildNameIndex } from '../../../../src/core/nl2sql/nameIndex.js';
import { type SqlValue } from '../../../../src/core/schema/types.js';

const names = buildNameIndex({ id: 'none', name: 'none', tables: [], problems: [], schemaHash: '' });
const linked = (question: string): LinkedQuestion => linkQuestion(question, names);

describe('literals that a question allows', () => {
  it.each<[string, string[], string[]]>([
    ['Which players have names containing the letter a?', ['a'], ['the', 'e']],
    ['List cities that start with S or end with y', ['S', 'y'], ['or']],
    ['names with "New York" in it', ['New York'], ['"New York"']],
    ['a list of all songs by John Lennon', ['John Lennon', 'John', 'Lennon'], ['a', 'of']],
    ["what is the theme 'Aliens' about", ['Aliens'], []],
    ['guests on October 23rd, 2010', ['2010-10-23', '2010'], []],
    ['orders of May 2024', ['2024', '2024-05', '2024-01-01', '2025-01-01'], ['2023']],
  ])('%s', (question, wanted, unwanted) => {
    const { literals } = collectLiterals(linked(question));
    expect(wanted.filter((text) => !literals.includes(text))).toEqual([]);
    expect(unwanted.filter((text) => literals.includes(text))).toEqual([]);
  });

  it('choices stay beside their column', () => {
    const found = collectLiterals(linked('female students'), new Map([['student.sex', ['F', 'M']]]));
    expect([found.literalsByColumn.get('student.sex'), found.literals.includes('F')]).toEqual([['F', 'M'], false]);
  });
});

describe('numbers that a question allows', () => {
  it.each<[string, string, string[], string[]]>([
    ['more than 5 orders', 'price', ['5', '6', '4'], ['0', '7']],
    ['customers that are active', 'is_active', ['0', '1'], ['2']],
    ['two or more accounts', 'balance', ['2', '1', '3'], ['100']],
    ['cities with 200,000 people and 1,500.5 acres', 'area', ['200000', '1500.5'], ['200', '000']],
    ['prices over 12.5', 'price', ['12.5'], ['13']],
  ])('%s', (question, name, wanted, unwanted) => {
    const { rows } = collectNumbers(linked(question), [{ name, type: 'INTEGER' }]);
    expect(wanted.filter((text) => !rows.includes(text))).toEqual([]);
    expect(unwanted.filter((text) => rows.includes(text))).toEqual([]);
  });

  it.each<[readonly SqlValue[], number, boolean]>([
    [[0, 1], 2, true],
    [[1n], 1, true],
    [['0', '1'], 2, true],
    [[1, 2], 2, false],
    [['F', 'M'], 2, false],
    [[0, 1], 7, false],
    [[], 0, false],
  ])('0 and 1 where a column holds %o among %i values: %s', (examples, distinct, offered) => {
    const profile = { table: 'products', column: 'discontinued', examples, distinct, rows: 9, nulls: 0, sampled: false };
    const { rows } = collectNumbers(linked('discontinued products'), [{ name: 'discontinued', type: 'INTEGER' }], [profile]);
    expect(rows).toEqual(offered ? ['0', '1'] : []);
  });
});
