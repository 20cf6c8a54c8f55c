/**
 * Text views of a schema for prompts (D1): DDL, compact lines, M-Schema, an edge list, English sentences and join lines.
 * Values of the data appear as quoted literals only, capped, on one line, so that text stored in a database cannot leave its place.
 */
import { type Column, type ColumnProfile, type DatabaseSchema, type SqlValue, type Table } from '../schema/types.js';
import { type Relation } from '../graph/types.js';
import { quoteIdentifier, quoteString } from '../sql/quote.js';

export const schemaViews = ['ddl', 'compact', 'mSchema', 'edges', 'sentences', 'joins'] as const;
export type SchemaView = (typeof schemaViews)[number];

export interface SchemaTextInput {
  readonly schema: DatabaseSchema;
  /** Tables to render, in this order. */
  readonly tables: readonly string[];
  readonly relations: readonly Relation[];
  /** Absent or empty leaves example values out: nothing of the data reaches the prompt then. */
  readonly profiles?: readonly ColumnProfile[];
}

/** Characters of one example value at most. */
const exampleLength = 32;

export function schemaText(view: SchemaView, input: SchemaTextInput): string {
  const tables = input.tables.flatMap((name) => input.schema.tables.filter((table) => table.name === name));
  switch (view) {
    case 'ddl':
      return tables.map((table) => tableDdl(table, input)).join('\n');
    case 'compact':
      return [...tables.map((table) => compactTable(table)), ...relationLines(input)].join('\n');
    case 'mSchema':
      return [...tables.map((table) => mSchemaTable(table, input)), '[Foreign keys]', ...relationLines(input)].join('\n');
    case 'edges':
      return [
        ...tables.flatMap((table) => table.columns.map((column) => `${table.name} -has-> ${table.name}.${column.name}`)),
        ...relationEdges(input),
      ].join('\n');
    case 'sentences':
      return [...tables.map(tableSentence), ...relationsOf(input).map(relationSentence)].join('\n');
    case 'joins':
      return relationLines(input).join('\n');
  }
}

function tableDdl(table: Table, input: SchemaTextInput): string {
  const lines = table.columns.map((column) => ({
    sql: columnDdl(column, table),
    note: exampleText(table, column, input),
  }));
  if (table.primaryKey.length > 1) lines.push({ sql: `PRIMARY KEY (${table.primaryKey.map(quoteIdentifier).join(', ')})`, note: '' });
  for (const relation of relationsOf(input).filter((candidate) => candidate.child === table.name)) {
    const own = relation.childColumns.map(quoteIdentifier).join(', ');
    const theirs = relation.parentColumns.map(quoteIdentifier).join(', ');
    lines.push({ sql: `FOREIGN KEY (${own}) REFERENCES ${quoteIdentifier(relation.parent)} (${theirs})`, note: '' });
  }
  const body = lines.map((line, at) => `  ${line.sql}${at < lines.length - 1 ? ',' : ''}${line.note === '' ? '' : ` -- ${line.note}`}`);
  return `CREATE ${table.kind === 'view' ? 'VIEW' : 'TABLE'} ${quoteIdentifier(table.name)} (\n${body.join('\n')}\n);`;
}

function columnDdl(column: Column, table: Table): string {
  const key = table.primaryKey.length === 1 && table.primaryKey[0] === column.name ? ' PRIMARY KEY' : '';
  return `${quoteIdentifier(column.name)}${column.type === '' ? '' : ` ${column.type}`}${key}`;
}

function exampleText(table: Table, column: Column, input: SchemaTextInput): string {
  const profile = input.profiles?.find((candidate) => candidate.table === table.name && candidate.column === column.name);
  return (profile?.examples ?? [])
    .map(exampleLiteral)
    .filter((text) => text !== '')
    .join(', ');
}

/** A value as one short literal; line breaks and control characters become blanks. */
export function exampleLiteral(value: SqlValue): string {
  if (value === null || value instanceof Uint8Array) return '';
  if (typeof value !== 'string') return String(value);
  // Control characters must not reach the prompt.
  const line = value.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ').trim();
  const short = [...line].slice(0, exampleLength).join('');
  return short === '' ? '' : quoteString(short);
}

function compactTable(table: Table): string {
  const columns = table.columns.map((column) => `${quoteIdentifier(column.name)}${column.primaryKey > 0 ? ' pk' : ''}`);
  return `${quoteIdentifier(table.name)}(${columns.join(', ')})`;
}

function mSchemaTable(table: Table, input: SchemaTextInput): string {
  const columns = table.columns.map((column) => {
    const examples = exampleText(table, column, input);
    const key = column.primaryKey > 0 ? ', Primary Key' : '';
    return `(${column.name}:${column.type}${key}${examples === '' ? '' : `, Examples: [${examples}]`})`;
  });
  return `# Table: ${table.name}\n[\n${columns.join(',\n')}\n]`;
}

function relationsOf(input: SchemaTextInput): Relation[] {
  return input.relations.filter((relation) => input.tables.includes(relation.child) && input.tables.includes(relation.parent));
}

/** `a.x = b.y AND a.z = b.w`, names quoted where needed. */
export function relationCondition(relation: Relation): string {
  return relation.childColumns
    .map(
      (column, at) =>
        `${quoteIdentifier(relation.child)}.${quoteIdentifier(column)} = ${quoteIdentifier(relation.parent)}.${quoteIdentifier(relation.parentColumns[at] ?? '')}`,
    )
    .join(' AND ');
}

function relationLines(input: SchemaTextInput): string[] {
  return relationsOf(input).map((relation) => `${relationCondition(relation)} [${relation.cardinality}]`);
}

function relationEdges(input: SchemaTextInput): string[] {
  return relationsOf(input).map((relation) => `${relation.child} -${relation.childColumns.join('+')}-> ${relation.parent}`);
}

function tableSentence(table: Table): string {
  const key = table.primaryKey.length > 0 ? ` Each row is identified by ${table.primaryKey.join(' and ')}.` : '';
  return `The table ${table.name} has the columns ${table.columns.map((column) => column.name).join(', ')}.${key}`;
}

function relationSentence(relation: Relation): string {
  const own = relation.childColumns.join(' and ');
  return `Each row of ${relation.child} belongs to one row of ${relation.parent} through ${own}.`;
}
