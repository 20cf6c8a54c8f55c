/** The tree of the last explained statement: SQLite's steps, scans marked, each recommended index below the step that it would change. */
import * as vscode from 'vscode';
import { type PlanAdvice } from '../../../core/presentation/planAdvice.js';
import { type PlanNode } from '../../../core/presentation/planTree.js';
import { type ExplainedStatement } from '../../../engine/run/explainStatement.js';
import { adviceSentence, stepNote } from './planWords.js';

export type PlanItem = { readonly kind: 'step'; readonly node: PlanNode } | { readonly kind: 'advice'; readonly advice: PlanAdvice };

export interface ShownPlan extends ExplainedStatement {
  /** Absolute path. */
  readonly database: string;
}

const icons: Readonly<Record<PlanNode['kind'], vscode.ThemeIcon>> = {
  scan: new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground')),
  automaticIndex: new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground')),
  search: new vscode.ThemeIcon('search'),
  sort: new vscode.ThemeIcon('list-ordered'),
  subquery: new vscode.ThemeIcon('symbol-namespace'),
  other: new vscode.ThemeIcon('circle-small'),
};

export class PlanProvider implements vscode.TreeDataProvider<PlanItem>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  #shown: ShownPlan | undefined;

  readonly onDidChangeTreeData = this.#changed.event;

  get shown(): ShownPlan | undefined {
    return this.#shown;
  }

  show(plan: ShownPlan): void {
    this.#shown = plan;
    this.#changed.fire();
  }

  getChildren(item?: PlanItem): PlanItem[] {
    if (!this.#shown) return [];
    if (!item) return this.#shown.plan.map((node) => ({ kind: 'step', node }));
    if (item.kind === 'advice') return [];
    const advice = this.#shown.advice.filter(({ node }) => node === item.node.id);
    const steps = item.node.children.map((node): PlanItem => ({ kind: 'step', node }));
    return [...advice.map((entry): PlanItem => ({ kind: 'advice', advice: entry })), ...steps];
  }

  getTreeItem(item: PlanItem): vscode.TreeItem {
    return item.kind === 'step' ? this.#stepItem(item.node) : adviceItem(item.advice);
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #stepItem(node: PlanNode): vscode.TreeItem {
    const isLeaf = node.children.length === 0 && !this.#shown?.advice.some((advice) => advice.node === node.id);
    const state = isLeaf ? vscode.TreeItemCollapsibleState.None : vscode.TreeItemCollapsibleState.Expanded;
    const item = new vscode.TreeItem(node.detail, state);
    const note = stepNote(node);
    // An index that is read whole is no fault of the statement.
    item.iconPath = node.kind === 'scan' && node.covering ? new vscode.ThemeIcon('list-flat') : icons[node.kind];
    item.contextValue = node.kind;
    if (note !== undefined) item.description = note;
    item.tooltip = note === undefined ? node.detail : `${node.detail}\n${note}`;
    item.accessibilityInformation = { label: note === undefined ? node.detail : `${node.detail}: ${note}` };
    return item;
  }
}

function adviceItem(advice: PlanAdvice): vscode.TreeItem {
  const sentence = adviceSentence(advice);
  const item = new vscode.TreeItem(sentence);
  item.iconPath = new vscode.ThemeIcon(advice.kind === 'index' ? 'lightbulb' : 'info');
  item.contextValue = advice.kind === 'index' ? 'advice' : 'note';
  item.accessibilityInformation = { label: sentence };
  item.tooltip = advice.kind === 'index' ? tooltipOf(advice, sentence) : sentence;
  return item;
}

function tooltipOf(advice: Extract<PlanAdvice, { kind: 'index' }>, sentence: string): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendText(sentence).appendCodeblock(advice.ddl, 'sql');
  text.appendText(vscode.l10n.t("SQLite's planner then says: {0}", advice.then));
  return text;
}
