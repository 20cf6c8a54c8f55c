/**
 * Step 10, in plain words: what a statement does, clause by clause, as codes with arguments. It is derived from the SQL that ran, never
 * asked from the model; the faces make sentences of it.
 */
import { type ErrorArguments } from '../shared/errors.js';
import { significantTokens, type Token } from '../sql/tokenize.js';

export type ExplanationCode =
  | 'from'
  | 'join'
  | 'where'
  | 'group'
  | 'having'
  | 'aggregate'
  | 'distinct'
  | 'order'
  | 'limit'
  | 'limitOne'
  | 'set'
  | 'subquery'
  | 'columns';

export interface Explanation {
  readonly code: ExplanationCode;
  readonly args: ErrorArguments;
}

type ClauseName = 'with' | 'select' | 'from' | 'where' | 'group' | 'having' | 'order' | 'limit' | 'set';

interface Clause {
  readonly name: ClauseName;
  /** The words that began it, such as `UNION ALL`. */
  readonly head: string;
  readonly tokens: readonly Token[];
}

/** Parts in reading order: source tables first, then filters, groups, output, order. */
export function explainSql(sql: string): Explanation[] {
  const parts: Explanation[] = [];
  for (const clause of splitClauses(significantTokens(sql))) {
    parts.push(...explainClause(clause));
  }
  const rank: readonly ExplanationCode[] = [
    'from',
    'join',
    'where',
    'group',
    'having',
    'aggregate',
    'distinct',
    'columns',
    'order',
    'limit',
    'limitOne',
  ];
  const cut = parts.findIndex((part) => part.code === 'set');
  const first = cut < 0 ? parts : parts.slice(0, cut);
  const sorted = [...first].sort((a, b) => rank.indexOf(a.code) - rank.indexOf(b.code));
  const nested = /\(\s*select\b/i.test(sql) ? [{ code: 'subquery' as const, args: {} }] : [];
  return [...sorted, ...nested, ...parts.filter((part) => part.code === 'set')];
}

const starts: ReadonlyMap<string, ClauseName> = new Map<string, ClauseName>([
  ['WITH', 'with'],
  ['SELECT', 'select'],
  ['FROM', 'from'],
  ['WHERE', 'where'],
  ['GROUP', 'group'],
  ['HAVING', 'having'],
  ['ORDER', 'order'],
  ['LIMIT', 'limit'],
  ['UNION', 'set'],
  ['INTERSECT', 'set'],
  ['EXCEPT', 'set'],
]);

/** Clauses outside parentheses. */
function splitClauses(tokens: readonly Token[]): Clause[] {
  const clauses: { name: ClauseName; head: string; tokens: Token[] }[] = [];
  let depth = 0;
  for (const token of tokens) {
    const name = depth === 0 && token.kind === 'keyword' ? starts.get(token.text.toUpperCase()) : undefined;
    if (name) clauses.push({ name, head: token.text.toUpperCase(), tokens: [] });
    else clauses.at(-1)?.tokens.push(token);
    if (token.text === '(') depth++;
    if (token.text === ')') depth--;
  }
  return clauses;
}

function explainClause(clause: Clause): Explanation[] {
  const text = textOf(clause.tokens.filter((token) => token.text.toUpperCase() !== 'BY' || clause.name === 'select'));
  switch (clause.name) {
    case 'select':
      return explainSelect(clause.tokens);
    case 'from':
      return explainFrom(clause.tokens);
    case 'where':
      return [{ code: 'where', args: { condition: text } }];
    case 'group':
      return [{ code: 'group', args: { columns: text } }];
    case 'having':
      return [{ code: 'having', args: { condition: text } }];
    case 'order':
      return [{ code: 'order', args: { columns: text } }];
    case 'limit':
      return [text === '1' ? { code: 'limitOne', args: {} } : { code: 'limit', args: { count: text } }];
    case 'set':
      return [{ code: 'set', args: { operator: clause.head } }];
    case 'with':
      return [];
  }
}

function explainSelect(tokens: readonly Token[]): Explanation[] {
  const isDistinct = tokens[0]?.text.toUpperCase() === 'DISTINCT';
  const columns = isDistinct ? tokens.slice(1) : tokens;
  const functions = columns.filter(
    (token, at) => /^(?:COUNT|SUM|AVG|MIN|MAX|TOTAL|GROUP_CONCAT)$/i.test(token.text) && columns[at + 1]?.text === '(',
  );
  return [
    ...(isDistinct ? [{ code: 'distinct' as const, args: {} }] : []),
    ...(functions.length > 0
      ? [{ code: 'aggregate' as const, args: { functions: [...new Set(functions.map((token) => token.text.toUpperCase()))] } }]
      : []),
    { code: 'columns', args: { columns: textOf(columns) } },
  ];
}

function explainFrom(tokens: readonly Token[]): Explanation[] {
  const parts: Explanation[] = [];
  const pieces: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (depth === 0 && token.text.toUpperCase() === 'JOIN') pieces.push([]);
    else if (!(depth === 0 && /^(?:LEFT|INNER|CROSS|OUTER|NATURAL)$/i.test(token.text))) pieces.at(-1)?.push(token);
    if (token.text === '(') depth++;
    if (token.text === ')') depth--;
  }
  pieces.forEach((piece, at) => {
    if (at === 0) {
      parts.push({ code: 'from', args: { table: textOf(piece) } });
      return;
    }
    const on = piece.findIndex((token) => token.text.toUpperCase() === 'ON');
    const table = textOf(on < 0 ? piece : piece.slice(0, on));
    parts.push({ code: 'join', args: { table, condition: on < 0 ? '' : textOf(piece.slice(on + 1)) } });
  });
  return parts;
}

/** Tokens as one line with the usual spacing. */
function textOf(tokens: readonly Token[]): string {
  let text = '';
  tokens.forEach((token, at) => {
    const before = tokens[at - 1]?.text ?? '';
    const glued =
      at === 0 ||
      /^[,.)]$/.test(token.text) ||
      /^[.(]$/.test(before) ||
      (token.text === '(' && /^\w+$/.test(before) && !/^(?:IN|AND|OR|NOT|ON|EXISTS|LIKE|BETWEEN|AS)$/i.test(before));
    text += glued ? token.text : ` ${token.text}`;
  });
  return text;
}
