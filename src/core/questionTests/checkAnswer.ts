/** Compares an answer with what its question expects. Rows are compared as in evaluations: as a multiset, or in order where order was asked for. */
import { compareStrict } from '../eval/compareStrict.js';
import { significantTokens } from '../sql/tokenize.js';
import { unquoteIdentifier } from '../sql/quote.js';
import { rowsText, valueText } from './rowsText.js';
import { type Assertion, type QuestionTest, type Row, type TestedAnswer, type TestFailure } from './types.js';

type Answered = Extract<TestedAnswer, { kind: 'answer' }>;

/** @param expectedRows what the expected statement returned, or the rows of the file; undefined when neither is there. */
export function checkAnswer(test: QuestionTest, answer: TestedAnswer, expectedRows: readonly Row[] | undefined): readonly TestFailure[] {
  if (answer.kind === 'refusal') return checkRefusal(test, answer.code);
  if (test.refused !== undefined) return [{ code: 'notRefused', args: { sql: answer.sql } }];
  return [
    ...(expectedRows ? checkRows(test, answer, expectedRows) : []),
    ...test.assertions.flatMap((assertion) => checkAssertion(assertion, answer)),
  ];
}

/** True when the rows of this test must come in the order in which they are expected. */
export function isOrdered(test: QuestionTest): boolean {
  return test.ordered ?? (test.sql !== undefined && ordersResult(test.sql));
}

function checkRefusal({ refused }: QuestionTest, code: string): TestFailure[] {
  if (refused === undefined) return [{ code: 'refused', args: { code } }];
  return refused === '' || refused === code ? [] : [{ code: 'otherRefusal', args: { code, wanted: refused } }];
}

function checkRows(test: QuestionTest, answer: Answered, expected: readonly Row[]): TestFailure[] {
  const ordered = isOrdered(test);
  if (compareStrict(expected, answer.rows, ordered)) return [];
  return [
    {
      code: 'rows',
      args: { expected: expected.length, actual: answer.rows.length },
      expected: rowsText(undefined, expected, !ordered),
      actual: rowsText(undefined, answer.rows, !ordered),
    },
  ];
}

function checkAssertion(assertion: Assertion, answer: Answered): TestFailure[] {
  switch (assertion.kind) {
    case 'rowCount':
      return checkRowCount(assertion, answer);
    case 'columns':
      return sameNames(assertion.names, answer.columns)
        ? []
        : [{ code: 'columns', args: {}, expected: assertion.names.join('\n'), actual: answer.columns.join('\n') }];
    case 'contains': {
      const found = answer.rows.some((row) => compareStrict([assertion.row], [row], true));
      return found ? [] : [{ code: 'contains', args: { row: assertion.row.map(valueText).join(' | ') } }];
    }
    case 'notNull':
    case 'unique':
      return checkColumn(assertion.kind, assertion.column, answer);
    case 'uses':
      return missing(assertion.tables, (table) => !namesIn(answer.sql).has(table.toLowerCase()), 'uses');
    case 'avoids':
      return missing(assertion.tables, (table) => namesIn(answer.sql).has(table.toLowerCase()), 'avoids');
    case 'matches':
      return new RegExp(assertion.pattern, 'i').test(answer.sql)
        ? []
        : [{ code: 'matches', args: { pattern: assertion.pattern, sql: answer.sql } }];
  }
}

function checkRowCount({ least, most }: Extract<Assertion, { kind: 'rowCount' }>, { rows, truncated }: Answered): TestFailure[] {
  const count = rows.length;
  // Of a result that was cut off only the least number of rows is known.
  if (count >= least && count <= most && !(truncated && most < Infinity)) return [];
  const wanted = least === most ? String(least) : most === Infinity ? `${least}…` : `${least}…${most}`;
  return [{ code: 'rowCount', args: { wanted, count: truncated ? `${count}+` : count } }];
}

function checkColumn(kind: 'notNull' | 'unique', column: string, { columns, rows }: Answered): TestFailure[] {
  const at = columns.findIndex((name) => name.toLowerCase() === column.toLowerCase());
  if (at < 0) return [{ code: 'columns', args: {}, expected: column, actual: columns.join('\n') }];
  const values = rows.map((row) => valueText(row[at] ?? null));
  const isGood = kind === 'notNull' ? !values.includes('NULL') : new Set(values).size === values.length;
  return isGood ? [] : [{ code: kind, args: { column } }];
}

function missing(tables: readonly string[], isBad: (table: string) => boolean, code: 'uses' | 'avoids'): TestFailure[] {
  const bad = tables.filter(isBad);
  return bad.length === 0 ? [] : [{ code, args: { tables: bad } }];
}

function sameNames(wanted: readonly string[], found: readonly string[]): boolean {
  return wanted.length === found.length && wanted.every((name, at) => name.toLowerCase() === found[at]?.toLowerCase());
}

function namesIn(sql: string): ReadonlySet<string> {
  return new Set(
    significantTokens(sql).flatMap(({ kind, text }) => (kind === 'identifier' ? [unquoteIdentifier(text).toLowerCase()] : [])),
  );
}

/** An ORDER BY outside of all brackets. */
function ordersResult(sql: string): boolean {
  let depth = 0;
  return significantTokens(sql).some(({ text }) => {
    if (text === '(') depth++;
    if (text === ')') depth--;
    return depth === 0 && text.toUpperCase() === 'ORDER';
  });
}
