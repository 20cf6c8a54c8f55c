/** The adapters of this workspace as a tree: which answers, how much better it was, what it saw. The commands are registered beside it. */
import path from 'node:path';
import * as vscode from 'vscode';
import { type WorkspaceAdapter } from '../../../engine/training/workspaceAdapters.js';
import { type Services } from '../../services/services.js';
import { type AdapterSwitch } from './adapterSwitch.js';
import { gainText, learntFrom } from './fineTuneWords.js';

export class AdaptersTree implements vscode.TreeDataProvider<WorkspaceAdapter> {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(
    private readonly adapters: AdapterSwitch,
    private readonly databases: Services['databases'],
  ) {}

  refresh(): void {
    this.#changed.fire(undefined);
  }

  dispose(): void {
    this.#changed.dispose();
  }

  /** Newest first. */
  getChildren(node?: WorkspaceAdapter): WorkspaceAdapter[] {
    return node ? [] : [...this.adapters.shelf.adapters].reverse();
  }

  getTreeItem(adapter: WorkspaceAdapter): vscode.TreeItem {
    const isCurrent = this.adapters.current?.id === adapter.id;
    const item = new vscode.TreeItem(adapter.databases.map((database) => path.basename(database)).join(', '));
    const made = new Date(adapter.madeAt).toLocaleDateString(vscode.env.language);
    item.id = adapter.id;
    item.description = isCurrent ? `${made} · ${vscode.l10n.t('in use')}` : made;
    item.iconPath = new vscode.ThemeIcon(isCurrent ? 'pass-filled' : 'circle-large-outline');
    item.contextValue = isCurrent ? 'joineryAdapter.current' : 'joineryAdapter';
    item.tooltip = this.#tooltip(adapter);
    item.accessibilityInformation = { label: `${item.label as string}, ${item.description}, ${gainText(adapter.score)}` };
    return item;
  }

  #tooltip(adapter: WorkspaceAdapter): vscode.MarkdownString {
    const { base, databases, minutes, score, path: file } = adapter;
    const lines = [
      vscode.l10n.t('Gain: {0}, on {1} held-out questions', gainText(score), score.n),
      vscode.l10n.t('Databases: {0}', databases.map((database) => this.databases.labelOf(database)).join(', ')),
      vscode.l10n.t('Learnt from: {0}', learntFrom(adapter)),
      vscode.l10n.t('{0} min of training on {1}', minutes, base),
      file,
    ];
    const text = new vscode.MarkdownString();
    for (const line of lines) text.appendText(line).appendMarkdown('\n\n');
    return text;
  }
}
