/**
 * A schema as DBML, https://dbml.dbdiagram.io/docs. Tables, columns, indexes and relations; views become tables with a note, for DBML has
 * none. CHECK constraints, triggers and inferred relations' confidence have no place in it but notes and comments.
 */
import { type Relation } from '../graph/types.js';
import { type Column, type DatabaseSchema, type ForeignKey, type Index, type Table } from '../schema/types.js';

/** Ends without a line break. Inferred relations follow a comment that says how sure they are. */
export function schemaDbml(schema: Pick<DatabaseSchema, 'tables'>, relations: readonly Relation[]): string {
  const tables = schema.tables.map(tableText);
  const references = relations.map((relation) => referenceText(relation, schema.tables));
  return [...tables, ...(references.length === 0 ? [] : [references.join('\n')])].join('\n\n');
}

function tableText(table: Table): string {
  const columns = table.columns.map((column) => `  ${columnText(column, table)}`);
  const note = table.kind === 'table' ? [] : [`  Note: ${quoted(table.kind === 'view' ? 'view' : `virtual table ${table.module ?? ''}`.trim())}`]; // prettier-ignore
  return [`Table ${name(table.name)} {`, ...columns, ...indexBlock(table), ...note, '}'].join('\n');
}

function columnText(column: Column, table: Table): string {
  const settings = [
    column.primaryKey > 0 && table.primaryKey.length === 1 ? 'pk' : '',
    column.notNull ? 'not null' : '',
    isUniqueAlone(column, table) ? 'unique' : '',
    column.defaultValue === undefined ? '' : `default: \`${column.defaultValue.replaceAll('`', "'")}\``,
  ].filter((setting) => setting !== '');
  return `${name(column.name)} ${typeText(column.type)}${settings.length === 0 ? '' : ` [${settings.join(', ')}]`}`;
}

function isUniqueAlone(column: Column, table: Table): boolean {
  return table.indexes.some(
    ({ origin, partial, columns }) => origin === 'unique' && !partial && columns.length === 1 && columns[0] === column.name,
  );
}

/** Composite keys and the indexes that somebody created; those on expressions are left out. */
function indexBlock(table: Table): readonly string[] {
  const key = table.primaryKey.length > 1 ? [`    (${table.primaryKey.map(name).join(', ')}) [pk]`] : [];
  const others = table.indexes.filter(isListed).map((index) => {
    const settings = [index.unique ? 'unique' : '', index.origin === 'created' ? `name: ${quoted(index.name)}` : ''].filter((setting) => setting !== ''); // prettier-ignore
    return `    (${index.columns.map((column) => name(column ?? '')).join(', ')})${settings.length === 0 ? '' : ` [${settings.join(', ')}]`}`;
  });
  const lines = [...key, ...others];
  return lines.length === 0 ? [] : ['', '  indexes {', ...lines, '  }'];
}

function isListed({ origin, columns }: Index): boolean {
  if (origin === 'primaryKey' || columns.includes(null)) return false;
  return origin === 'created' || columns.length > 1;
}

function referenceText(relation: Relation, tables: readonly Table[]): string {
  const ends = `${endText(relation.child, relation.childColumns)} ${relation.cardinality === '1:1' ? '-' : '>'} ${endText(relation.parent, relation.parentColumns)}`;
  if (relation.origin === 'inferred') return `// inferred, ${Math.round(relation.confidence * 100)} % sure\nRef: ${ends}`;
  const key = tables.find((table) => table.name === relation.child)?.foreignKeys.find((candidate) => isOf(candidate, relation));
  const settings = [action('delete', key?.onDelete), action('update', key?.onUpdate)].filter((setting) => setting !== '');
  return `Ref: ${ends}${settings.length === 0 ? '' : ` [${settings.join(', ')}]`}`;
}

function isOf(key: ForeignKey, relation: Relation): boolean {
  return key.parentTable.toLowerCase() === relation.parent.toLowerCase() && key.columns.join('\0') === relation.childColumns.join('\0');
}

function action(event: 'delete' | 'update', given: string | undefined): string {
  return given === undefined || given === '' || given.toUpperCase() === 'NO ACTION' ? '' : `${event}: ${given.toLowerCase()}`;
}

function endText(table: string, columns: readonly string[]): string {
  const [only] = columns;
  return columns.length === 1 && only !== undefined ? `${name(table)}.${name(only)}` : `${name(table)}.(${columns.map(name).join(', ')})`;
}

function typeText(type: string): string {
  const plain = type.trim().replace(/\s+/g, ' ');
  if (plain === '') return 'any';
  return /^[A-Za-z_]\w*(?:\([\w, ]*\))?$/.test(plain) ? plain : `"${plain.replaceAll('"', "'")}"`;
}

/** Double quotes cannot be escaped inside a name. */
function name(text: string): string {
  return /^[A-Za-z_]\w*$/.test(text) ? text : `"${text.replaceAll('"', "'").replace(/\s+/g, ' ')}"`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replace(/\s+/g, ' ')}'`;
}
