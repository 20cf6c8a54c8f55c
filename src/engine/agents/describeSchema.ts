/** The schema of a database as text for a model: whole definitions while they fit, then names only. Values only when they are allowed and wanted. */
import { type Relation } from '../../core/graph/types.js';
import { relationCondition, schemaText } from '../../core/nl2sql/schemaText.js';
import { type DatabaseKnowledge } from '../../core/nl2sql/types.js';
import { type Table } from '../../core/schema/types.js';
import { JoineryError } from '../../core/shared/errors.js';
import { quoteIdentifier } from '../../core/sql/quote.js';

/** Characters of all definitions together. */
const longestText = 24_000;

/** @param names tables to describe, any case; empty for all. Throws `sql.unknownName`. */
export function describeSchema(knowledge: DatabaseKnowledge, names: readonly string[], withSamples: boolean): string {
  const tables = names.length === 0 ? knowledge.schema.tables : names.map((name) => tableOf(knowledge, name));
  const definitions = tables.map((table) => definition(knowledge, table, withSamples));
  const shown: string[] = [];
  for (let length = 0; shown.length < definitions.length;) {
    const next = definitions[shown.length] ?? '';
    length += next.length;
    if (length > longestText && shown.length > 0) break;
    shown.push(next);
  }
  const rest = tables.slice(shown.length).map((table) => quoteIdentifier(table.name));
  const shownNames = new Set(tables.slice(0, shown.length).map((table) => table.name));
  const guessed = knowledge.relations.filter((relation) => relation.origin === 'inferred' && shownNames.has(relation.child));
  return [
    `${tables.length} ${tables.length === 1 ? 'table' : 'tables'}.`,
    ...shown,
    ...(guessed.length === 0 ? [] : ['Relations that no key declares, inferred:', ...guessed.map(guessLine)]),
    ...(rest.length === 0 ? [] : [`Not shown for their length; ask for them by name: ${rest.join(', ')}`.slice(0, longestText)]),
  ].join('\n');
}

/** The stored spelling. Throws `sql.unknownName`. */
export function tableOf(knowledge: DatabaseKnowledge, name: string): Table {
  const table = knowledge.schema.tables.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
  if (!table) throw new JoineryError('sql.unknownName', { name });
  return table;
}

function definition(knowledge: DatabaseKnowledge, table: Table, withSamples: boolean): string {
  const { schema, profiles } = knowledge;
  const relations = knowledge.relations.filter((relation) => relation.child === table.name && relation.origin !== 'inferred');
  // A key is written only when both of its tables are rendered: the parents are cut off again.
  const parents = relations.map((relation) => relation.parent).filter((parent) => parent !== table.name);
  const whole = schemaText('ddl', { schema, tables: [table.name, ...new Set(parents)], relations, ...(withSamples ? { profiles } : {}) });
  return whole.slice(0, whole.indexOf('\n);') + 3).slice(0, longestText);
}

function guessLine(relation: Relation): string {
  return `- ${relationCondition(relation)} (${relation.cardinality}, ${Math.round(relation.confidence * 100)} % sure)`;
}
