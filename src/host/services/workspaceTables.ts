/**
 * All databases of the workspace in one graph, for whoever looks beyond a single one: where else a table of some name is, and the list
 * of all tables. It is read when somebody asks, or in the background once a database was opened, and refreshed with the databases.
 */
import { type Disposable } from '../../core/shared/disposable.js';
import { type Logger } from '../../core/shared/logger.js';
import { type WorkspaceGraph } from '../../engine/catalogue/workspaceGraph.js';
import { type DatabaseService } from './databaseService.js';
import { type SchemaService } from './schemaService.js';

export interface WorkspaceTable {
  readonly database: string;
  readonly table: string;
}

/** Databases up to which the graph is read without anybody asking for it. */
const quietly = 60;

export class WorkspaceTables implements Disposable {
  readonly #links: readonly Disposable[];
  #graph: WorkspaceGraph | undefined;
  #stale = true;
  #reading: Promise<WorkspaceGraph> | undefined;

  constructor(
    private readonly workspace: () => Promise<WorkspaceGraph>,
    private readonly databases: DatabaseService,
    schemas: SchemaService,
    private readonly log: Logger,
  ) {
    const outdate = (): void => {
      this.#stale = true;
    };
    this.#links = [databases.onChanged(outdate), schemas.onChanged(outdate)];
  }

  /** Other databases with a table of this name; none while the graph has not been read. */
  othersWith(database: string, table: string): readonly string[] {
    if (this.#stale) void this.#readQuietly();
    return this.#graph?.graph.databasesWith(table).filter((path) => path !== database) ?? [];
  }

  /** Every table of every database that can be read, database by database. */
  async all(): Promise<readonly WorkspaceTable[]> {
    const { graph } = await this.read();
    return graph.databases.flatMap((database) => graph.tablesOf(database).map((table) => ({ database, table })));
  }

  /** The graph over exactly the databases of the workspace, as they are now. */
  read(): Promise<WorkspaceGraph> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** Another engine has another graph. */
  reset(): void {
    this.#graph = undefined;
    this.#stale = true;
  }

  dispose(): void {
    for (const link of this.#links) link.dispose();
  }

  async #read(): Promise<WorkspaceGraph> {
    this.#stale = false;
    const graph = await this.workspace();
    const { failed } = await graph.refresh(await this.databases.list());
    for (const { path, error } of failed) this.log.log('debug', 'schema', `not in the workspace's graph: ${path}`, error);
    this.#graph = graph;
    return graph;
  }

  async #readQuietly(): Promise<void> {
    try {
      if ((await this.databases.list()).length <= quietly) await this.read();
    } catch (error) {
      this.log.log('warn', 'schema', 'the graph of the workspace was not read', error);
    }
  }
}
