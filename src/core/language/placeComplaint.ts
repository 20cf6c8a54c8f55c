/**
 * Where in a statement a complaint belongs: SQLite says what is wrong and not where. Names are looked up as SQLite does, so that of
 * several equal ones the right one is found; a syntax error is found by asking SQLite about beginnings of the statement.
 */
import { foldName } from '../graph/tableKeys.js';
import { unquoteIdentifier } from '../sql/quote.js';
import { type Token } from '../sql/tokenize.js';
import { type Complaint } from './fault.js';
import { type NameResolver } from './resolveNames.js';
import { type ColumnReference, type Scope, type Statement } from './syntax.js';

export interface TextPlace {
  readonly start: number;
  readonly end: number;
}

/** The tokens that a syntax error could mean: one means that, several need `failingToken`. */
export function suspects(complaint: Complaint, statement: Statement): readonly Token[] {
  return complaint.kind === 'syntax' ? statement.tokens.filter(({ text }) => text === complaint.name) : [];
}

/** Finds the first suspect that SQLite stumbles over: `fails` says whether the statement up to an offset brings the complaint. */
export async function failingToken(tokens: readonly Token[], fails: (end: number) => Promise<boolean>): Promise<Token | undefined> {
  let [low, high] = [0, tokens.length - 1];
  // Once the failing token is in the text, everything longer fails in the same way.
  while (low < high) {
    const middle = (low + high) >> 1;
    if (await fails(tokens[middle]?.end ?? 0)) high = middle;
    else low = middle + 1;
  }
  return tokens[low];
}

/** Always finds something: the first word of the statement when nothing better is known. */
export function placeComplaint(complaint: Complaint, statement: Statement, resolver: NameResolver): TextPlace {
  return find(complaint, statement, resolver) ?? statement.tokens[0] ?? { start: statement.start, end: statement.end };
}

function find(complaint: Complaint, statement: Statement, resolver: NameResolver): TextPlace | undefined {
  const { kind, name = '' } = complaint;
  switch (kind) {
    case 'syntax':
      return suspects(complaint, statement)[0];
    case 'incomplete':
      return statement.tokens.at(-1);
    case 'unknownTable':
      return findSource(complaint, statement, resolver);
    case 'unknownColumn':
    case 'ambiguousColumn':
    case 'doubleQuoted':
      return findReference(complaint, statement, resolver);
    case 'unknownFunction':
    case 'wrongArguments':
    case 'misuse':
      return statement.calls.find((call) => same(call.name.name, name))?.name ?? findToken(statement, name);
    case 'joinColumn':
      return findUsing(name, statement) ?? findToken(statement, name);
    case 'compound':
      return findWord(statement, name.split(' ')[0] ?? '');
    case 'clauseOrder':
      return findWord(statement, name.split(' ')[0] === '' ? 'HAVING' : (name.split(' ')[0] ?? ''));
    case 'valueCount':
      return findWord(statement, 'VALUES') ?? statement.target;
    case 'unknownCollation':
    case 'unknownIndex':
    case 'unknownWindow':
      return findToken(statement, name);
    case 'exists':
    case 'other':
      return undefined;
  }
}

function same(a: string, b: string): boolean {
  return foldName(a) === foldName(b);
}

function findWord({ tokens }: Statement, word: string): TextPlace | undefined {
  return tokens.find((token) => token.kind === 'keyword' && token.text.toUpperCase() === word);
}

function findToken({ tokens }: Statement, name: string): TextPlace | undefined {
  return tokens.find((token) => token.kind === 'identifier' && same(unquoteIdentifier(token.text), name));
}

function findUsing(name: string, statement: Statement): TextPlace | undefined {
  return statement.scopes.flatMap(({ sources }) => sources.flatMap(({ using }) => using)).find((entry) => same(entry.name, name));
}

/** Tables that neither the schema nor a common table has go before ones that do; a broken view is blamed on its name. */
function findSource({ name = '' }: Complaint, statement: Statement, resolver: NameResolver): TextPlace | undefined {
  const sources = statement.scopes.flatMap((scope) => resolver.sources(scope));
  const named = sources.filter(({ source }) => source.table && same(source.table.name, name));
  const found = named.find(({ table, commonTable }) => !table && !commonTable) ?? named[0];
  const view = found
    ? undefined
    : sources.find(({ source, table, commonTable }) => source.table && !commonTable && (!table || table.kind === 'view'));
  return (found ?? view)?.source.table ?? findToken(statement, name);
}

interface Use {
  readonly reference: ColumnReference;
  readonly scope: Scope;
}

/** Every use of a column in the order of the text. */
export function columnUses({ scopes }: Statement): readonly Use[] {
  return scopes
    .flatMap((scope) => scope.references.map((reference) => ({ reference, scope })))
    .sort((a, b) => a.reference.start - b.reference.start);
}

function findReference({ kind, name = '', qualifier }: Complaint, statement: Statement, resolver: NameResolver): TextPlace | undefined {
  const uses = columnUses(statement).filter(
    ({ reference }) =>
      reference.name &&
      same(reference.name.name, name) &&
      (!qualifier || !reference.qualifier || same(reference.qualifier.name, qualifier)),
  );
  const exact = uses.filter(({ reference }) => (qualifier === undefined) === (reference.qualifier === undefined));
  const wanted = kind === 'ambiguousColumn' ? 'ambiguous' : 'missing';
  const isWanted = ({ reference, scope }: Use): boolean => resolver.resolve(reference, scope).kind === wanted;
  const found = exact.find(isWanted) ?? uses.find(isWanted) ?? exact[0] ?? uses[0];
  if (!found) return findToken(statement, name);
  // A qualifier that is right is no part of the fault.
  const resolution = resolver.resolve(found.reference, found.scope);
  const isNameOnly = resolution.kind === 'missing' && resolution.source !== undefined;
  return isNameOnly ? (found.reference.name ?? found.reference) : found.reference;
}
