/** A schema as a Mermaid ER diagram, https://mermaid.js.org/syntax/entityRelationshipDiagram.html. Inferred relations are dotted. */
import { type Relation } from '../graph/types.js';
import { type DatabaseSchema, type Column, type Table } from '../schema/types.js';

/** Ends without a line break. */
export function schemaMermaid(schema: Pick<DatabaseSchema, 'tables'>, relations: readonly Relation[]): string {
  const ids = new Map(schema.tables.map((table) => [table.name.toLowerCase(), mermaidText(table.name)]));
  const entities = schema.tables.map((table) => {
    const columns = table.columns.map(
      (column) => `    ${mermaidWord(column.type || 'ANY')} ${mermaidWord(column.name)}${mermaidKey(column, table)}`,
    );
    return [`  ${mermaidText(table.name)} {`, ...columns, '  }'].join('\n');
  });
  const links = relations.map((relation) => {
    const parent = ids.get(relation.parent.toLowerCase()) ?? mermaidText(relation.parent);
    const line = relation.origin === 'inferred' ? '..' : '--';
    const many = relation.cardinality === '1:1' ? 'o|' : 'o{';
    return `  ${parent} ||${line}${many} ${mermaidText(relation.child)} : ${mermaidText(relation.childColumns.join(', '))}`;
  });
  return ['erDiagram', ...entities, ...links].join('\n');
}

function mermaidKey(column: Column, table: Table): string {
  const keys = [column.primaryKey > 0 ? 'PK' : '', table.foreignKeys.some((key) => key.columns.includes(column.name)) ? 'FK' : ''];
  const present = keys.filter((key) => key !== '');
  return present.length === 0 ? '' : ` ${present.join(', ')}`;
}

/** Mermaid has no escape inside quotes. */
function mermaidText(text: string): string {
  return `"${text.replaceAll('"', "'").replace(/\s+/g, ' ')}"`;
}

function mermaidWord(text: string): string {
  const word = text.replace(/[^\p{L}\p{N}_()-]+/gu, '_');
  return /^\p{L}/u.test(word) ? word : `_${word}`;
}
