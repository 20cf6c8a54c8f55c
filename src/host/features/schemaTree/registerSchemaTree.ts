/** The view of all databases of the workspace, with its hovers, menus and commands. Opens a database when it is expanded. */
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../../core/shared/disposable.js';
import { type Services } from '../../services/services.js';
import { registerJoinCommands } from './joinCommands.js';
import { registerTableCommands } from './tableCommands.js';
import { SchemaTreeProvider } from './treeProvider.js';
import { registerViewCommands } from './viewCommands.js';

export const schemaViewId = 'joinery.schema';

export function registerSchemaTree(services: Services): Disposable {
  const store = new DisposableStore();
  const provider = store.own(new SchemaTreeProvider(services));
  const view = store.own(
    vscode.window.createTreeView(schemaViewId, { treeDataProvider: provider, canSelectMany: true, showCollapseAll: true }),
  );
  store.own(registerViewCommands(services, provider, view));
  store.own(registerTableCommands(services, view));
  store.own(registerJoinCommands(services, view));
  return store;
}
