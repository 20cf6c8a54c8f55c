/** Running SQL from the editor: the statement under the cursor, a selection, the file, a past run. Only reading statements are run here. */
import { type Disposable, DisposableStore } from '../../../core/shared/disposable.js';
import { commandIds } from '../../platform/generatedIds.js';
import { registerCommand } from '../../platform/registerCommand.js';
import { requireTrust } from '../../services/requireTrust.js';
import { type Services } from '../../services/services.js';
import { sqlRequest } from '../../services/sqlRequest.js';
import { RunHistory } from './runHistory.js';
import { registerRunLenses } from './runLenses.js';
import { runStatements } from './runStatements.js';
import { showHistory } from './showHistory.js';

export function registerRunSql(services: Services): Disposable {
  const store = new DisposableStore();
  const history = new RunHistory(services.context.workspaceState);
  const run = async (given: unknown, scope: 'statement' | 'file'): Promise<void> => {
    requireTrust();
    const request = await sqlRequest(services.databases, given, scope);
    if (request) await runStatements(services, history, request);
  };
  store.own(registerCommand(commandIds.runStatement, services.log, (given) => run(given, 'statement')));
  // The editor passes the file's address, which says nothing that the active editor does not.
  store.own(registerCommand(commandIds.runFile, services.log, () => run(undefined, 'file')));
  store.own(
    registerCommand(commandIds.runHistory, services.log, async () => {
      requireTrust();
      const past = await showHistory(services, history);
      if (past) await runStatements(services, history, past);
    }),
  );
  store.own(registerRunLenses(services));
  return store;
}
