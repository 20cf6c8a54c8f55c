/** Gives the editor the schema tree: nodes from the model, hovers one by one, and events when either has changed. */
import * as vscode from 'vscode';
import { type TreeNode, type TreeView } from '../../../core/presentation/schemaTree.js';
import { DisposableStore, type Disposable } from '../../../core/shared/disposable.js';
import { describeThrown } from '../../platform/words.js';
import { hasSeveralFolders, namedFolderOf } from '../../platform/workspaceFolders.js';
import { placesOf } from '../../services/databaseLabels.js';
import { type Services } from '../../services/services.js';
import { FollowedFile } from './followedFile.js';
import { treeItem } from './treeItems.js';
import { TreeModel } from './treeModel.js';

export class SchemaTreeProvider implements vscode.TreeDataProvider<TreeNode>, Disposable {
  readonly #store = new DisposableStore();
  readonly #changed = this.#store.own(new vscode.EventEmitter<TreeNode | undefined>());
  readonly #model: TreeModel;
  readonly #followed: FollowedFile;
  #labels: ReturnType<typeof placesOf> = new Map();

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(private readonly services: Services) {
    const { schemas, databases, working, hovers } = services;
    this.#model = new TreeModel(schemas, () => databases.list());
    this.#followed = new FollowedFile(working, (path) => schemas.peek(path)?.opened?.knowledge.schema);
    this.#store.own(schemas.onChanged(({ path }) => this.#refresh(path)));
    this.#store.own(hovers.onCounted(({ database }) => this.#refresh(database)));
    this.#store.own(databases.onChanged(() => this.#changed.fire(undefined)));
    this.#store.own(working.onChanged(() => void this.#followFile()));
  }

  get model(): TreeModel {
    return this.#model;
  }

  get view(): TreeView {
    return this.#model.view;
  }

  /** Shows other nodes, or the same in another order. */
  show(view: Partial<TreeView>): void {
    this.#model.view = { ...this.#model.view, ...view };
    this.#changed.fire(undefined);
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    if (node) {
      const before = this.#model.failure(node.database);
      const children = [...(await this.#model.children(node))];
      // A database that turns out to be unreadable says so itself, too.
      if (before === undefined && this.#model.failure(node.database) !== undefined) this.#refresh(node.database);
      return children;
    }
    const roots = [...(await this.#model.roots())];
    this.#labels = placesOf(
      roots.map(({ database }) => database),
      hasSeveralFolders(),
      namedFolderOf,
    );
    return roots;
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return this.#model.parent(node);
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    return treeItem(node, (path) => ({ label: path, place: '', ...this.#labels.get(path), failure: this.#model.failure(path) }));
  }

  async resolveTreeItem(item: vscode.TreeItem, node: TreeNode): Promise<vscode.TreeItem> {
    const { hovers } = this.services;
    try {
      if (node.kind === 'database') item.tooltip = node.database;
      else if (node.kind === 'table') item.tooltip = await hovers.table(node.database, node.table.name);
      else if (node.kind === 'column') item.tooltip = await hovers.column(node.database, node.table.name, node.column.name);
      else if (node.kind === 'relation') item.tooltip = await hovers.relation(node.database, node.relation.id);
      else if (node.kind === 'index' && node.index.ddl !== undefined)
        item.tooltip = new vscode.MarkdownString().appendCodeblock(node.index.ddl, 'sql');
      else if (node.kind === 'trigger') item.tooltip = new vscode.MarkdownString().appendCodeblock(node.trigger.ddl, 'sql');
    } catch (error) {
      item.tooltip = describeThrown(error).sentence;
    }
    return item;
  }

  dispose(): void {
    this.#store.dispose();
  }

  #refresh(path: string): void {
    if (this.#model.isShown(path)) this.#changed.fire(this.#model.root(path));
  }

  /** Hovers are asked for once; other tables to work with mean other join paths. */
  async #followFile(): Promise<void> {
    if (await this.#followed.hasMoved()) for (const path of this.services.schemas.paths) this.#refresh(path);
  }
}
