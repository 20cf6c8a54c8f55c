/** Everything that features share, put together once, by hand. Making it loads no engine and touches no disk. */
import type * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../core/shared/disposable.js';
import { type ChannelLogger } from '../platform/createLog.js';
import { AcceptedPairs } from './acceptedPairs.js';
import { Asker } from './asker.js';
import { DatabaseService, type FindDatabases } from './databaseService.js';
import { EngineService } from './engineService.js';
import { ResultViewerService } from './resultViewer.js';
import { StatusService } from './statusService.js';

export interface Services extends Disposable {
  readonly context: vscode.ExtensionContext;
  readonly log: ChannelLogger;
  readonly status: StatusService;
  readonly databases: DatabaseService;
  readonly engines: EngineService;
  readonly asker: Asker;
  readonly pairs: AcceptedPairs;
  readonly results: ResultViewerService;
}

export function createServices(context: vscode.ExtensionContext, log: ChannelLogger, findDatabases: FindDatabases): Services {
  const store = new DisposableStore();
  const status = store.own(new StatusService());
  const databases = store.own(new DatabaseService(context.workspaceState, findDatabases, log));
  const engines = store.own(new EngineService(context, log));
  const asker = store.own(new Asker(engines, status, log));
  const pairs = new AcceptedPairs(context.workspaceState, log);
  const results = new ResultViewerService();
  return { context, log, status, databases, engines, asker, pairs, results, dispose: () => store.dispose() };
}
