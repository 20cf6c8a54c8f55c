/** `Joinery: Choose Database for This Folder`, and looking for databases again. */
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../../core/shared/disposable.js';
import { commandIds } from '../../platform/generatedIds.js';
import { registerCommand } from '../../platform/registerCommand.js';
import { pickDatabase } from '../../services/databasePicker.js';
import { type Services } from '../../services/services.js';

export function registerDatabaseChoice({ databases, log }: Services): Disposable {
  const store = new DisposableStore();
  store.own(
    // A path may be given by a key binding or a task; whatever else is given is ignored and the user is asked.
    registerCommand(commandIds.chooseDatabase, log, async (given) => {
      const document = vscode.window.activeTextEditor?.document;
      const database = typeof given === 'string' ? given : await pickDatabase(databases);
      if (database !== undefined) await databases.choose(document, database);
    }),
  );
  store.own(
    registerCommand(commandIds.refreshDatabases, log, async () => {
      databases.refresh();
      await databases.list();
    }),
  );
  return store;
}
