/**
 * Which nodes the tree has now. Nothing is opened before somebody expands a database; what is expanded stays known until its file
 * goes. It knows no editor: the provider draws what it gives.
 */
import { childNodes, databaseNode, failureNode, parentNode, tableNode, tableNodes } from '../../../core/presentation/schemaTree.js';
import { type TreeDatabase, type TreeNode, type TreeView } from '../../../core/presentation/schemaTree.js';
import { foldName } from '../../../core/graph/tableKeys.js';
import { isJoineryError } from '../../../core/shared/errors.js';
import { type SchemaService, type SchemaState } from '../../services/schemaService.js';

export class TreeModel {
  /** The editor knows nodes by identity when it is told of a change. */
  readonly #roots = new Map<string, TreeNode>();
  view: TreeView = { filter: '', sort: 'name' };

  constructor(
    private readonly schemas: SchemaService,
    private readonly list: () => Promise<readonly string[]>,
  ) {}

  /** One node per database of the workspace. Those that have gone are forgotten. */
  async roots(): Promise<readonly TreeNode[]> {
    const paths = await this.list();
    const present = new Set(paths);
    for (const path of [...this.#roots.keys()].filter((known) => !present.has(known))) {
      this.#roots.delete(path);
      this.schemas.forget(path);
    }
    return paths.map((path) => this.root(path));
  }

  /** False for databases that others look at, such as one outside the workspace that a SQL file names. */
  isShown(path: string): boolean {
    return this.#roots.has(path);
  }

  /** The node of a database, always the same one. */
  root(path: string): TreeNode {
    const root = this.#roots.get(path) ?? databaseNode(path);
    this.#roots.set(path, root);
    return root;
  }

  /** Opens the database when needed; one that cannot be read has a node that says why. */
  async children(node: TreeNode): Promise<readonly TreeNode[]> {
    const state = await this.schemas.look(node.database);
    const database = treeDatabase(node.database, state);
    if (node.kind !== 'database') return database ? childNodes(node, database) : [];
    return database ? tableNodes(database, this.view) : [failed(node.database, state.failure)];
  }

  /** Undefined for databases, and for nodes of one that is not known now. */
  parent(node: TreeNode): TreeNode | undefined {
    const database = this.known(node.database);
    if (node.kind === 'database' || !database) return node.kind === 'database' ? undefined : this.root(node.database);
    const parent = parentNode(node, database);
    return parent?.kind === 'database' ? this.root(node.database) : parent;
  }

  /** What is known of a database without opening it. */
  known(path: string): TreeDatabase | undefined {
    return treeDatabase(path, this.schemas.peek(path) ?? {});
  }

  /** Why a database cannot be read now, or only in an older state. */
  failure(path: string): unknown {
    return this.schemas.peek(path)?.failure;
  }

  /** The node of a table, for revealing it. Undefined when the database has none of that name. */
  async find(path: string, table: string): Promise<TreeNode | undefined> {
    const database = treeDatabase(path, await this.schemas.look(path));
    const found = database?.schema.tables.find(({ name }) => foldName(name) === foldName(table));
    return database && found && tableNode(found, database);
  }
}

function treeDatabase(path: string, { opened }: SchemaState): TreeDatabase | undefined {
  return opened && { path, schema: opened.knowledge.schema, relations: opened.knowledge.relations };
}

function failed(path: string, failure: unknown): TreeNode {
  return isJoineryError(failure) ? failureNode(path, failure.code, failure.details) : failureNode(path, 'internal', {});
}
