/**
 * Completion in a script: finds the statement and the place of the cursor, and asks for what belongs there. The word that is being
 * typed is taken out before reading, so that it is never mistaken for a table or an alias.
 */
import { foldName } from '../graph/tableKeys.js';
import { quoteIdentifier } from '../sql/quote.js';
import { type Token, tokenize } from '../sql/tokenize.js';
import { aliasProposals, memberProposals, scopeColumnProposals } from './columnProposals.js';
import { clauseAt, type CompletionPlace, completionPlace } from './completionPlace.js';
import { type CompletionOptions, type CompletionRequest } from './completionRequest.js';
import { conditionProposals, joinContext } from './joinContext.js';
import { joinProposals } from './joinProposals.js';
import { afterTableWords, followingWords, functionProposals, keywordCase, operandWords, plainWords, statementWords, writeKeyword } from './keywordProposals.js'; // prettier-ignore
import { type LanguageSchema } from './languageSchema.js';
import { type CompletionList, type Proposal } from './proposal.js';
import { readStatement } from './readStatement.js';
import { NameResolver } from './resolveNames.js';
import { type Script, scopeAt, statementAt } from './script.js';
import { tableProposals } from './tableProposals.js';
import { valueProposals } from './valueProposals.js';

/** Undefined in comments, texts and numbers, and where nothing can be named. */
export function completeSql(
  script: Script,
  offset: number,
  schema: LanguageSchema,
  options: CompletionOptions = {},
): CompletionList | undefined {
  const stored = statementAt(script, offset);
  const start = stored?.start ?? offset;
  const covered = touching(script.text, stored?.start ?? lineStart(script.text, offset), offset);
  if (covered === 'text') return undefined;
  const all = stored?.tokens ?? [];
  const word =
    covered?.kind === 'identifier' || covered?.kind === 'keyword' ? all.find((token) => token.start === covered.start) : undefined;
  if (!word && covered && covered.end >= offset && ['number', 'blob', 'parameter'].includes(covered.kind)) return undefined;
  const tokens = all.filter((token) => token !== word);
  const statement = readStatement(tokens);
  const from = word?.start ?? offset;
  const before = tokens.filter((token) => token.end <= from && token.start >= start);
  const request: CompletionRequest = {
    schema,
    resolver: new NameResolver(schema),
    statement,
    scope: scopeAt(statement, from),
    before,
    offset: from,
    text: script.text,
    keywords: keywordCase(before),
    options,
  };
  const place = completionPlace(statement, before, from);
  const proposals = propose(place, request);
  // Behind a blank line a statement may begin as well as go on.
  if (place.kind !== 'statement' && /\n[ \t\r]*\n/.test(script.text.slice(before.at(-1)?.end ?? from, from)))
    proposals.push(...statementWords(request.keywords));
  if (proposals.length === 0) return undefined;
  const unique = [...new Map(proposals.map((proposal) => [`${proposal.kind} ${proposal.insert}`, proposal])).values()];
  const isEager = ['table', 'member', 'condition', 'names'].includes(place.kind);
  return { start: from, end: Math.max(offset, word?.end ?? offset), proposals: unique.sort((a, b) => a.rank - b.rank), isEager };
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** The word in front of the offset; `text` inside a comment or a string. */
function touching(text: string, start: number, offset: number): Token | 'text' | undefined {
  const last = tokenize(text.slice(start, Math.max(offset, endOfWord(text, offset)))).findLast((token) => token.start + start < offset);
  if (!last) return undefined;
  const [from, to] = [last.start + start, last.end + start];
  if (last.kind === 'comment' && (offset < to || last.text.startsWith('--') || !last.text.endsWith('*/'))) return 'text';
  if (last.kind === 'string' && (offset < to || !/^'.*'$/s.test(last.text))) return 'text';
  return to >= offset ? { ...last, start: from, end: to } : undefined;
}

function endOfWord(text: string, offset: number): number {
  const rest = /^[\w$\u0080-\uffff]*["`\]']?/.exec(text.slice(offset, offset + 200));
  return offset + (rest?.[0].length ?? 0);
}

function propose(place: CompletionPlace, request: CompletionRequest): Proposal[] {
  const { keywords } = request;
  switch (place.kind) {
    case 'nothing':
      return [];
    case 'statement':
      return statementWords(keywords);
    case 'member':
      return memberPlaceProposals(place, request);
    case 'table':
      return tablePlaceProposals(place.role, request);
    case 'afterTable':
      return afterTableProposals(place, request);
    case 'condition':
      return [...conditionProposals(request, place.last), ...operandProposals(place, request)];
    case 'names':
      return nameProposals(place, request);
    case 'operand':
      return [...valueProposals(request), ...operandProposals(place, request)];
    case 'operator':
      return [...followingWords(place.clause, keywords), ...(place.clause === 'on' ? wholeJoins(request) : [])];
    case 'type':
    case 'collation':
    case 'pragma':
    case 'object':
      return plainWords(place.kind, keywords);
  }
}

function memberPlaceProposals(place: Extract<CompletionPlace, { kind: 'member' }>, request: CompletionRequest): Proposal[] {
  const { resolver, schema } = request;
  const wanted = foldName(place.qualifier.name);
  if (place.isTable) return wanted === 'main' ? tableProposals(request, 'read') : [];
  for (let at = request.scope; at; at = at.parent) {
    const source = resolver.sources(at).find(({ name }) => foldName(name) === wanted);
    if (!source) continue;
    const isSelect = clauseAt(at, request.offset) === 'select';
    const star: Proposal[] = isSelect && source.columns ? [{ kind: 'snippet', label: '*', insert: '*', rank: 5 }] : [];
    return [...memberProposals(source), ...star];
  }
  // A table that is not joined yet: its columns are still what the user wants.
  const table = schema.table(place.qualifier.name);
  if (!table) return [];
  const columns = table.columns.map((column) => ({ name: column.name, stored: { table, column } }));
  const source = { table: place.qualifier, isCall: false, join: '', hasCondition: false, using: [], start: 0, end: 0 };
  return memberProposals({ source, name: table.name, table, columns });
}

function tablePlaceProposals(role: 'read' | 'join' | 'write' | 'define', request: CompletionRequest): Proposal[] {
  const tables = tableProposals(request, role);
  if (role !== 'join' && !(role === 'read' && isBehindComma(request))) return tables;
  const joins = role === 'join' ? joinProposals(joinContext(request)) : [];
  return [...joins, ...tables.map((table) => ({ ...table, rank: table.rank + 500 }))];
}

function isBehindComma({ before }: CompletionRequest): boolean {
  return before.at(-1)?.text === ',';
}

function afterTableProposals({ last }: Extract<CompletionPlace, { kind: 'afterTable' }>, request: CompletionRequest): Proposal[] {
  const { scope, keywords } = request;
  if (!scope) return [];
  const ends = conditionProposals(request, last).map((proposal): Proposal => {
    const on = writeKeyword('ON', keywords);
    return {
      ...proposal,
      label: `${on} ${proposal.label}`,
      insert: `${on} ${proposal.insert}`,
      filter: `${on} ${proposal.label}`,
      rank: proposal.rank,
    };
  });
  const words = afterTableWords(last, scope.kind, keywords);
  const isOpen = last !== undefined && last.join !== '' && last.join !== ',' && !last.hasCondition;
  const list = scope.kind === 'insert' && last?.table ? columnListProposal(request) : [];
  if (scope.kind !== 'select') return [...list, ...words];
  return [...(isOpen ? ends : []), ...words, ...(isOpen ? [] : wholeJoins(request))];
}

/** Joins with the word JOIN in front, where a clause could go on. */
function wholeJoins(request: CompletionRequest): Proposal[] {
  const join = writeKeyword('JOIN', request.keywords);
  return joinProposals({ ...joinContext(request), joinWords: join }).map((proposal) => ({
    ...proposal,
    label: `${join} ${proposal.label}`,
    insert: `${join} ${proposal.insert}`,
    filter: `${join} ${proposal.filter ?? proposal.label}`,
    rank: 100 + proposal.rank,
  }));
}

/** `(a, b, c) VALUES (…)` with a stop at each value. */
function columnListProposal({ schema, scope, keywords }: CompletionRequest): Proposal[] {
  const table = schema.table(scope?.sources[0]?.table?.name ?? '');
  const columns = table?.columns.filter(({ generated }) => generated === undefined) ?? [];
  if (!table || columns.length === 0) return [];
  const names = columns.map(({ name }) => quoteIdentifier(name));
  const escaped = (text: string): string => text.replace(/[\\$}]/g, '\\$&');
  const stops = names.map((name, at) => `\${${at + 1}:${escaped(name)}}`).join(', ');
  const values = writeKeyword('VALUES', keywords);
  const label = `(${names.join(', ')}) ${values} (…)`;
  const insert = `(${names.map(escaped).join(', ')}) ${values} (${stops})`;
  return [{ kind: 'snippet', label, insert, isSnippet: true, filter: '(', rank: 5, table: table.name }];
}

function operandProposals(place: CompletionPlace, request: CompletionRequest): Proposal[] {
  const { resolver, scope, keywords, statement } = request;
  if (!scope) return [];
  const clause = place.kind === 'operand' ? place.clause : 'on';
  const used = new Set<string>();
  if (clause === 'select')
    for (const reference of scope.references)
      used.add(foldName([reference.qualifier?.name, reference.name?.name].filter(Boolean).join('.')));
  const results = ['order', 'group', 'having', 'where'].includes(clause)
    ? scope.results.flatMap(({ alias }): Proposal[] =>
        alias
          ? [
              {
                kind: 'result',
                label: quoteIdentifier(alias.name),
                insert: quoteIdentifier(alias.name),
                rank: clause === 'where' ? 150 : 90,
              },
            ]
          : [],
      )
    : [];
  const star: Proposal[] =
    place.kind === 'operand' && place.isFirst && clause === 'select' ? [{ kind: 'snippet', label: '*', insert: '*', rank: 95 }] : [];
  const hasTables = scope.sources.length > 0 || scope.parent !== undefined;
  const words = operandWords(clause, place.kind === 'operand' && place.isFirst, keywords);
  return [
    ...results,
    ...star,
    ...(hasTables ? scopeColumnProposals(resolver, scope, used) : unboundColumns(request)),
    ...aliasProposals(resolver, scope),
    ...functionProposals(clause),
    ...words,
    ...(statement.verb === '' ? statementWords(keywords) : []),
  ];
}

/** A select list that is written before its FROM: columns of every table, the most referred to first. */
function unboundColumns({ schema }: CompletionRequest): Proposal[] {
  return schema.schema.tables.slice(0, 200).flatMap((table) =>
    table.columns.map((column, at): Proposal => {
      const name = quoteIdentifier(column.name);
      return { kind: column.primaryKey > 0 ? 'key' : 'column', label: name, detail: ` ${column.type}`.trimEnd(), description: table.name, insert: name, filter: column.name, rank: 300 + at / 10_000, table: table.name, column: column.name }; // prettier-ignore
    }),
  );
}

function nameProposals(place: Extract<CompletionPlace, { kind: 'names' }>, request: CompletionRequest): Proposal[] {
  const { scope, resolver, offset } = request;
  if (!scope) return [];
  const sources = resolver.sources(scope).filter(({ source }) => source.start < offset);
  const last = sources.at(-1);
  if (!last) return [];
  if (place.of === 'target') return memberProposals(last);
  const earlier = new Set(sources.slice(0, -1).flatMap(({ columns }) => columns?.map(({ name }) => foldName(name)) ?? []));
  return memberProposals(last).filter(({ filter }) => earlier.has(foldName(filter ?? '')));
}
