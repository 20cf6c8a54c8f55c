/**
 * Statements and links as a model may see them that must not see the data: a text that the user did not write may be a stored value.
 * Numbers stay, for no step takes them from the data. Decides nothing about permissions.
 */
import { applyEdits } from '../sql/applyEdits.js';
import { quoteString, unquoteString } from '../sql/quote.js';
import { tokenize } from '../sql/tokenize.js';
import { type LinkedQuestion } from './types.js';

const hidden = quoteString('…');

/** String and blob literals that are not in `said` become `'…'`. */
export function maskValues(sql: string, said: string): string {
  const words = said.toLowerCase();
  const isSaid = (text: string): boolean => words.includes(text.replace(/[%_]/g, '').trim().toLowerCase());
  const edits = tokenize(sql)
    .filter((token) => token.kind === 'blob' || (token.kind === 'string' && !isSaid(unquoteString(token.text))))
    .map(({ start, end }) => ({ start, end, text: hidden }));
  return applyEdits(sql, edits);
}

/** Without the links that would tell a stored spelling which the question does not have. */
export function withoutStoredValues(linked: LinkedQuestion): LinkedQuestion {
  const isSaid = (value: string | undefined): boolean => value !== undefined && linked.question.includes(value);
  return {
    ...linked,
    links: linked.links.filter((link) => link.kind !== 'value' || isSaid(link.value)),
    values: linked.values.filter((match) => isSaid(match.value)),
  };
}
