import { describe, expect, it } from 'vitest';
import { checkAnswer, isOrdered } from '../../../../src/core/questionTests/checkAnswer.js';
import { readQuestionFile } from '../../../../src/core/questionTests/readQuestionFile.js';
import { rowsText } from '../../../../src/core/questionTests/rowsText.js';
import { type QuestionTest, type Row, type TestedAnswer } from '../../../../src/core/questionTests/types.js';

function testOf(more: string): QuestionTest {
  const [test] = readQuestionFile(`questions:\n  - question: q\n${more === '' ? '' : `    ${more}\n`}`).tests;
  if (!test) throw new Error(`not a test: ${more}`);
  return test;
}

const rows: readonly Row[] = [['Rome', 2], ['Oslo', 1], [null, 3]]; // prettier-ignore
const answer: TestedAnswer = {
  kind: 'answer',
  sql: 'SELECT city, count(*) AS n FROM "orders" GROUP BY city',
  columns: ['city', 'n'],
  rows,
  truncated: false,
};
const codes = (more: string, given: TestedAnswer = answer, expected?: readonly Row[]): string =>
  checkAnswer(testOf(more), given, expected ?? testOf(more).rows).map(({ code }) => code).join(' '); // prettier-ignore

describe('an answer', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['', ''],
    ['rows: [[Oslo, 1], [null, 3], [Rome, 2]]', ''],
    ['rows: [[Oslo, 1.0], [null, 3], [Rome, 2.0000000001]]', ''],
    ['rows: [[Oslo, 1], [Rome, 2]]', 'rows'],
    ['rows: [[Oslo, 1], ["", 3], [Rome, 2]]', 'rows'],
    ['rows: [[Oslo, "1"], [null, 3], [Rome, 2]]', 'rows'],
    ['{ rows: [[Oslo, 1], [null, 3], [Rome, 2]], ordered: true }', 'rows'],
    ['assert: [rowCount: 3]', ''],
    ['assert: [rowCount: { max: 2 }]', 'rowCount'],
    ['assert: [rowCount: { min: 4 }]', 'rowCount'],
    ['assert: [columns: [CITY, n]]', ''],
    ['assert: [columns: [n, city]]', 'columns'],
    ['assert: [contains: [null, 3]]', ''],
    ['assert: [contains: [Rome, 3]]', 'contains'],
    ['assert: [notNull: n]', ''],
    ['assert: [notNull: city]', 'notNull'],
    ['assert: [unique: n]', ''],
    ['assert: [unique: nope]', 'columns'],
    ['assert: [uses: Orders]', ''],
    ['assert: [uses: [orders, customers]]', 'uses'],
    ['assert: [avoids: orders]', 'avoids'],
    ['assert: [avoids: customers]', ''],
    ['assert: [matches: "group\\\\s+by"]', ''],
    ['assert: [matches: limit]', 'matches'],
    ['assert: [rowCount: 1, uses: nope]', 'rowCount uses'],
    ['refused: true', 'notRefused'],
  ];
  it.each(cases)('%s → %s', (more, wanted) => {
    const flow = more.startsWith('{') ? more.slice(1, -1).split('], ordered').join(']\n    ordered').trim() : more;
    expect(codes(flow)).toBe(wanted);
  });

  const refusals: readonly (readonly [string, string])[] = [
    ['', 'refused'],
    ['rows: [[1]]', 'refused'],
    ['refused: true', ''],
    ['refused: ask.unanswerable', ''],
    ['refused: ask.notEnglish', 'otherRefusal'],
  ];
  it.each(refusals)('a refusal, %s → %s', (more, wanted) => {
    expect(codes(more, { kind: 'refusal', code: 'ask.unanswerable', details: {} })).toBe(wanted);
  });

  it('of which rows were cut off cannot have at most so many', () => {
    expect(codes('assert: [rowCount: { max: 100 }]', { ...answer, truncated: true })).toBe('rowCount');
    expect(codes('assert: [rowCount: { min: 2 }]', { ...answer, truncated: true })).toBe('');
  });

  it('differs with both sides as text', () => {
    const [failure] = checkAnswer(testOf('rows: [[Oslo, 1]]'), answer, [['Oslo', 1]]);
    expect(failure).toMatchObject({ expected: "'Oslo' | 1\n(1 row)", actual: "'Oslo' | 1\n'Rome' | 2\nNULL | 3\n(3 rows)" });
  });
});

describe('order', () => {
  const cases: readonly (readonly [string, boolean])[] = [
    ['sql: SELECT a FROM t', false],
    ['sql: SELECT a FROM t ORDER BY a', true],
    ['sql: SELECT a FROM (SELECT a FROM t ORDER BY a)', false],
    ["sql: SELECT 'ORDER' FROM t", false],
    ['rows: [[1]]', false],
  ];
  it.each(cases)('%s', (more, wanted) => expect(isOrdered(testOf(more))).toBe(wanted));
});

it('rows as text are one line each and exact', () => {
  expect(rowsText(['a'], [["it's\nx"], [1n], [new Uint8Array([1, 2])], [null], ['']], false)).toBe(
    "a\n'it''s\\nx'\n1\nx'0102'\nNULL\n''\n(5 rows)",
  );
});
