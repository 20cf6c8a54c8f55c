/** `Joinery: Explain Query Plan`: the plan of the statement under the cursor in a tree of its own, with the indexes that would help. */
import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../../core/shared/disposable.js';
import { JoineryError } from '../../../core/shared/errors.js';
import { readingPragma } from '../../../core/sql/readingPragma.js';
import { commandIds } from '../../platform/generatedIds.js';
import { registerCommand } from '../../platform/registerCommand.js';
import { requireTrust } from '../../services/requireTrust.js';
import { type Services } from '../../services/services.js';
import { sqlRequest } from '../../services/sqlRequest.js';
import { PlanProvider } from './planProvider.js';

const viewId = 'joinery.queryPlan';
const hasPlanKey = 'joinery.hasPlan';

export function registerQueryPlan(services: Services): Disposable {
  const store = new DisposableStore();
  const provider = store.own(new PlanProvider());
  const view = store.own(vscode.window.createTreeView(viewId, { treeDataProvider: provider, showCollapseAll: true }));
  const command = (id: Parameters<typeof registerCommand>[0], run: (given: unknown) => Promise<unknown>): void => {
    store.own(registerCommand(id, services.log, run));
  };
  command(commandIds.explainStatement, (given) => explain(services, provider, view, given));
  command(commandIds.copyIndex, async (given) => vscode.env.clipboard.writeText(`${ddlOf(given)};`));
  command(commandIds.createIndexPreview, async (given) => {
    if (!provider.shown) return;
    await vscode.commands.executeCommand(commandIds.previewWrite, { database: provider.shown.database, sql: ddlOf(given) });
  });
  command(commandIds.showPlanSource, async () => {
    if (!provider.shown) return;
    const content = `-- @db ${provider.shown.database}\n${provider.shown.sql};\n`;
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'sql', content }));
  });
  return store;
}

type PlanView = Pick<vscode.TreeView<unknown>, 'description'>;

/** Of `{ database, sql }`; what is missing comes from the active editor. */
async function explain(services: Services, provider: PlanProvider, view: PlanView, given: unknown): Promise<void> {
  requireTrust();
  const request = await sqlRequest(services.databases, given, 'statement');
  if (!request) return;
  const { database, sql } = request;
  const { explainStatement } = await import('../../../engine/run/explainStatement.js');
  const options = { location: { viewId }, title: vscode.l10n.t('Joinery: explaining'), cancellable: true };
  const explained = await vscode.window.withProgress(options, async (_, token) => {
    const engine = await services.engines.get();
    const opened = await engine.catalogue.open(database, token);
    return explainStatement({ database: opened.database, schema: opened.knowledge.schema }, readingPragma(sql) ?? sql, token);
  });
  provider.show({ ...explained, database });
  view.description = services.databases.labelOf(database);
  await vscode.commands.executeCommand('setContext', hasPlanKey, true);
  await vscode.commands.executeCommand(`${viewId}.focus`);
}

/** The statement of a recommended index, which is the item that its buttons belong to. */
function ddlOf(given: unknown): string {
  const advice = isRecord(given) && isRecord(given['advice']) ? given['advice'] : {};
  if (typeof advice['ddl'] !== 'string') throw new JoineryError('sql.empty');
  return advice['ddl'];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
