/**
 * What the names of a statement mean: which columns a source has, through aliases, common tables and subqueries, and where a column
 * comes from. Where something is not known (a function that makes a table, a virtual table), it says so instead of guessing.
 */
import { foldName } from '../graph/tableKeys.js';
import { type Column, type Table } from '../schema/types.js';
import { type LanguageSchema } from './languageSchema.js';
import { type ColumnReference, type CommonTable, type Name, type Query, type ResultColumn, type Scope, type Source } from './syntax.js';

export interface VisibleColumn {
  readonly name: string;
  /** Where its values are stored, when it is nothing but a stored column. */
  readonly stored?: { readonly table: Table; readonly column: Column };
  /** Where the statement itself gives it its name. */
  readonly declared?: Name;
}

export interface VisibleSource {
  readonly source: Source;
  /** By which columns are qualified; empty for a subquery without alias. */
  readonly name: string;
  readonly table?: Table;
  readonly commonTable?: CommonTable;
  /** Undefined when its columns cannot be known. */
  readonly columns: readonly VisibleColumn[] | undefined;
}

export type Resolution =
  | { readonly kind: 'column'; readonly source: VisibleSource; readonly column: VisibleColumn }
  /** A name that the select list gives. */
  | { readonly kind: 'result'; readonly result: ResultColumn; readonly name: Name }
  | { readonly kind: 'ambiguous'; readonly sources: readonly VisibleSource[] }
  /** No source has it. `source` is the one that its qualifier names. */
  | { readonly kind: 'missing'; readonly source?: VisibleSource }
  /** Some source could have it. */
  | { readonly kind: 'unknown' };

const functionColumns: ReadonlyMap<string, string> = new Map([
  ['json_each', 'key value type atom id parent fullkey path'],
  ['json_tree', 'key value type atom id parent fullkey path'],
  ['generate_series', 'value'],
  ['pragma_table_info', 'cid name type notnull dflt_value pk'],
  ['pragma_table_xinfo', 'cid name type notnull dflt_value pk hidden'],
  ['pragma_foreign_key_list', 'id seq table from to on_update on_delete match'],
  ['pragma_index_list', 'seq name unique origin partial'],
  ['pragma_index_info', 'seqno cid name'],
  ['pragma_table_list', 'schema name type ncol wr strict'],
  ['pragma_database_list', 'seq name file'],
]);
const rowIds: ReadonlySet<string> = new Set(['rowid', 'oid', '_rowid_']);
/** Common tables that name one another in a circle end here. */
const deepest = 20;

export class NameResolver {
  readonly #sources = new Map<Scope, readonly VisibleSource[]>();
  #depth = 0;

  constructor(readonly schema: LanguageSchema) {}

  /** Sources of the scope itself, in the order of the text. */
  sources(scope: Scope): readonly VisibleSource[] {
    const known = this.#sources.get(scope);
    if (known) return known;
    const found = scope.sources.map((source) => this.#look(source, scope));
    this.#sources.set(scope, found);
    return found;
  }

  /** Columns of a query's result; undefined when they cannot be known. */
  results(query: Query): readonly VisibleColumn[] | undefined {
    const [first] = query.scopes;
    if (!first || this.#depth > deepest) return undefined;
    this.#depth++;
    try {
      if (first.kind !== 'select') return undefined;
      const columns: VisibleColumn[] = [];
      for (const result of first.results) {
        const found = this.#resultColumns(result, first);
        if (!found) return undefined;
        columns.push(...found);
      }
      return columns;
    } finally {
      this.#depth--;
    }
  }

  /** From the scope outwards, as SQLite looks names up. */
  resolve(reference: ColumnReference, scope: Scope): Resolution {
    if (!reference.name) return { kind: 'unknown' };
    const { name } = reference.name;
    let isUnknown = false;
    for (let at: Scope | undefined = scope; at; at = at.parent) {
      const sources = this.sources(at);
      if (reference.qualifier) {
        const qualifier = foldName(reference.qualifier.name);
        const source = sources.find((candidate) => foldName(candidate.name) === qualifier);
        if (source) return this.#member(source, name);
        continue;
      }
      const owners = sources.flatMap((source) => {
        const column = columnOf(source, name);
        return column ? [{ source, column }] : [];
      });
      const [first] = owners;
      if (first && owners.length > 1 && !isMerged(at, name)) return { kind: 'ambiguous', sources: owners.map(({ source }) => source) };
      if (first) return { kind: 'column', ...first };
      const result = at.results.find(({ alias }) => alias && foldName(alias.name) === foldName(name));
      if (result?.alias) return { kind: 'result', result, name: result.alias };
      if (sources.some(isOpen)) isUnknown = true;
    }
    return isUnknown ? { kind: 'unknown' } : { kind: 'missing' };
  }

  #member(source: VisibleSource, name: string): Resolution {
    const column = columnOf(source, name);
    if (column) return { kind: 'column', source, column };
    return isOpen(source) ? { kind: 'unknown' } : { kind: 'missing', source };
  }

  #look(source: Source, scope: Scope): VisibleSource {
    const name = source.alias?.name ?? source.table?.name ?? '';
    if (source.query) return { source, name, columns: this.results(source.query) };
    const written = source.table?.name ?? '';
    const commonTable = source.database ? undefined : scope.commonTables.find((entry) => foldName(entry.name.name) === foldName(written));
    if (commonTable) return { source, name, commonTable, columns: this.#commonColumns(commonTable) };
    const table = this.schema.table(written);
    if (table && !source.isCall) {
      return { source, name, table, columns: table.columns.map((column) => ({ name: column.name, stored: { table, column } })) };
    }
    const known = functionColumns.get(foldName(written));
    return { source, name, columns: known?.split(' ').map((column) => ({ name: column })) };
  }

  #commonColumns({ columns, query }: CommonTable): readonly VisibleColumn[] | undefined {
    const results = this.results(query);
    if (columns.length === 0) return results;
    return columns.map((declared, at) => {
      const stored = results?.[at]?.stored;
      return { name: declared.name, declared, ...(stored ? { stored } : {}) };
    });
  }

  #resultColumns(result: ResultColumn, scope: Scope): readonly VisibleColumn[] | undefined {
    if (result.isStar) return this.#starColumns(result, scope);
    const found = result.reference ? this.resolve(result.reference, scope) : undefined;
    const stored = found?.kind === 'column' ? found.column.stored : undefined;
    const declared = result.alias ?? result.reference?.name;
    return declared ? [{ name: declared.name, declared, ...(stored ? { stored } : {}) }] : [];
  }

  #starColumns({ qualifier }: ResultColumn, scope: Scope): readonly VisibleColumn[] | undefined {
    const wanted = this.sources(scope).filter(({ name }) => !qualifier || foldName(name) === foldName(qualifier.name));
    const columns = wanted.map((source) => source.columns);
    return columns.some((list) => !list) ? undefined : columns.flatMap((list) => list ?? []);
  }
}

/** NATURAL and USING make one column out of two. */
function isMerged(scope: Scope, name: string): boolean {
  return scope.sources.some(
    ({ join, using }) => join.includes('NATURAL') || using.some((column) => foldName(column.name) === foldName(name)),
  );
}

/** True when the source may have columns that nobody told us of. */
function isOpen(source: VisibleSource): boolean {
  return !source.columns || source.table?.kind === 'virtual';
}

/** By any spelling, the names of the rowid included. */
export function columnOf(source: VisibleSource, name: string): VisibleColumn | undefined {
  const folded = foldName(name);
  const found = source.columns?.find((column) => foldName(column.name) === folded);
  if (found || !source.table || source.table.kind === 'view' || source.table.withoutRowid) return found;
  return rowIds.has(folded) ? { name } : undefined;
}
