/** Reads gold SQL of Spider into SELECT blocks: the tables after FROM, and those whose columns are used outside ON. */
import { parse } from 'sql-parser-cst';
import { type DatabaseSchema, type Table } from '../../src/core/schema/types.js';
import { makeColumn, makeSchema } from './shopSchema.js';

export interface Block {
  /** Stored names, each once, sorted. */
  readonly fromTables: readonly string[];
  readonly columnTables: readonly string[];
}

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

export function readBlocks(sql: string, schema: DatabaseSchema): readonly Block[] {
  const program = parse(sql, { dialect: 'sqlite' });
  const selects: Node[] = [];
  visit(program, (node) => {
    if (node.type === 'select_stmt') selects.push(node);
    return true;
  });
  return selects.map((select) => readBlock(select, schema));
}

function readBlock(select: Node, schema: DatabaseSchema): Block {
  const clauses = select['clauses'] as readonly Node[];
  const sources = new Map<string, Table>();
  visit(
    clauses.filter((clause) => clause.type === 'from_clause'),
    (node) => {
      if (node.type === 'select_stmt' || node.type === 'join_on_specification') return false;
      const plain = node.type === 'alias' ? (node['expr'] as Node) : node;
      if (plain.type !== 'identifier') return true;
      const table = schema.tables.find((candidate) => same(candidate.name, String(plain['name'])));
      if (table) sources.set(String(((node.type === 'alias' ? node['alias'] : node) as Node)['name']).toLowerCase(), table);
      return false;
    },
  );
  const used = new Set<string>();
  visit(
    clauses.filter((clause) => clause.type !== 'from_clause'),
    (node) => {
      if (node.type === 'select_stmt' || node.type === 'func_call')
        return node.type === 'func_call' ? (visit(node['args'], collect), false) : false;
      return collect(node);
    },
  );
  function collect(node: Node): boolean {
    if (node.type === 'select_stmt') return false;
    if (node.type === 'member_expr') {
      const table = sources.get(String((node['object'] as Node)['name']).toLowerCase());
      if (table && (node['property'] as Node).type === 'identifier') used.add(table.name);
      return false;
    }
    if (node.type === 'identifier') {
      const owner = [...sources.values()].find((table) => table.columns.some((column) => same(column.name, String(node['name']))));
      if (owner) used.add(owner.name);
      return false;
    }
    return true;
  }
  return { fromTables: sorted([...sources.values()].map((table) => table.name)), columnTables: sorted(used) };
}

/** Calls `enter` for every node; false stops there. */
function visit(value: unknown, enter: (node: Node) => boolean): void {
  if (Array.isArray(value)) return value.forEach((item) => visit(item, enter));
  if (typeof value !== 'object' || value === null) return;
  if ('type' in value && typeof value.type === 'string' && !enter(value as Node)) return;
  for (const child of Object.values(value)) visit(child, enter);
}

/** One entry of Spider's `tables.json`. */
export interface SpiderSchema {
  readonly db_id: string;
  readonly table_names_original: readonly string[];
  readonly column_names_original: readonly (readonly [table: number, name: string])[];
  readonly column_types: readonly string[];
  readonly primary_keys: readonly (number | readonly number[])[];
  readonly foreign_keys: readonly (readonly [child: number, parent: number])[];
}

export function toSchema(spider: SpiderSchema): DatabaseSchema {
  const keys = new Set(spider.primary_keys.flat());
  const name = (at: number): string => spider.column_names_original[at]?.[1] ?? '';
  const owner = (at: number): number => spider.column_names_original[at]?.[0] ?? -1;
  const tables = spider.table_names_original.map((tableName, table): Table => {
    const own = spider.column_names_original.flatMap(([of], at) => (of === table ? [at] : []));
    const primaryKey = own.filter((at) => keys.has(at));
    const foreignKeys = spider.foreign_keys
      .filter(([child]) => owner(child) === table)
      .map(([child, parent]) => ({
        columns: [name(child)],
        parentTable: spider.table_names_original[owner(parent)] ?? '',
        parentColumns: [name(parent)],
        onUpdate: '',
        onDelete: '',
        deferred: false,
        parentExists: true,
      }));
    const columns = own.map((at) => makeColumn(name(at), typeOf(spider.column_types[at]), primaryKey.indexOf(at) + 1));
    return {
      name: tableName,
      kind: 'table',
      columns,
      primaryKey: primaryKey.map(name),
      foreignKeys,
      indexes: [],
      triggers: [],
      checks: [],
      withoutRowid: false,
      strict: false,
      ddl: '',
    };
  });
  return makeSchema(tables);
}

function typeOf(type: string | undefined): string {
  return type === 'number' ? 'INTEGER' : type === 'text' ? 'TEXT' : type === 'others' ? '' : (type ?? '');
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function sorted(names: Iterable<string>): string[] {
  return [...new Set(names)].sort();
}
