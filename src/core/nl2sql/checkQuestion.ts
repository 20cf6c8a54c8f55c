/** Looks at a question before anything is spent on it: empty, far too long, or not a question but a statement. */
import { type ErrorArguments, type ErrorCode } from '../shared/errors.js';
import { significantTokens } from '../sql/tokenize.js';
import { splitWords } from './words.js';

/** Words of one question at most; more is a pasted document. */
export const longestQuestion = 300;

export interface QuestionProblem {
  readonly code: ErrorCode;
  readonly details: ErrorArguments;
}

export function checkQuestion(question: string): QuestionProblem | undefined {
  const words = splitWords(question);
  if (words.length === 0) return { code: 'ask.empty', details: {} };
  if (words.length > longestQuestion) return { code: 'ask.tooLong', details: { words: words.length, limit: longestQuestion } };
  if (isStatement(question)) return { code: 'ask.isSql', details: {} };
  return undefined;
}

const statementStart =
  /^(?:select|with|insert|update|delete|create|drop|alter|attach|detach|pragma|vacuum|replace|explain|reindex|analyze)$/i;

/** "Select all singers" is a question, `SELECT name FROM singer` a statement: its second keyword tells. */
function isStatement(question: string): boolean {
  const tokens = significantTokens(question);
  const first = tokens[0]?.text ?? '';
  if (!statementStart.test(first)) return false;
  const rest = tokens.map((token) => token.text).join(' ');
  return /^(?:select|with|explain)$/i.test(first)
    ? /[*,(=]|\bas\s*\(/.test(rest) && /\bfrom\b/i.test(rest)
    : /^(?:insert into|replace into|update \S+ set|delete from|(?:create|drop|alter) (?:table|view|index|trigger|virtual|temp)|attach|detach|pragma \w+|vacuum)/i.test(
        rest,
      );
}
