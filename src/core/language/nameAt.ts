/** What the name at an offset means: the one question behind hover, definition, rename and colours. */
import { foldName } from '../graph/tableKeys.js';
import { type Column, type Table } from '../schema/types.js';
import { columnOf, type NameResolver, type VisibleSource } from './resolveNames.js';
import { type ColumnReference, type CommonTable, type FunctionCall, type Name, type ResultColumn, type Scope, type Statement } from './syntax.js'; // prettier-ignore

export type NamedThing =
  | { readonly kind: 'table'; readonly table: Table }
  | { readonly kind: 'commonTable'; readonly commonTable: CommonTable }
  /** A table under another name: `o` of `orders o`. */
  | { readonly kind: 'alias'; readonly source: VisibleSource }
  | { readonly kind: 'column'; readonly table: Table; readonly column: Column }
  /** A column that the statement itself names, with what it stands for when that is a stored column. */
  | { readonly kind: 'declared'; readonly declared: Name; readonly stored?: { readonly table: Table; readonly column: Column } }
  | { readonly kind: 'result'; readonly result: ResultColumn; readonly declared: Name }
  | { readonly kind: 'function'; readonly call: FunctionCall };

export interface NameUse {
  /** The token of the name. */
  readonly name: Name;
  readonly thing: NamedThing;
  /** The name is given here, not used. */
  readonly isDeclaration: boolean;
}

export function nameAt(statement: Statement, offset: number, resolver: NameResolver): NameUse | undefined {
  return nameUses(statement, resolver, (name) => name.start <= offset && offset <= name.end)[0];
}

/** Every name whose meaning is known, in no particular order. `wanted` leaves others out before they are looked up. */
export function nameUses(statement: Statement, resolver: NameResolver, wanted: (name: Name) => boolean = () => true): readonly NameUse[] {
  const uses: NameUse[] = [];
  const add = (name: Name | undefined, look: () => NamedThing | undefined, isDeclaration = false): void => {
    const thing = name && name.end > name.start && wanted(name) ? look() : undefined;
    if (name && thing) uses.push({ name, thing, isDeclaration });
  };
  for (const commonTable of allCommonTables(statement)) {
    add(commonTable.name, () => ({ kind: 'commonTable', commonTable }), true);
    for (const column of commonTable.columns) add(column, () => ({ kind: 'declared', declared: column }), true);
  }
  for (const scope of statement.scopes) addScope(scope, resolver, add);
  for (const call of statement.calls) add(call.name, () => ({ kind: 'function', call }));
  const { target } = statement;
  if (!uses.some(({ name }) => name.start === target?.start)) add(target, () => tableThing(resolver.schema.table(target?.name ?? '')));
  return uses;
}

type Add = (name: Name | undefined, look: () => NamedThing | undefined, isDeclaration?: boolean) => void;

function addScope(scope: Scope, resolver: NameResolver, add: Add): void {
  for (const source of resolver.sources(scope)) {
    const { table, alias, using } = source.source;
    add(table, () => sourceThing(source));
    add(alias, () => ({ kind: 'alias', source }), true);
    for (const name of using) add(name, () => columnThing(source, name.name));
  }
  for (const reference of scope.references) {
    add(reference.qualifier, () => qualifierThing(qualifiedSource(reference, scope, resolver)));
    add(reference.name, () => referenceThing(reference, scope, resolver));
  }
  for (const result of scope.results) {
    const { alias, qualifier } = result;
    if (alias) add(alias, () => ({ kind: 'result', result, declared: alias }), true);
    if (qualifier) add(qualifier, () => qualifierThing(resolver.sources(scope).find(({ name }) => foldName(name) === foldName(qualifier.name)))); // prettier-ignore
  }
}

/** Common tables of the statement and of its subqueries, each once. */
export function allCommonTables(statement: Statement): readonly CommonTable[] {
  return [...new Set([...statement.commonTables, ...statement.scopes.flatMap(({ commonTables }) => commonTables)])];
}

/** The source that a qualifier names, looked for from its scope outwards. */
export function qualifiedSource({ qualifier }: ColumnReference, scope: Scope, resolver: NameResolver): VisibleSource | undefined {
  if (!qualifier) return undefined;
  const wanted = foldName(qualifier.name);
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const found = resolver.sources(at).find(({ name }) => foldName(name) === wanted);
    if (found) return found;
  }
  return undefined;
}

function tableThing(table: Table | undefined): NamedThing | undefined {
  return table && { kind: 'table', table };
}

function sourceThing({ table, commonTable }: VisibleSource): NamedThing | undefined {
  return commonTable ? { kind: 'commonTable', commonTable } : tableThing(table);
}

function qualifierThing(source: VisibleSource | undefined): NamedThing | undefined {
  return source?.source.alias ? { kind: 'alias', source } : source && sourceThing(source);
}

function columnThing(source: VisibleSource, name: string): NamedThing | undefined {
  const column = columnOf(source, name);
  if (column?.declared) return { kind: 'declared', declared: column.declared, ...(column.stored ? { stored: column.stored } : {}) };
  return column?.stored && { kind: 'column', ...column.stored };
}

function referenceThing(reference: ColumnReference, scope: Scope, resolver: NameResolver): NamedThing | undefined {
  const found = resolver.resolve(reference, scope);
  if (found.kind === 'result') return { kind: 'result', result: found.result, declared: found.name };
  return found.kind === 'column' ? columnThing(found.source, found.column.name) : undefined;
}
