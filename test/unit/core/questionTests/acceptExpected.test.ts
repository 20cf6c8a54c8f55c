import { describe, expect, it } from 'vitest';
import { acceptExpected } from '../../../../src/core/questionTests/acceptExpected.js';
import { readQuestionFile } from '../../../../src/core/questionTests/readQuestionFile.js';
import { type TestedAnswer } from '../../../../src/core/questionTests/types.js';

const answer: TestedAnswer = {
  kind: 'answer',
  sql: 'SELECT\n  a\nFROM\n  t',
  columns: ['a'],
  rows: [
    ['x', 9007199254740993n],
    [null, 1.5],
  ],
  truncated: false,
};
const file = `# kept
database: shop.db # also kept
questions:
  - question: one
    rows: [[1]]
  # about two
  - question: two
    sql: SELECT old
  - question: three
`;

describe('accept as expected', () => {
  const cases: readonly (readonly [string, TestedAnswer, string])[] = [
    ['one', answer, '    rows:\n      - [ x, 9007199254740993 ]\n      - [ null, 1.5 ]\n'],
    ['two', answer, '    sql: |-\n      SELECT\n        a\n      FROM\n        t\n'],
    ['three', answer, '  - question: three\n    sql: |-\n      SELECT\n'],
    ['one', { ...answer, truncated: true }, '  - question: one\n    sql: |-'],
    ['two', { kind: 'refusal', code: 'ask.unanswerable', details: {} }, '  - question: two\n    refused: ask.unanswerable\n'],
  ];
  it.each(cases)('%s', (name, given, wanted) => {
    const text = acceptExpected(file, name, given) ?? '';
    expect(text).toContain(wanted);
    for (const kept of ['# kept', '# also kept', '# about two']) expect(text).toContain(kept);
    expect(readQuestionFile(text).problems).toEqual([]);
    expect(readQuestionFile(text).tests).toHaveLength(3);
  });

  it('rows come back as they were', () => {
    const text = acceptExpected(file, 'one', answer) ?? '';
    expect(readQuestionFile(text).tests[0]?.rows).toEqual(answer.kind === 'answer' ? answer.rows : []);
  });

  it('a test that is not there', () => expect(acceptExpected(file, 'four', answer)).toBeUndefined());
});
