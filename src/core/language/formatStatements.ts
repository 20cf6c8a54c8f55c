/** Formats a script statement by statement. One that the formatter does not understand, or would change, stays as it is. */
import { formatSql } from '../presentation/formatSql.js';
import { type TextEdit } from '../sql/applyEdits.js';
import { significantTokens } from '../sql/tokenize.js';
import { type Script } from './script.js';

/** Edits of the statements that touch the range. */
export function formatStatements({ statements }: Script, from = 0, to = Infinity): readonly TextEdit[] {
  return statements.flatMap(({ text, start, end, tokens }): TextEdit[] => {
    // The formatter lays the body of a trigger out as statements of their own.
    if (end < from || start > to || tokens.some((token) => token.text.toUpperCase() === 'TRIGGER')) return [];
    const formatted = formatSql(text).trim();
    return formatted === text || !isSameSql(text, formatted) ? [] : [{ start, end, text: formatted }];
  });
}

/** Whether two texts have the same tokens, however they are laid out. */
export function isSameSql(before: string, after: string): boolean {
  const words = (sql: string): string => significantTokens(sql).map(({ kind, text }) => (kind === 'keyword' || kind === 'identifier' ? text.toUpperCase() : text)).join('\u0000'); // prettier-ignore
  return words(before) === words(after);
}
