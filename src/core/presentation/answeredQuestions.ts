/**
 * Questions of a SQL text together with the statements that stand below them, and which of those questions were changed after their
 * statement was written. Reads text only; whether a statement is right is judged elsewhere.
 */
import { significantTokens } from '../sql/tokenize.js';
import { type CommentQuestion, type LineSource, questionAround } from './commentQuestion.js';
import { statementBelow, type TextRange } from './statementBelow.js';

export interface AnsweredQuestion {
  readonly question: string;
  /** Lines of the comment, both inclusive. */
  readonly firstLine: number;
  readonly lastLine: number;
  /** Where the statement stands, its semicolon included. */
  readonly statement: TextRange;
  readonly sql: string;
}

/** A statement that was taken as the answer to a question. */
export interface TakenStatement {
  readonly question: string;
  readonly sql: string;
}

/** In the order of the text. A comment without a statement below it, at most one blank line away, answers nothing. */
export function answeredQuestions(text: string): AnsweredQuestion[] {
  const lines = text.split('\n');
  const offsets = offsetsOf(lines);
  const source: LineSource = { lineCount: lines.length, lineAt: (line) => (lines[line] ?? '').replace(/\r$/, '') };
  const found: AnsweredQuestion[] = [];
  for (let line = 0; line < lines.length; line++) {
    if (!/^\s*(?:--|\/\*)/.test(lines[line] ?? '')) continue;
    const comment = questionAround(source, line, '--');
    const answered = comment && answerOf(comment, text, offsets, lines);
    if (answered) found.push(answered);
    line = Math.max(line, comment?.lastLine ?? line);
  }
  return found;
}

/** Questions whose statement was taken for another wording, and stands there untouched. */
export function editedQuestions(answered: readonly AnsweredQuestion[], taken: readonly TakenStatement[]): AnsweredQuestion[] {
  return answered.filter(({ question, sql }) => {
    const same = taken.filter((statement) => isSameStatement(statement.sql, sql));
    return same.length > 0 && same.every((statement) => statement.question !== question);
  });
}

/** Statements whose question was answered otherwise: the user went on writing. */
export function editedStatements(answered: readonly AnsweredQuestion[], taken: readonly TakenStatement[]): AnsweredQuestion[] {
  return answered.filter(({ question, sql }) => {
    const same = taken.filter((statement) => statement.question === question);
    return same.length > 0 && same.every((statement) => !isSameStatement(statement.sql, sql));
  });
}

/** White space, comments, the closing semicolon and the case of keywords do not count. */
export function isSameStatement(left: string, right: string): boolean {
  return plainText(left) === plainText(right);
}

function plainText(sql: string): string {
  const words = significantTokens(sql).map(({ kind, text }) => (kind === 'keyword' ? text.toUpperCase() : text));
  while (words.at(-1) === ';') words.pop();
  return words.join(' ');
}

function answerOf(
  comment: Omit<CommentQuestion, 'begun'>,
  text: string,
  offsets: readonly number[],
  lines: readonly string[],
): AnsweredQuestion | undefined {
  const below = comment.lastLine + 1;
  const at = (lines[below] ?? '').trim() === '' ? below + 1 : below;
  const start = offsets[at];
  if (start === undefined) return undefined;
  const statement = statementBelow(text, start);
  const sql = text.slice(statement.start, statement.end);
  if (sql.trim() === '') return undefined;
  const { question, firstLine, lastLine } = comment;
  return { question, firstLine, lastLine, statement, sql };
}

function offsetsOf(lines: readonly string[]): number[] {
  const offsets: number[] = [];
  let offset = 0;
  for (const line of lines) {
    offsets.push(offset);
    offset += line.length + 1;
  }
  return offsets;
}
