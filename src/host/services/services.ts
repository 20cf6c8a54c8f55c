/** Everything that features share, put together once, by hand. Making it loads no engine and touches no disk. */
import path from 'node:path';
import type * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../core/shared/disposable.js';
import { type ChannelLogger } from '../platform/createLog.js';
import { AcceptedPairs } from './acceptedPairs.js';
import { AdapterService } from './adapterService.js';
import { Asker } from './asker.js';
import { DatabaseService, type FindDatabases } from './databaseService.js';
import { EngineService } from './engineService.js';
import { type Offered } from './offered.js';
import { ResultViewerService } from './resultViewer.js';
import { SchemaHovers } from './schemaHovers.js';
import { SchemaService } from './schemaService.js';
import { SqlDocuments } from './sqlDocuments.js';
import { StatusService } from './statusService.js';
import { TakenAnswers } from './takenAnswers.js';
import { TeamServer } from './teamServer.js';
import { watchSchemas } from './watchSchemas.js';
import { WorkingFile } from './workingFile.js';
import { WorkspaceTables } from './workspaceTables.js';

export interface Services extends Disposable {
  readonly context: vscode.ExtensionContext;
  readonly log: ChannelLogger;
  readonly status: StatusService;
  readonly databases: DatabaseService;
  readonly engines: EngineService;
  readonly server: TeamServer;
  readonly asker: Asker;
  readonly pairs: AcceptedPairs;
  /** What was fine-tuned in this workspace. */
  readonly adapters: AdapterService;
  readonly taken: TakenAnswers;
  readonly results: ResultViewerService;
  /** Databases that somebody looks at, kept up to date. */
  readonly schemas: SchemaService;
  /** The SQL file that one works with. */
  readonly working: WorkingFile;
  readonly hovers: SchemaHovers;
  /** Documents as SQL, with the databases that they mean. */
  readonly sql: SqlDocuments;
  /** All databases of the workspace in one graph. */
  readonly workspaceTables: WorkspaceTables;
  readonly offered: Offered;
}

export function createServices(context: vscode.ExtensionContext, log: ChannelLogger, findDatabases: FindDatabases): Services {
  const store = new DisposableStore();
  const status = store.own(new StatusService());
  const databases = store.own(new DatabaseService(context.workspaceState, findDatabases, log));
  const server = store.own(new TeamServer(context.secrets, context.workspaceState));
  const adapters = store.own(new AdapterService(shelfFile(context)));
  const engines = store.own(new EngineService(context, server, adapters, log));
  const asker = store.own(new Asker(engines, status, log));
  const pairs = store.own(new AcceptedPairs(context.workspaceState, databases, log));
  const taken = new TakenAnswers();
  const results = new ResultViewerService();
  const schemas = store.own(new SchemaService(async () => (await engines.get()).catalogue, log));
  store.own(watchSchemas(schemas, databases));
  const sql = new SqlDocuments(databases, schemas);
  const working = store.own(new WorkingFile(databases));
  const workspaceTables = store.own(new WorkspaceTables(async () => (await engines.get()).workspace, databases, schemas, log));
  const hovers = store.own(new SchemaHovers(schemas, databases, working, workspaceTables));
  store.own(
    engines.onReplaced(() => {
      workspaceTables.reset();
      schemas.reset();
    }),
  );
  return {
    context,
    log,
    status,
    databases,
    engines,
    server,
    asker,
    pairs,
    adapters,
    taken,
    results,
    schemas,
    working,
    hovers,
    sql,
    workspaceTables,
    offered: {},
    dispose: () => store.dispose(),
  };
}

function shelfFile({ storageUri }: vscode.ExtensionContext): string | undefined {
  return storageUri && path.join(storageUri.fsPath, 'adapters', 'shelf.json');
}
