/** "Accept as expected": the file with the answer written where the question expects something, everything else as it was. */
import { isMap, isSeq, parseDocument, type Node } from 'yaml';
import { readQuestionFile, yamlOptions } from './readQuestionFile.js';
import { type TestedAnswer } from './types.js';

/** Rows beyond this do not belong into a file: the statement is written instead. */
const mostRows = 50;

/**
 * @param name of the test, as read from the same text. Rows replace expected rows, the statement replaces an expected statement or is added;
 * a refusal becomes the expected one. Undefined when the test is not there.
 */
export function acceptExpected(text: string, name: string, answer: TestedAnswer): string | undefined {
  const at = readQuestionFile(text).tests.findIndex((test) => test.name === name);
  const test = readQuestionFile(text).tests[at];
  const document = parseDocument(text, yamlOptions);
  const questions = isMap(document.contents) ? (document.contents.get('questions', true) as Node | undefined) : undefined;
  const maps = isSeq(questions) ? questions.items.filter((item) => isMap(item)) : [];
  // Entries that could not be read are no tests: the position counts readable ones.
  const entry = maps.filter((item) => typeof item.get('question') === 'string' && String(item.get('question')).trim() !== '')[at];
  if (!test || !entry) return undefined;
  if (answer.kind === 'refusal') {
    for (const key of ['sql', 'rows', 'assert']) entry.delete(key);
    entry.set('refused', answer.code);
    return document.toString({ lineWidth: 0 });
  }
  entry.delete('refused');
  if (test.rows !== undefined && answer.rows.length <= mostRows && !answer.truncated) {
    entry.set('rows', document.createNode(answer.rows));
    const rows = entry.get('rows', true);
    if (isSeq(rows)) for (const row of rows.items) if (isSeq(row)) row.flow = true;
  } else {
    entry.delete('rows');
    entry.set('sql', answer.sql);
  }
  return document.toString({ lineWidth: 0 });
}
