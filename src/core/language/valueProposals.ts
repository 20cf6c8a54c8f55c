/** Texts that a column can have, behind a comparison with it. Only for columns with few of them, which were counted before. */
import { quoteString } from '../sql/quote.js';
import { type CompletionRequest } from './completionRequest.js';
import { type Proposal } from './proposal.js';

const comparisons: ReadonlySet<string> = new Set(['=', '==', '<>', '!=', 'IS', 'NOT', 'IN', '(', ',', 'LIKE']);

export function valueProposals({ before, scope, resolver, options }: CompletionRequest): Proposal[] {
  const last = before.at(-1);
  if (!scope || !options.smallDomain || !last || !comparisons.has(last.text.toUpperCase())) return [];
  const end = comparedEnd(before.map(({ text }) => text.toUpperCase()));
  const token = before[end];
  const reference = token && scope.references.find((candidate) => candidate.end === token.end);
  const found = reference && resolver.resolve(reference, scope);
  const stored = found?.kind === 'column' ? found.column.stored : undefined;
  if (!stored) return [];
  const values = options.smallDomain(stored.table.name, stored.column.name) ?? [];
  const column = { table: stored.table.name, column: stored.column.name };
  return values.map((value, at) => ({ kind: 'value', label: quoteString(value), insert: quoteString(value), filter: quoteString(value), rank: at / 100, ...column })); // prettier-ignore
}

/** Index of the token that is compared: in front of `=`, of `IN (` and of the values behind it. */
function comparedEnd(words: readonly string[]): number {
  let at = words.length - 1;
  if (words[at] === ',' || words[at] === '(') {
    while (at >= 0 && words[at] !== '(') at--;
    at--;
    if (words[at] !== 'IN') return -1;
  }
  while (at >= 0 && ['IN', 'NOT', 'IS', '=', '==', '<>', '!=', 'LIKE'].includes(words[at] ?? '')) at--;
  return at;
}
