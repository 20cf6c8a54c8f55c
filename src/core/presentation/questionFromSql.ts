/**
 * The words of a statement as a question, for a statement that has none: names and literals are what links it to the schema. Rough on
 * purpose; it is shown to the model beside the statement, never to people.
 */
import { significantTokens, type Token } from '../sql/tokenize.js';

const spoken: ReadonlyMap<string, string> = new Map([
  ['COUNT', 'number of'],
  ['SUM', 'total'],
  ['TOTAL', 'total'],
  ['AVG', 'average'],
  ['MAX', 'highest'],
  ['MIN', 'lowest'],
  ['DISTINCT', 'different'],
  ['GROUP', 'for each'],
  ['DESC', 'descending'],
  ['LIMIT', 'first'],
]);
const mostWords = 60;

/** Empty for a text without names. */
export function questionFromSql(sql: string): string {
  const words = significantTokens(sql).flatMap(wordsOf);
  return words.filter((word, at) => word !== words[at - 1]).slice(0, mostWords).join(' '); // prettier-ignore
}

function wordsOf(token: Token): string[] {
  const known = spoken.get(token.text.toUpperCase());
  if (known !== undefined) return [known];
  if (token.kind === 'string') return [token.text.replace(/^'|'$/g, '').replace(/[%_]/g, ' ').trim()].filter((word) => word !== '');
  if (token.kind === 'number') return [token.text];
  return token.kind === 'identifier' ? [plainName(token.text)] : [];
}

function plainName(name: string): string {
  return name
    .replace(/^["`[]|["`\]]$/g, '')
    .replace(/_/g, ' ')
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase();
}
