/** The pieces of a statement that questions call for in words: aggregates, groups, orders, limits. Read off its tokens; it resolves no name. */
import { significantTokens, type Token } from '../sql/tokenize.js';
import { type Cue } from './readCues.js';
import { readScopes, type SelectScope } from './selectScopes.js';

export interface StatementShape {
  readonly tokens: readonly Token[];
  readonly scopes: readonly SelectScope[];
  /** Pieces by the cue that calls for them. */
  readonly pieces: Readonly<Record<Cue, boolean>>;
  /** DISTINCT right behind a SELECT or inside an aggregate. */
  readonly distinct: boolean;
  /** SELECTs but the first one that stand in parentheses. */
  readonly nested: number;
  readonly setOperations: number;
  /** Sources beyond the first, over all SELECTs. */
  readonly joins: number;
  /** Of the last LIMIT; absent without one or with an expression. */
  readonly limit?: number;
  /** Towards which end the statement picks: by MAX, or by ORDER BY … DESC with LIMIT; absent when it does neither or both. */
  readonly picks?: 'most' | 'least';
  /** `>` or `>=` stands in it, `<` or `<=`. */
  readonly above: boolean;
  readonly below: boolean;
  /** BETWEEN or OFFSET: other ways to compare. */
  readonly ranges: boolean;
  /** `!=` or `<>` stands in it; NOT IN, NOT EXISTS or EXCEPT. */
  readonly unequal: boolean;
  readonly excludes: boolean;
  readonly countsDistinct: boolean;
  readonly like: boolean;
  /** A SELECT shows a column beside an aggregate and does not group. */
  readonly mixes: boolean;
}

export function readShape(sql: string): StatementShape {
  const tokens = significantTokens(sql);
  const scopes = readScopes(tokens);
  const words = tokens.map((token) => (token.kind === 'string' || token.kind === 'blob' ? '' : token.text.toUpperCase()));
  const has = (...wanted: readonly string[]): boolean => words.some((word) => wanted.includes(word));
  const calls = (name: string): boolean => words.some((word, at) => word === name && words[at + 1] === '(');
  const limit = limitOf(words);
  const ordered = words.some((word, at) => word === 'ORDER' && words[at + 1] === 'BY');
  const picks = picksOf({ most: calls('MAX'), least: calls('MIN'), ordered: ordered && limit !== undefined, descending: has('DESC') });
  return {
    tokens,
    scopes,
    pieces: {
      count: calls('COUNT'),
      average: calls('AVG'),
      sum: calls('SUM') || calls('TOTAL'),
      superlative: calls('MAX') || calls('MIN') || (ordered && limit !== undefined),
      group: has('GROUP'),
      negation: has('NOT', 'EXCEPT', '!=', '<>'),
      order: ordered,
      both: has('INTERSECT'),
    },
    distinct: has('DISTINCT'),
    nested: words.filter((word, at) => word === 'SELECT' && words[at - 1] === '(').length,
    setOperations: words.filter((word) => word === 'UNION' || word === 'INTERSECT' || word === 'EXCEPT').length,
    joins: scopes.reduce((sum, scope) => sum + Math.max(0, scope.sources.length - 1), 0),
    ...(limit === undefined ? {} : { limit }),
    ...(picks === undefined ? {} : { picks }),
    above: has('>', '>='),
    below: has('<', '<='),
    ranges: has('BETWEEN', 'OFFSET'),
    unequal: has('!=', '<>'),
    excludes: has('EXCEPT') || words.some((word, at) => word === 'NOT' && /^(?:IN|EXISTS)$/.test(words[at + 1] ?? '')),
    countsDistinct: words.some((word, at) => word === 'COUNT' && words[at + 2] === 'DISTINCT'),
    like: has('LIKE', 'GLOB'),
    mixes: scopes.some((scope) => mixes(scope, words)),
  };
}

const aggregates = new Set(['COUNT', 'SUM', 'AVG', 'MIN', 'MAX', 'TOTAL', 'GROUP_CONCAT']);

/** MIN and MAX alone are left out: SQLite shows the row in which they were found. */
function mixes(scope: SelectScope, words: readonly string[]): boolean {
  if (scope.groups || scope.fromStart < 0) return false;
  const begin = words.lastIndexOf('SELECT', scope.fromStart);
  const calls = words.slice(begin, scope.fromStart).filter((word, at, all) => aggregates.has(word) && all[at + 1] === '(');
  const isInside = (start: number): boolean => aggregates.has(words[words[start - 1] === 'DISTINCT' ? start - 3 : start - 2] ?? '');
  const bare = scope.columns.filter((use) => use.clause === 'select' && !isInside(use.start));
  return bare.length > 0 && calls.some((name) => name !== 'MIN' && name !== 'MAX');
}

function limitOf(words: readonly string[]): number | undefined {
  const value = Number(words[words.lastIndexOf('LIMIT') + 1]);
  return words.includes('LIMIT') && Number.isInteger(value) ? value : undefined;
}

function picksOf(signs: { most: boolean; least: boolean; ordered: boolean; descending: boolean }): 'most' | 'least' | undefined {
  const most = signs.most || (signs.ordered && signs.descending);
  const least = signs.least || (signs.ordered && !signs.descending);
  return most === least ? undefined : most ? 'most' : 'least';
}
