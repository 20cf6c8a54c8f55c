import { describe, expect, it } from 'vitest';
import {
  answeredQuestions,
  editedQuestions,
  editedStatements,
  isSameStatement,
} from '../../../../src/core/presentation/answeredQuestions.js';
import { questionFromSql } from '../../../../src/core/presentation/questionFromSql.js';

describe('answered questions of a text', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['', []],
    ['-- how many\n', []],
    ['-- how many\nSELECT 1;\n', ['how many > SELECT 1;']],
    ['-- how many\n\nSELECT 1;\n', ['how many > SELECT 1;']],
    ['-- how many\n\n\nSELECT 1;\n', []],
    ['-- how many\r\nSELECT 1;\r\n', ['how many > SELECT 1;']],
    ['-- how\n-- many\nSELECT 1', ['how many > SELECT 1']],
    ['/* how many */\nSELECT 1;', ['how many > SELECT 1;']],
    ['-- @db a.db\nSELECT 1;\n-- two\nSELECT 2;', ['two > SELECT 2;']],
    ['-- one\nSELECT 1;\n\n-- two\nSELECT\n  2;\nSELECT 3;', ['one > SELECT 1;', 'two > SELECT\n  2;']],
    ['-- one\n\n-- two\nSELECT 2;', ['two > SELECT 2;']],
  ];
  for (const [text, expected] of cases)
    it(JSON.stringify(text), () => expect(answeredQuestions(text).map(({ question, sql }) => `${question} > ${sql}`)).toEqual(expected));

  it('ranges cut the statement out of the text', () => {
    const text = '-- one\nSELECT 1;\n\n-- two\n\nSELECT 2;\n';
    for (const { statement, sql } of answeredQuestions(text)) expect(text.slice(statement.start, statement.end)).toBe(sql);
  });
});

describe('edits after taking an answer', () => {
  const taken = [{ question: 'one', sql: 'select a from t' }];
  const cases: readonly (readonly [string, number, number])[] = [
    ['-- one\nSELECT a\nFROM t;', 0, 0],
    ['-- other\nSELECT a FROM t;', 1, 0],
    ['-- other\nSELECT b FROM t;', 0, 0],
    ['-- one\nSELECT b FROM t;', 0, 1],
    ['-- one\nSELECT A FROM t;', 0, 1],
  ];
  for (const [text, questions, statements] of cases)
    it(JSON.stringify(text), () => {
      const answered = answeredQuestions(text);
      expect([editedQuestions(answered, taken).length, editedStatements(answered, taken).length]).toEqual([questions, statements]);
    });
});

describe('the same statement', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['select 1', 'SELECT 1;', true],
    ['SELECT 1 -- note', 'SELECT\n1;;', true],
    ["SELECT 'a'", "SELECT 'A'", false],
    ['SELECT a', 'SELECT b', false],
  ];
  for (const [left, right, same] of cases) it(`${left} | ${right}`, () => expect(isSameStatement(left, right)).toBe(same));
});

describe('the words of a statement', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['', ''],
    ['SELECT', ''],
    ['SELECT count(*) FROM order_lines', 'number of order lines'],
    ['SELECT cityName FROM "my table" WHERE c LIKE \'%Rome%\' LIMIT 3', 'city name my table c Rome first 3'],
    ['SELECT avg(x), avg(x) FROM t GROUP BY x ORDER BY x DESC', 'average x average x t for each x descending'],
  ];
  for (const [sql, words] of cases) it(sql, () => expect(questionFromSql(sql)).toBe(words));
  it('are at most sixty', () => expect(questionFromSql(`SELECT ${'a, b, '.repeat(500)} c`).split(' ')).toHaveLength(60));
});
