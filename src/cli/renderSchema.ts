/** A schema for people, for machines and as a Mermaid ER diagram. Shows declared and inferred relations apart. */
import { type Relation } from '../core/graph/types.js';
import { type DatabaseKnowledge } from '../core/nl2sql/types.js';
import { type Column, type Table } from '../core/schema/types.js';
import { type Style } from './io.js';

export function renderSchemaText(knowledge: DatabaseKnowledge, style: Style): string {
  const tables = knowledge.schema.tables.map((table) => renderTableText(table, knowledge.relations, style));
  const problems = knowledge.schema.problems.map((problem) =>
    style.red(`! ${problem.table ?? 'database'}: ${problem.code} ${problem.detail}`),
  );
  return [...tables, ...problems].join('\n\n');
}

function renderTableText(table: Table, relations: readonly Relation[], style: Style): string {
  const kind = table.kind === 'table' ? '' : style.dim(` (${table.kind}${table.module ? ` ${table.module}` : ''})`);
  const width = Math.max(0, ...table.columns.map((column) => column.name.length));
  const columns = table.columns.map((column) => `  ${column.name.padEnd(width)}  ${style.dim(describeColumn(column))}`.trimEnd());
  const joins = relations
    .filter((relation) => relation.child === table.name)
    .map(
      (relation) =>
        `  → ${relation.parent}(${relation.parentColumns.join(', ')}) from ${relation.childColumns.join(', ')}${certainty(relation)}`,
    );
  return [style.bold(table.name) + kind, ...columns, ...joins].join('\n');
}

function certainty(relation: Relation): string {
  return relation.origin === 'inferred' ? `, inferred ${Math.round(relation.confidence * 100)} %` : '';
}

function describeColumn(column: Column): string {
  const facts = [
    column.type,
    column.primaryKey > 0 ? 'primary key' : '',
    column.notNull ? 'not null' : '',
    column.generated ? `generated ${column.generated}` : '',
  ];
  return facts.filter((fact) => fact !== '').join(', ');
}

/** https://mermaid.js.org/syntax/entityRelationshipDiagram.html */
export function renderMermaid(knowledge: DatabaseKnowledge): string {
  const ids = new Map(knowledge.schema.tables.map((table) => [table.name.toLowerCase(), mermaidText(table.name)]));
  const entities = knowledge.schema.tables.map((table) => {
    const columns = table.columns.map(
      (column) => `    ${mermaidWord(column.type || 'ANY')} ${mermaidWord(column.name)}${mermaidKey(column, table)}`,
    );
    return [`  ${mermaidText(table.name)} {`, ...columns, '  }'].join('\n');
  });
  const links = knowledge.relations.map((relation) => {
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
