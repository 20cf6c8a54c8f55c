/** What a regenerated statement replaces, and with what text. Pure: offsets in, offsets out. */
import { codePlace, sqlInsertion } from '../../core/presentation/sqlLiteral.js';
import { replaceLiteralBelow } from '../../core/presentation/literalBelow.js';
import { statementBelow, type TextRange } from '../../core/presentation/statementBelow.js';
import { type DocumentLanguage } from './documentLanguage.js';

export interface NewStatement {
  readonly language: DocumentLanguage;
  readonly sql: string;
  readonly bound: boolean;
  /** Nearest line of code above the comment. */
  readonly above: string;
}

/** `comment` is the offset of the last line of the comment. */
export function replacementFor(text: string, comment: number, statement: NewStatement): TextRange & { readonly text: string } {
  const { language, sql } = statement;
  const lineEnd = text.indexOf('\n', comment);
  const below = lineEnd < 0 ? text.length : lineEnd + 1;
  const opening = lineEnd < 0 ? '\n' : '';
  if (language.kind === 'sql') {
    const range = statementBelow(text, below);
    const closed = sql.trimEnd().endsWith(';') ? sql.trimEnd() : `${sql.trimEnd()};`;
    return { ...range, text: `${opening}${closed}${needsBreak(text, range) ? '\n' : ''}` };
  }
  const { code } = language;
  const replaced = replaceLiteralBelow(below, { text, language: code, sql, bound: statement.bound });
  if (replaced) return replaced;
  const indent = /^[ \t]*/.exec(text.slice(comment))?.[0] ?? '';
  const blank = /^[ \t]*(?=\r?\n|$)/.exec(text.slice(below))?.[0];
  const range = { start: below, end: below + (blank?.length ?? 0) };
  const inserted = sqlInsertion({ sql, language: code, place: codePlace('', statement.above), indent, bound: statement.bound });
  return { ...range, text: `${opening}${indent}${inserted}${needsBreak(text, range) ? '\n' : ''}` };
}

/** Something follows in the same line that must not be joined to the new text. */
function needsBreak(text: string, { start, end }: TextRange): boolean {
  return start === end && text.slice(end) !== '' && !/^[ \t]*\r?\n/.test(text.slice(end));
}
