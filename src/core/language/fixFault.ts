/** What could mend a fault, as edits of the script: a name that is near, a join that is missing, a qualifier, a sign. */
import { foldName } from '../graph/tableKeys.js';
import { type TextEdit } from '../sql/applyEdits.js';
import { quoteIdentifier, quoteString } from '../sql/quote.js';
import { type Token } from '../sql/tokenize.js';
import { type Fault } from './checkScript.js';
import { joinContext } from './joinContext.js';
import { joinProposals } from './joinProposals.js';
import { keywordCase, writeKeyword } from './keywordProposals.js';
import { type LanguageSchema } from './languageSchema.js';
import { allCommonTables } from './nameAt.js';
import { nearestNames } from './nearestNames.js';
import { columnUses } from './placeComplaint.js';
import { type Proposal } from './proposal.js';
import { columnOf, NameResolver, type VisibleSource } from './resolveNames.js';
import { type Script } from './script.js';
import { sqlFunctions } from './sqlFunctions.js';
import { type Scope, type Statement } from './syntax.js';

export interface FaultFix {
  /** `argument` fills its sentence. */
  readonly kind: 'replace' | 'join' | 'qualify' | 'singleQuotes' | 'quoteName' | 'semicolon' | 'removeComma';
  readonly argument: string;
  readonly edits: readonly TextEdit[];
}

interface FixContext {
  readonly fault: Fault;
  readonly statement: Statement;
  readonly schema: LanguageSchema;
  readonly resolver: NameResolver;
  readonly text: string;
}

/** Joins offered at most. */
const joinLimit = 3;
const typedKeywords =
  'SELECT FROM WHERE GROUP ORDER HAVING LIMIT OFFSET JOIN LEFT INNER UNION INSERT INTO VALUES UPDATE DELETE BETWEEN DISTINCT'.split(' ');

/** Most likely first. The fault must be one of the script as it is now. */
export function fixFault(script: Script, fault: Fault, schema: LanguageSchema): readonly FaultFix[] {
  const stored = script.statements.find(({ start, end }) => start <= fault.start && fault.start < end);
  if (!stored) return [];
  const resolver = new NameResolver(schema);
  const context: FixContext = { fault, statement: script.read(stored), schema, resolver, text: script.text };
  switch (fault.kind) {
    case 'unknownTable':
      return replacements(context, [...tableNames(context)], lastName(context));
    case 'unknownColumn':
      return columnFixes(context);
    case 'ambiguousColumn':
      return qualifyFixes(context);
    case 'unknownFunction':
      return replacements(context, sqlFunctions.map(({ name }) => name), fault); // prettier-ignore
    case 'unknownCollation':
      return replacements(context, ['NOCASE', 'BINARY', 'RTRIM'], fault);
    case 'doubleQuoted':
      return [edit('singleQuotes', fault.name ?? '', fault, quoteString(fault.name ?? '')), ...columnFixes(context)];
    case 'syntax':
      return syntaxFixes(context);
    default:
      return [];
  }
}

interface Place {
  readonly start: number;
  readonly end: number;
}

function edit(kind: FaultFix['kind'], argument: string, { start, end }: Place, text: string): FaultFix {
  return { kind, argument, edits: [{ start, end, text }] };
}

function replacements({ fault }: FixContext, candidates: readonly string[], place: Place): FaultFix[] {
  return nearestNames(fault.name ?? '', candidates).map((name) => edit('replace', name, place, quoteIdentifier(name)));
}

function tableNames({ schema, statement }: FixContext): Set<string> {
  return new Set([...schema.schema.tables.map(({ name }) => name), ...allCommonTables(statement).map(({ name }) => name.name)]);
}

/** The last name within the fault's place: `nam` of `c.nam`. */
function lastName({ fault, statement }: FixContext): Place {
  return statement.tokens.findLast(({ kind, start, end }) => kind === 'identifier' && start >= fault.start && end <= fault.end) ?? fault;
}

function faultyUse({ fault, statement }: FixContext): ReturnType<typeof columnUses>[number] | undefined {
  return columnUses(statement).find(({ reference }) => reference.start <= fault.start && fault.end <= reference.end);
}

function columnFixes(context: FixContext): FaultFix[] {
  const use = faultyUse(context);
  if (!use) return [];
  const { reference, scope } = use;
  const { resolver } = context;
  const found = resolver.resolve(reference, scope);
  const named = found.kind === 'missing' ? found.source : undefined;
  if (reference.qualifier && !named) return [...joinFixes(context, scope), ...qualifierFixes(context, scope)];
  const sources = named ? [named] : visible(scope, resolver);
  const columns = sources.flatMap((source) => source.columns?.map(({ name }) => name) ?? []);
  return [...joinFixes(context, scope, named), ...replacements(context, columns, lastName(context))];
}

function visible(scope: Scope, resolver: NameResolver): VisibleSource[] {
  return [...resolver.sources(scope), ...(scope.parent ? visible(scope.parent, resolver) : [])];
}

/** The qualifier itself may be the slip, for one whose table has the column. */
function qualifierFixes(context: FixContext, scope: Scope): FaultFix[] {
  const qualifier = faultyUse(context)?.reference.qualifier;
  if (!qualifier) return [];
  const has = (source: VisibleSource): boolean => columnOf(source, context.fault.name ?? '') !== undefined;
  const names = visible(scope, context.resolver).flatMap((source) => (has(source) ? [source.name] : []));
  return nearestNames(qualifier.name, names).map((name) => edit('replace', name, qualifier, quoteIdentifier(name)));
}

/** Joins to tables that have the column, along the graph. A qualifier that is right already leaves nothing to join. */
function joinFixes(context: FixContext, scope: Scope, named?: VisibleSource): FaultFix[] {
  const { statement, schema, resolver, text, fault } = context;
  if (named || scope.sources.length === 0 || scope.kind !== 'select') return [];
  const end = endOfFrom(scope, statement.tokens);
  const before = statement.tokens.filter((token) => token.end <= end);
  const keywords = keywordCase(before);
  const request = { schema, resolver, statement, scope, before, offset: end, text, keywords, options: {} };
  const join = joinContext(request);
  const qualifier = faultyUse(context)?.reference.qualifier?.name;
  const has = (name: string): boolean =>
    schema.table(name)?.columns.some((column) => foldName(column.name) === foldName(fault.name ?? '')) ?? false;
  const fits = (table: string, insert: string): boolean => {
    if (join.joined.some((entry) => foldName(entry.table) === foldName(table))) return false;
    const last = insert.split(` ${join.on} `).at(-2)?.split(/\s/).at(-1) ?? '';
    return qualifier === undefined || foldName(last) === foldName(quoteIdentifier(qualifier));
  };
  const fitting = joinProposals(join).filter(({ table, insert }) => table !== undefined && fits(table, insert));
  const exact = fitting.filter(({ table }) => has(table ?? ''));
  // Under a name that stands for nothing the column may be the next slip.
  return (exact.length > 0 || qualifier === undefined ? exact : nearFirst(fitting, context))
    .slice(0, joinLimit)
    .map(({ insert, table }) => {
      const added = `${join.separator}${writeKeyword('JOIN', keywords)} ${insert}`;
      return { kind: 'join', argument: table ?? '', edits: [{ start: end, end, text: added }] };
    });
}

/** Tables with a column of about the name go before the others. */
function nearFirst(proposals: readonly Proposal[], { schema, fault }: FixContext): readonly Proposal[] {
  const isNear = ({ table = '' }: Proposal): boolean => nearestNames(fault.name ?? '', schema.table(table)?.columns.map(({ name }) => name) ?? []).length > 0; // prettier-ignore
  return [...proposals.filter(isNear), ...proposals.filter((proposal) => !isNear(proposal))];
}

/** Offset behind the last token of FROM, its conditions included. */
function endOfFrom(scope: Scope, tokens: readonly Token[]): number {
  const last = scope.sources.at(-1)?.end ?? scope.start;
  const next = scope.clauses.find(({ clause, start }) => start >= last && clause !== 'on' && clause !== 'using' && clause !== 'from');
  const limit = Math.min(next?.start ?? Infinity, scope.end);
  return tokens.findLast(({ end }) => end <= limit)?.end ?? last;
}

function qualifyFixes(context: FixContext): FaultFix[] {
  const use = faultyUse(context);
  if (!use) return [];
  const found = context.resolver.resolve(use.reference, use.scope);
  if (found.kind !== 'ambiguous') return [];
  const { start } = use.reference;
  return found.sources.flatMap(({ name }) => (name === '' ? [] : [edit('qualify', name, { start, end: start }, `${quoteIdentifier(name)}.`)])); // prettier-ignore
}

function syntaxFixes({ fault, statement, text }: FixContext): FaultFix[] {
  const at = statement.tokens.findIndex(({ start }) => start === fault.start);
  const token = statement.tokens[at];
  const before = statement.tokens[at - 1];
  if (!token || !before) return [];
  const fixes: FaultFix[] = [];
  const line = text.slice(text.lastIndexOf('\n', token.start - 1) + 1, token.start);
  const isVerb = /^(?:SELECT|WITH|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|EXPLAIN|PRAGMA)$/i.test(token.text);
  if (isVerb && line.trim() === '') fixes.push(edit('semicolon', '', { start: before.end, end: before.end }, ';'));
  if (before.text === ',' && (token.text === ')' || token.kind === 'keyword')) fixes.push(edit('removeComma', '', before, ''));
  for (const word of [token, before]) {
    if (word.kind !== 'identifier' || !/^\w+$/.test(word.text)) continue;
    const [near] = nearestNames(word.text, typedKeywords);
    if (near && near.length > 2)
      fixes.push(
        edit('replace', writeKeyword(near, keywordCase(statement.tokens)), word, writeKeyword(near, keywordCase(statement.tokens))),
      );
  }
  if (token.kind === 'keyword' && !isVerb) fixes.push(edit('quoteName', `"${token.text}"`, token, `"${token.text}"`));
  return fixes;
}
