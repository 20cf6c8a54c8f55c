/** The title of the tree: filter, order, going to a table of any database, and looking at the files again. */
import * as vscode from 'vscode';
import { type TreeNode, type TreeSort } from '../../../core/presentation/schemaTree.js';
import { DisposableStore, type Disposable } from '../../../core/shared/disposable.js';
import { commandIds } from '../../platform/generatedIds.js';
import { registerCommand } from '../../platform/registerCommand.js';
import { type Services } from '../../services/services.js';
import { type WorkspaceTable } from '../../services/workspaceTables.js';
import { type SchemaTreeProvider } from './treeProvider.js';

const sortKey = 'joinery.schemaSort';
const filteredContext = 'joinery.schemaFiltered';

export function registerViewCommands(services: Services, provider: SchemaTreeProvider, view: vscode.TreeView<TreeNode>): Disposable {
  const store = new DisposableStore();
  const memory = services.context.workspaceState;
  provider.show({ sort: memory.get<TreeSort>(sortKey, 'name') });
  const filter = (text: string): void => {
    provider.show({ filter: text });
    view.message = text === '' ? '' : vscode.l10n.t('Names with “{0}”', text);
    void vscode.commands.executeCommand('setContext', filteredContext, text !== '');
  };
  store.own(
    registerCommand(commandIds.filterSchema, services.log, async (given) => {
      if (typeof given === 'string') filter(given);
      else await readFilter(provider.view.filter, filter);
    }),
  );
  store.own(registerCommand(commandIds.clearSchemaFilter, services.log, async () => Promise.resolve(filter(''))));
  store.own(
    registerCommand(commandIds.sortSchema, services.log, async (given) => {
      const sort = isSort(given) ? given : await readSort(provider.view.sort);
      if (!sort) return;
      provider.show({ sort });
      await memory.update(sortKey, sort);
    }),
  );
  store.own(
    registerCommand(commandIds.goToTable, services.log, async (given) => {
      const table = asTable(given) ?? (await pickTable(services));
      const node = table && (await provider.model.find(table.database, table.table));
      if (node) await view.reveal(node, { select: true, focus: true, expand: true });
    }),
  );
  return store;
}

/** The tree follows while one types; leaving the input with Escape gives back what was there. */
async function readFilter(before: string, apply: (text: string) => void): Promise<void> {
  const store = new DisposableStore();
  const input = store.own(vscode.window.createInputBox());
  input.title = vscode.l10n.t('Filter tables');
  input.placeholder = vscode.l10n.t('words in names of tables and columns');
  input.value = before;
  let accepted = false;
  store.own(input.onDidChangeValue((text) => apply(text.trim())));
  await new Promise<void>((resolve) => {
    store.own(
      input.onDidAccept(() => {
        accepted = true;
        input.hide();
      }),
    );
    store.own(input.onDidHide(() => resolve()));
    input.show();
  });
  if (!accepted) apply(before);
  store.dispose();
}

async function readSort(now: TreeSort): Promise<TreeSort | undefined> {
  const labels: Readonly<Record<TreeSort, string>> = {
    name: vscode.l10n.t('By name'),
    schema: vscode.l10n.t('As the schema declares them'),
    relations: vscode.l10n.t('Most relations first'),
  };
  const items = sorts.map((sort) => ({ label: labels[sort], sort, iconPath: new vscode.ThemeIcon(sort === now ? 'check' : 'blank') }));
  return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Order of tables') }))?.sort;
}

const sorts: readonly TreeSort[] = ['name', 'schema', 'relations'];

function isSort(value: unknown): value is TreeSort {
  return sorts.some((sort) => sort === value);
}

/** A key binding or a task may name the table. */
function asTable(given: unknown): WorkspaceTable | undefined {
  if (typeof given !== 'object' || given === null || !('database' in given) || !('table' in given)) return undefined;
  const { database, table } = given;
  return typeof database === 'string' && typeof table === 'string' ? { database, table } : undefined;
}

async function pickTable({ workspaceTables, databases }: Services): Promise<WorkspaceTable | undefined> {
  const items = workspaceTables
    .all()
    .then((tables) => tables.map(({ database, table }) => ({ label: table, description: databases.labelOf(database), database, iconPath: new vscode.ThemeIcon('table') }))); // prettier-ignore
  const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Go to table'), matchOnDescription: true });
  return picked && { database: picked.database, table: picked.label };
}
