/** What commands of the tree are given: a node and the selection from a menu, values from links and key bindings, or nothing. */
import { type TreeNode } from '../../../core/presentation/schemaTree.js';
import { type RelationArgument } from '../../../core/presentation/relationHover.js';
import { type JoinPathArgument } from '../../../core/presentation/tableHover.js';

/** Anybody may call a command with anything: undefined for what is no node. */
export function asNode(value: unknown): TreeNode | undefined {
  return isRecord(value) && typeof value['kind'] === 'string' && isText(value['id']) && isText(value['database'])
    ? (value as unknown as TreeNode)
    : undefined;
}

/** The whole selection when the menu was opened on a part of it, else the one node, else what is selected in the view. */
export function chosenNodes(node: unknown, selection: unknown, selected: readonly TreeNode[]): readonly TreeNode[] {
  const nodes = Array.isArray(selection) ? selection.flatMap((value) => asNode(value) ?? []) : [];
  if (nodes.length > 0) return nodes;
  const one = asNode(node);
  return one ? [one] : selected;
}

export function asJoinPath(value: unknown): JoinPathArgument | undefined {
  if (!isRecord(value) || !isText(value['database']) || !isText(value['root'])) return undefined;
  return isTexts(value['tables']) && isTexts(value['relations']) && value['relations'].length > 0
    ? { database: value['database'], root: value['root'], tables: value['tables'], relations: value['relations'] }
    : undefined;
}

/** From a link or from a node of a relation. */
export function asRelation(value: unknown): RelationArgument | undefined {
  const node = asNode(value);
  if (node) return node.kind === 'relation' ? { database: node.database, relation: node.relation.id } : undefined;
  return isRecord(value) && isText(value['database']) && isText(value['relation'])
    ? { database: value['database'], relation: value['relation'] }
    : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText);
}
