/**
 * What a node of the schema tree says: its name, and behind it facts in the words of SQL, which are the same in every language. Counts and
 * notes that need a sentence are left to whoever draws the tree.
 */
import { isUnique } from '../graph/tableKeys.js';
import { type Relation } from '../graph/types.js';
import { type Column, type Table } from '../schema/types.js';
import { percent } from './hoverWords.js';
import { type TreeNode } from './schemaTree.js';

export interface NodeText {
  readonly label: string;
  readonly description: string;
}

type NamedNode = Extract<TreeNode, { kind: 'table' | 'column' | 'relation' | 'index' | 'trigger' }>;

export function treeNodeText(node: NamedNode): NodeText {
  switch (node.kind) {
    case 'table':
      return { label: nameText(node.table.name), description: tableFacts(node.table, node.matching) };
    case 'column':
      return { label: nameText(node.column.name), description: columnFacts(node.table, node.column, node.refersTo) };
    case 'relation':
      return relationText(node.relation, node.direction);
    case 'index': {
      const columns = node.index.columns.map((name) => name ?? '(…)').join(', ');
      const facts = [node.index.unique ? 'UNIQUE' : '', `(${columns})`, node.index.partial ? 'WHERE …' : ''];
      return { label: nameText(node.index.name), description: join(facts) };
    }
    case 'trigger':
      return { label: nameText(node.trigger.name), description: triggerFacts(node.trigger.ddl) };
  }
}

function tableFacts(table: Table, matching: readonly string[]): string {
  const kind = { table: '', view: 'VIEW', virtual: `VIRTUAL${table.module === undefined ? '' : ` ${table.module}`}` }[table.kind];
  return join([kind, matching.join(', ')]);
}

function columnFacts(table: Table, column: Column, refersTo: Relation | undefined): string {
  const at = refersTo?.childColumns.findIndex((name) => name.toLowerCase() === column.name.toLowerCase()) ?? -1;
  const target = refersTo && at >= 0 ? `→ ${refersTo.parent}.${refersTo.parentColumns[at] ?? ''}${certainty(refersTo)}` : '';
  const unique = column.primaryKey === 0 && isUnique(table, [column.name]) ? 'UNIQUE' : '';
  return join([
    column.type,
    column.primaryKey > 0 ? 'PK' : '',
    // A narrow view cuts off the end.
    target,
    unique,
    column.notNull ? 'NOT NULL' : '',
    column.generated ? 'GENERATED' : '',
  ]);
}

function relationText(relation: Relation, direction: 'out' | 'in'): NodeText {
  const child = relation.childColumns.join(', ');
  const parent = relation.parentColumns.join(', ');
  const label = direction === 'out' ? `(${child}) → ${relation.parent}(${parent})` : `← ${relation.child}(${child}) → (${parent})`;
  const cardinality = relation.cardinality === '1:1' ? '1:1' : direction === 'out' ? 'N:1' : '1:N';
  return { label: oneLine(label), description: join([cardinality, certainty(relation).trim()]) };
}

/** A question mark with the confidence marks what nobody declared; a tick what somebody confirmed. */
function certainty(relation: Relation): string {
  if (relation.origin === 'declared') return '';
  return relation.origin === 'confirmed' ? ' ✓' : ` ? ${percent(relation.confidence)}`;
}

/** `AFTER INSERT`, as the statement says. */
function triggerFacts(ddl: string): string {
  const found = /\b(BEFORE|AFTER|INSTEAD\s+OF)?\s*\b(DELETE|INSERT|UPDATE(?:\s+OF\s+[^;]*?)?)\s+ON\b/i.exec(ddl);
  return found ? join([found[1]?.toUpperCase() ?? '', (found[2] ?? '').replace(/\s+/g, ' ')]) : '';
}

function join(facts: readonly string[]): string {
  return oneLine(facts.filter((fact) => fact !== '').join(' '));
}

/** A name may be empty; SQL then writes two quotes. */
function nameText(name: string): string {
  return name === '' ? '""' : oneLine(name);
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}
