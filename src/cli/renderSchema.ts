/** A schema for people, in a terminal. Shows declared and inferred relations apart. */
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
