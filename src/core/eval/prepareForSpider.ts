/**
 * What Spider's scorer does to both statements before it runs them: glued comparison operators are put together and every DISTINCT is
 * taken out, inside aggregates too. Strings, comments and quoted names stay as they are.
 */
import { tokenize } from '../sql/tokenize.js';

export function prepareForSpider(sql: string): string {
  const tokens = tokenize(sql);
  return tokens
    .filter((token, at) => !(token.kind === 'keyword' && token.text.toUpperCase() === 'DISTINCT') && !isGap(tokens, at))
    .map((token) => token.text)
    .join('');
}

type Tokens = ReturnType<typeof tokenize>;

/** The blank in `> =`, `< =` and `! =`, which Spider's data writes and SQLite refuses. */
function isGap(tokens: Tokens, at: number): boolean {
  const before = tokens[at - 1]?.text;
  return tokens[at]?.kind === 'whitespace' && (before === '>' || before === '<' || before === '!') && tokens[at + 1]?.text === '=';
}
