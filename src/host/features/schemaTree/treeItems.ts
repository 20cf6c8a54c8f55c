/** Nodes of the schema tree as items of the editor: icons, contexts of menus, and what a screen reader says. Hovers come later, one by one. */
import * as vscode from 'vscode';
import { type TreeGroup, type TreeNode } from '../../../core/presentation/schemaTree.js';
import { treeNodeText } from '../../../core/presentation/treeNodeText.js';
import { describeCode, describeThrown } from '../../platform/words.js';

const { None, Collapsed } = vscode.TreeItemCollapsibleState;

export interface DatabaseFacts {
  readonly label: string;
  /** Folder that tells equal names apart, or the workspace folder. */
  readonly place: string;
  /** Why it cannot be read now; undefined when it can. */
  readonly failure: unknown;
}

/** Everything but the hover. `factsOf` is asked for databases only. */
export function treeItem(node: TreeNode, factsOf: (path: string) => DatabaseFacts): vscode.TreeItem {
  const item = node.kind === 'database' ? databaseItem(factsOf(node.database)) : partItem(node);
  item.id = node.id;
  return item;
}

function databaseItem({ label, place, failure }: DatabaseFacts): vscode.TreeItem {
  const item = new vscode.TreeItem(label, Collapsed);
  const problem = failure === undefined ? '' : describeThrown(failure).sentence;
  item.description = [place, problem].filter((part) => part !== '').join(' · ');
  item.iconPath = failure === undefined ? new vscode.ThemeIcon('database') : new vscode.ThemeIcon('database', new vscode.ThemeColor('list.warningForeground')); // prettier-ignore
  item.contextValue = 'database';
  return item;
}

function partItem(node: Exclude<TreeNode, { kind: 'database' }>): vscode.TreeItem {
  switch (node.kind) {
    case 'group':
      return labelled(groupLabel(node.group), String(node.count), Collapsed, groupIcons[node.group], `group.${node.group}`);
    case 'problem':
      return labelled(node.problem.table ?? '', node.problem.detail, None, 'warning', 'problem');
    case 'failure': {
      const { sentence, next } = describeCode(node.code, node.details);
      return labelled(sentence, next, None, 'error', 'failure');
    }
    case 'note':
      return labelled(node.note === 'empty' ? vscode.l10n.t('No tables yet') : vscode.l10n.t('No table matches the filter'), '', None, 'info', 'note'); // prettier-ignore
    case 'table':
    case 'column':
    case 'relation':
    case 'index':
    case 'trigger': {
      const { label, description } = treeNodeText(node);
      const item = labelled(label, description, node.kind === 'table' ? Collapsed : None, iconOf(node), contextOf(node));
      if (node.kind === 'relation' && node.relation.origin === 'inferred')
        item.iconPath = new vscode.ThemeIcon(iconOf(node), new vscode.ThemeColor('list.warningForeground'));
      item.accessibilityInformation = { label: `${spokenKind(node)} ${label} ${description}`.trim() };
      return item;
    }
  }
}

function labelled(
  label: string,
  description: string,
  state: vscode.TreeItemCollapsibleState,
  icon: string,
  context: string,
): vscode.TreeItem {
  const item = new vscode.TreeItem(label, state);
  item.description = description;
  item.iconPath = new vscode.ThemeIcon(icon);
  item.contextValue = context;
  return item;
}

type NamedNode = Extract<TreeNode, { kind: 'table' | 'column' | 'relation' | 'index' | 'trigger' }>;

const tableIcons = { table: 'table', view: 'eye', virtual: 'symbol-misc' } as const;
const groupIcons: Readonly<Record<TreeGroup, string>> = {
  relations: 'references',
  indexes: 'list-tree',
  triggers: 'zap',
  problems: 'warning',
};

function iconOf(node: NamedNode): string {
  switch (node.kind) {
    case 'table':
      return tableIcons[node.table.kind];
    case 'column':
      return node.column.primaryKey > 0 ? 'key' : node.refersTo ? 'link' : 'symbol-field';
    case 'relation':
      return node.direction === 'out' ? 'arrow-right' : 'arrow-left';
    case 'index':
      return node.index.unique ? 'star' : 'list-ordered';
    case 'trigger':
      return 'zap';
  }
}

function contextOf(node: NamedNode): string {
  if (node.kind === 'table') return `table.${node.table.kind}`;
  if (node.kind === 'index') return node.index.ddl === undefined ? 'index' : 'index.created';
  return node.kind === 'relation' ? `relation.${node.relation.origin}` : node.kind;
}

function groupLabel(group: TreeGroup): string {
  switch (group) {
    case 'relations':
      return vscode.l10n.t('Relations');
    case 'indexes':
      return vscode.l10n.t('Indexes');
    case 'triggers':
      return vscode.l10n.t('Triggers');
    case 'problems':
      return vscode.l10n.t('Problems');
  }
}

function spokenKind(node: NamedNode): string {
  switch (node.kind) {
    case 'table':
      return { table: vscode.l10n.t('Table'), view: vscode.l10n.t('View'), virtual: vscode.l10n.t('Virtual table') }[node.table.kind];
    case 'column':
      return vscode.l10n.t('Column');
    case 'relation': {
      const { origin } = node.relation;
      return { declared: vscode.l10n.t('Declared relation'), inferred: vscode.l10n.t('Inferred relation'), confirmed: vscode.l10n.t('Confirmed relation') }[origin]; // prettier-ignore
    }
    case 'index':
      return vscode.l10n.t('Index');
    case 'trigger':
      return vscode.l10n.t('Trigger');
  }
}
