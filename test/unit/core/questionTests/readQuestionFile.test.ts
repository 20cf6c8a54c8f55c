import { describe, expect, it } from 'vitest';
import { readQuestionFile } from '../../../../src/core/questionTests/readQuestionFile.js';

const whole = `# Questions that the shop must answer.
database: shop.db
questions:
  - question: how many customers
    rows: [[59]]
  - name: revenue
    question: revenue per city
    database: other.db
    sql: |
      SELECT city, SUM(total)
      FROM orders GROUP BY city ORDER BY 2
    ordered: false
    assert:
      - rowCount: { min: 1, max: 20 }
      - columns: [city, revenue]
      - contains: [Rome, 12.5]
      - unique: city
      - uses: orders
      - matches: group\\s+by
  - question: what will the weather be
    refused: ask.unanswerable
  - question: values of all kinds
    rows:
      - [null, true, 9007199254740993, 1.50, '', 2024-01-01, !!binary AP8=]
      - 7
`;

describe('question files', () => {
  it('are read whole', () => {
    const { tests, problems } = readQuestionFile(whole);
    expect(problems).toEqual([]);
    expect(tests.map(({ name, database, firstLine, lastLine }) => [name, database, firstLine, lastLine])).toEqual([
      ['how many customers', 'shop.db', 3, 4],
      ['revenue', 'other.db', 5, 18],
      ['what will the weather be', 'shop.db', 19, 20],
      ['values of all kinds', 'shop.db', 21, 24],
    ]);
    expect(tests[1]?.ordered).toBe(false);
    expect(tests[1]?.assertions).toEqual([
      { kind: 'rowCount', least: 1, most: 20 },
      { kind: 'columns', names: ['city', 'revenue'] },
      { kind: 'contains', row: ['Rome', 12.5] },
      { kind: 'unique', column: 'city' },
      { kind: 'uses', tables: ['orders'] },
      { kind: 'matches', pattern: 'group\\s+by' },
    ]);
    expect(tests[2]?.refused).toBe('ask.unanswerable');
    expect(tests[3]?.rows?.map((row) => row.map((value) => (value instanceof Uint8Array ? [...value] : value)))).toEqual([
      [null, 1, 9007199254740993n, 1.5, '', '2024-01-01', [0, 255]],
      [7],
    ]);
  });

  it('give a question that comes twice two names', () => {
    const { tests } = readQuestionFile('questions:\n  - question: a\n  - question: a\n');
    expect(tests.map(({ name }) => name)).toEqual(['a', 'a (2)']);
  });

  const problems: readonly (readonly [string, string, number])[] = [
    ['', '', 0],
    ['- a', '1: a map with "questions" is needed', 0],
    ['questions: 7', '1: "questions" must be a list', 0],
    ['questions: [a', '1: Flow', 0],
    ['questions:\n  - a', '2: a question must be a map', 0],
    ['questions:\n  - rows: [[1]]', '2: "question" is missing', 0],
    ['questions:\n  - question: a\n    row: [[1]]', '3: "row" is unknown', 1],
    ['questions:\n  - question: a\n    rows: 1', '3: "rows" must be a list', 1],
    ['questions:\n  - question: a\n    rows: [[[1]]]', '3: a value must be', 1],
    ['questions:\n  - question: a\n    sql: [1]', '3: "sql" must be a text', 1],
    ['questions:\n  - question: a\n    assert:\n      - rowCount: many', '4: "rowCount" must be', 1],
    ['questions:\n  - question: a\n    assert:\n      - matches: "("', '4: "matches" is no regular', 1],
    ['questions:\n  - question: a\n    assert:\n      - shiny: 1', '4: "shiny" is no assertion', 1],
    ['questions:\n  - question: a\n  - b\n  - question: c', '3: a question must be', 2],
    ['database: [1]\nquestions: []', '1: "database" must be a text', 0],
  ];
  it.each(problems)('%j', (text, wanted, tests) => {
    const read = readQuestionFile(text);
    expect(read.problems.map(({ line, detail }) => `${line + 1}: ${detail}`).join('\n')).toContain(wanted);
    expect(read.tests).toHaveLength(tests);
    expect(read.problems.length > 0).toBe(wanted !== '');
  });
});
