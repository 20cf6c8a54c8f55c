/** Entry point of the extension: services, then features. Nothing heavy is loaded before somebody asks a question. */
import * as vscode from 'vscode';
import { DisposableStore } from './core/shared/disposable.js';
import { createLog } from './host/platform/createLog.js';
import { createServices } from './host/services/services.js';
import { type Status } from './host/services/statusService.js';
import { registerAsk } from './host/features/askQuestion/registerAsk.js';
import { registerAgents } from './host/features/agents/registerAgents.js';
import { registerDatabaseChoice } from './host/features/databaseChoice/registerDatabaseChoice.js';
import { registerDoctor } from './host/features/doctor/registerDoctor.js';
import { registerFineTune } from './host/features/fineTune/registerFineTune.js';
import { registerGraphPanel } from './host/features/graphPanel/registerGraphPanel.js';
import { registerInlineSql } from './host/features/inlineSql/registerInlineSql.js';
import { registerModelSetup } from './host/features/modelSetup/registerModelSetup.js';
import { registerPairs } from './host/features/pairs/registerPairs.js';
import { registerQuestionTests } from './host/features/questionTests/registerQuestionTests.js';
import { registerRegenerate } from './host/features/regenerate/registerRegenerate.js';
import { registerRepair } from './host/features/repair/registerRepair.js';
import { registerResultsPanel } from './host/features/resultsPanel/registerResultsPanel.js';
import { registerSchemaTree } from './host/features/schemaTree/registerSchemaTree.js';
import { registerQueryPlan } from './host/features/queryPlan/registerQueryPlan.js';
import { registerRunSql } from './host/features/runSql/registerRunSql.js';
import { registerSqlLanguage } from './host/features/sqlLanguage/registerSqlLanguage.js';
import { registerStatusBar } from './host/features/statusBar/registerStatusBar.js';
import { registerTeamServer } from './host/features/teamServer/registerTeamServer.js';
import { registerWalkthrough } from './host/features/walkthrough/registerWalkthrough.js';
import { registerWhyThis } from './host/features/whyThis/registerWhyThis.js';
import { registerWritePreview } from './host/features/writePreview/registerWritePreview.js';

/** What other extensions, and tests, may read. */
export interface JoineryApi {
  readonly status: Status;
  /** Milliseconds that activation took. */
  readonly activationMs: number;
  /** Answers a turn of `@joinery` as the chat asks for it. */
  readonly chat: vscode.ChatRequestHandler | undefined;
}

const features = [
  registerStatusBar,
  registerInlineSql,
  registerAsk,
  registerRegenerate,
  registerDatabaseChoice,
  registerModelSetup,
  registerSqlLanguage,
  registerDoctor,
  registerResultsPanel,
  registerRunSql,
  registerQueryPlan,
  registerWritePreview,
  registerSchemaTree,
  registerGraphPanel,
  registerPairs,
  registerFineTune,
  registerRepair,
  registerWhyThis,
  registerWalkthrough,
  registerAgents,
  registerTeamServer,
  registerQuestionTests,
];

export function activate(context: vscode.ExtensionContext): JoineryApi {
  const started = performance.now();
  const store = new DisposableStore();
  context.subscriptions.push(store);
  const log = store.own(createLog());
  const services = store.own(createServices(context, log, findDatabases));
  for (const register of features) store.own(register(services));
  const activationMs = performance.now() - started;
  log.log('info', 'host', `activated in ${activationMs.toFixed(1)} ms, VS Code ${vscode.version}`);
  return {
    get status() {
      return services.status.current;
    },
    activationMs,
    get chat() {
      return services.offered.chat;
    },
  };
}

async function findDatabases(folder: string): Promise<readonly string[]> {
  const engine = await import('./engine/catalogue/findDatabases.js');
  return engine.findDatabases(folder);
}

// VS Code disposes the subscriptions; the model process ends with them.
