import { describe, expect, it } from 'vitest';
import { judgeAnswerability, type Verdict } from '../../../../src/core/nl2sql/judgeAnswerability.js';
import { linkQuestion } from '../../../../src/core/nl2sql/linkQuestion.js';
import { buildNameIndex } from '../../../../src/core/nl2sql/nameIndex.js';
import { type RanCandidate } from '../../../../src/core/nl2sql/voteCandidates.js';
import { type Table } from '../../../../src/core/schema/types.js';
import { makeSchema, makeTable, shopSchema } from '../../../support/shopSchema.js';

const names = buildNameIndex(shopSchema);

/** @param confidence mean log-probability of a token. */
function verdict(question: string, confidence: number, sql = 'SELECT 1', schema = shopSchema, title?: string): Verdict {
  const result = { columns: ['c'], rows: [['x']], truncated: false, elapsedMs: 1 };
  const best: RanCandidate = {
    sql,
    result,
    count: 1,
    greedy: true,
    logProbability: confidence * 10,
    tokens: 10,
    coverage: 1,
    cues: 1,
    invented: 0,
  };
  return judgeAnswerability(linkQuestion(question, buildNameIndex(schema)), { schema, ...(title === undefined ? {} : { title }) }, best);
}

describe('judgeAnswerability', () => {
  it.each<[string, number, boolean]>([
    ['How many customers are there?', -0.1, true],
    ['Which customers spent the most?', -0.4, true],
    ['What will the weather be tomorrow?', -1.5, false],
    ['What will the weather be tomorrow?', -2.5, false],
    ['first name and city of customers', -1, true],
    ['How many customers are there?', -3, true],
  ])('%s (%d): %s', (question, confidence, answerable) => {
    expect(verdict(question, confidence).answerable).toBe(answerable);
  });

  it('a word is met in the singular, too', () => {
    expect(verdict('Which products are Gizmos?', -0.5).answerable).toBe(false);
    expect(verdict('Which products are Gizmos?', -0.5, "SELECT name FROM products WHERE name LIKE '%Gizmo%'").answerable).toBe(true);
  });

  it.each<[string, boolean]>([
    ['SELECT name FROM products WHERE price = 7', true],
    ['SELECT name FROM products WHERE price = 70', false],
  ])('a word with a number in it is met where %s finds rows', (sql, answerable) => {
    expect(verdict('seven-gizmo products', -1, sql).answerable).toBe(answerable);
  });

  it('rows of a table that refers to itself have others above and below them', () => {
    const up = {
      columns: ['ReportsTo'],
      parentTable: 'Staff',
      parentColumns: ['id'],
      onUpdate: '',
      onDelete: '',
      deferred: false,
      parentExists: true,
    };
    const staff = makeTable('staff', ['id', 'city', 'ReportsTo']);
    const answerable = (table: Table): boolean =>
      verdict('In which city does the boss live?', -0.5, 'SELECT 1', makeSchema([table])).answerable;
    expect([answerable(staff), answerable({ ...staff, foreignKeys: [up] })]).toEqual([false, true]);
  });

  it.each([['shop'], ['clinic-patients_2']])('a database called %s', (title) => {
    const { answerable } = verdict('How many patients are there?', -0.5, 'SELECT COUNT(*) FROM customers', shopSchema, title);
    expect(answerable).toBe(title !== 'shop');
  });

  it.each<[string, boolean]>([
    ['Give the numbber of customers whhose frist name is known', true],
    ['Which prodcuts belogn to customers?', true],
    ['Which stadium is the oldest?', false],
    ['Is anything priced in Pirce?', false],
  ])('a slip of the pen misses nothing, a noun or a proper name does: %s', (question, answerable) => {
    expect(verdict(question, -1).answerable).toBe(answerable);
  });

  it('refuses a database without tables', () => {
    expect(judgeAnswerability(linkQuestion('anything', names), { schema: makeSchema([]) }, undefined).answerable).toBe(false);
  });

  it.each<[string, number, string | undefined, string[] | undefined]>([
    ['Which universities are in Chile?', -1.5, 'unmetWords', ['universities', 'Chile']],
    ['Why did customers leave?', -1.5, 'cause', undefined],
    ['Should we raise the price of products?', -1.5, 'advice', ['raise']],
    ['How many customers will there be next year?', -1.5, 'future', undefined],
    ['How many customers are there?', -9, undefined, undefined],
  ])('%s gives its reason', (question, confidence, reason, words) => {
    const { details } = verdict(question, confidence);
    expect([details['reason'], details['words']]).toEqual([reason, words]);
  });
});
