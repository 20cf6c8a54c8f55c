/** The statement that stands below a comment, as a range of the text. Tolerant: an unfinished one ends where the next thing begins. */
import { tokenize } from '../sql/tokenize.js';

export interface TextRange {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

const opensStatement = /^(?:SELECT|WITH|VALUES|EXPLAIN|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|PRAGMA|BEGIN|ATTACH)$/i;

/** `start` is the offset of the line below the comment. An empty range there when that line is blank. */
export function statementBelow(text: string, start: number): TextRange {
  const rest = text.slice(start);
  if (/^[ \t]*(?:\r?\n|$)/.test(rest)) return { start, end: start };
  let depth = 0;
  let end = 0;
  let isAfterGap = false;
  for (const token of tokenize(rest)) {
    if (token.kind === 'whitespace') {
      isAfterGap = /\n[ \t\r]*\n/.test(token.text);
      continue;
    }
    if (depth === 0 && isAfterGap && (token.kind === 'comment' || opensStatement.test(token.text))) break;
    if (end === 0 && token.kind === 'comment') break;
    isAfterGap = false;
    if (token.text === '(') depth++;
    if (token.text === ')') depth--;
    end = token.end;
    if (token.text === ';') break;
  }
  return { start, end: start + end };
}
