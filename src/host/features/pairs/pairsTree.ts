/** The kept pairs as a tree: databases, and under each its questions. Lists and nothing else; the commands are registered beside it. */
import * as vscode from 'vscode';
import { type AcceptedPair } from '../../../engine/ask/pairsStore.js';
import { commandIds } from '../../platform/generatedIds.js';
import { type Services } from '../../services/services.js';

export type PairsNode =
  | { readonly kind: 'database'; readonly database: string; readonly pairs: readonly AcceptedPair[] }
  | { readonly kind: 'pair'; readonly pair: AcceptedPair };

export class PairsTree implements vscode.TreeDataProvider<PairsNode> {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(private readonly services: Pick<Services, 'pairs' | 'databases'>) {}

  refresh(): void {
    this.#changed.fire(undefined);
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async getChildren(node?: PairsNode): Promise<PairsNode[]> {
    if (node) return node.kind === 'database' ? node.pairs.map((pair) => ({ kind: 'pair', pair })) : [];
    const pairs = await this.services.pairs.list();
    return [...new Set(pairs.map(({ database }) => database))]
      .sort()
      .map((database) => ({ kind: 'database', database, pairs: pairs.filter((pair) => pair.database === database) }));
  }

  getTreeItem(node: PairsNode): vscode.TreeItem {
    return node.kind === 'database' ? this.#databaseItem(node) : pairItem(node.pair);
  }

  #databaseItem({ database, pairs }: Extract<PairsNode, { kind: 'database' }>): vscode.TreeItem {
    const item = new vscode.TreeItem(this.services.databases.labelOf(database), vscode.TreeItemCollapsibleState.Expanded);
    item.id = database;
    item.description = String(pairs.length);
    item.iconPath = new vscode.ThemeIcon('database');
    item.contextValue = 'joineryPairsOfDatabase';
    return item;
  }
}

function pairItem(pair: AcceptedPair): vscode.TreeItem {
  const item = new vscode.TreeItem(pair.question);
  item.id = `${pair.database}\n${pair.question}`;
  item.description = kindText(pair);
  item.iconPath = new vscode.ThemeIcon({ accepted: 'check', edited: 'edit', corrected: 'replace' }[pair.kind ?? 'accepted']);
  item.contextValue = 'joineryPair';
  item.tooltip = tooltipOf(pair);
  item.command = { command: commandIds.openPair, title: vscode.l10n.t('Open'), arguments: [{ kind: 'pair', pair }] };
  return item;
}

function kindText({ kind = 'accepted' }: AcceptedPair): string {
  switch (kind) {
    case 'accepted':
      return vscode.l10n.t('accepted');
    case 'edited':
      return vscode.l10n.t('edited');
    case 'corrected':
      return vscode.l10n.t('corrected');
  }
}

function tooltipOf({ question, sql, answered }: AcceptedPair): vscode.MarkdownString {
  const text = new vscode.MarkdownString().appendText(question).appendCodeblock(sql, 'sql');
  if (answered !== undefined) text.appendText(vscode.l10n.t('The model had said:')).appendCodeblock(answered, 'sql');
  return text;
}
