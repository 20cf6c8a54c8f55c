/** An answer as lines of a list: the statement, what was checked, and its first rows. Pure text; the list is made elsewhere. */
import { type SqlValue } from '../../../core/schema/types.js';
import { type VerifiedSql } from '../../../engine/ask/types.js';

export interface AnswerLine {
  /** The statement in one line. */
  readonly label: string;
  /** First rows, values separated by dots, rows by bars. */
  readonly detail: string;
}

const shownRows = 3;
const longestValue = 40;
const longestLabel = 160;

export function answerLine({ sql, result }: VerifiedSql): AnswerLine {
  const rows = result.rows.slice(0, shownRows).map((row) => row.map(valueText).join(' · '));
  const more = result.rows.length > shownRows ? ['…'] : [];
  const detail = rows.length === 0 ? result.columns.join(' · ') : [...rows, ...more].join('  |  ');
  return { label: shorten(sql.replace(/\s+/g, ' ').trim(), longestLabel), detail };
}

function valueText(value: SqlValue): string {
  if (value === null) return 'NULL';
  if (value instanceof Uint8Array) return `${value.byteLength} B`;
  return shorten(String(value).replace(/\s+/g, ' '), longestValue);
}

function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
