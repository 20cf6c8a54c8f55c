/** Menus of the tree: names and DDL to the clipboard, first rows, a question about a table, the verdict on a relation. */
import * as vscode from 'vscode';
import { type TreeNode } from '../../../core/presentation/schemaTree.js';
import { DisposableStore, type Disposable } from '../../../core/shared/disposable.js';
import { JoineryError } from '../../../core/shared/errors.js';
import { quoteIdentifier } from '../../../core/sql/quote.js';
import { commandIds, type CommandId } from '../../platform/generatedIds.js';
import { registerCommand } from '../../platform/registerCommand.js';
import { reportError } from '../../platform/reportError.js';
import { requireTrust } from '../../services/requireTrust.js';
import { type Services } from '../../services/services.js';
import { asRelation, chosenNodes } from './nodeArguments.js';
import { takeBackVerdicts } from './takeBackVerdicts.js';

/** Rows of a table that are shown at first sight. */
const topRows = 200;

export function registerTableCommands(services: Services, view: vscode.TreeView<TreeNode>): Disposable {
  const store = new DisposableStore();
  const onNodes = (id: CommandId, run: (nodes: readonly TreeNode[]) => Promise<unknown>): void => {
    store.own(registerCommand(id, services.log, async (node, selection) => run(chosenNodes(node, selection, view.selection))));
  };
  onNodes(commandIds.copyName, (nodes) => copy(nodes.flatMap((node) => nameOf(node) ?? []).join(', ')));
  onNodes(commandIds.copyDdl, (nodes) => copy(nodes.flatMap((node) => ddlOf(node) ?? []).join('\n\n')));
  onNodes(commandIds.topRows, async (nodes) => {
    for (const node of nodes.slice(0, 1)) if ('table' in node && node.table) await showRows(services, node.database, node.table.name);
  });
  onNodes(commandIds.askAboutTable, async (nodes) => {
    requireTrust();
    const [node] = nodes;
    if (!node || !('table' in node) || !node.table) return;
    const names = new Set(nodes.flatMap((other) => ('table' in other && other.table ? [other.table.name] : [])));
    await vscode.commands.executeCommand(commandIds.ask, { database: node.database, draft: `${[...names].join(', ')}: ` });
  });
  const judge = (id: CommandId, verdict: 'confirmed' | 'rejected'): void => {
    store.own(registerCommand(id, services.log, (given) => judgeRelation(services, given ?? view.selection[0], verdict)));
  };
  judge(commandIds.confirmRelation, 'confirmed');
  judge(commandIds.rejectRelation, 'rejected');
  store.own(registerCommand(commandIds.takeBackVerdicts, services.log, () => takeBackVerdicts(services)));
  return store;
}

/** Gives back what was copied, for key bindings and tests. */
async function copy(text: string): Promise<string> {
  if (text !== '') await vscode.env.clipboard.writeText(text);
  return text;
}

/** As SQL writes it; a database by its path. */
function nameOf(node: TreeNode): string | undefined {
  switch (node.kind) {
    case 'database':
      return node.database;
    case 'table':
      return quoteIdentifier(node.table.name);
    case 'column':
      return `${quoteIdentifier(node.table.name)}.${quoteIdentifier(node.column.name)}`;
    case 'index':
      return quoteIdentifier(node.index.name);
    case 'trigger':
      return quoteIdentifier(node.trigger.name);
    case 'relation':
      return node.relation.id;
    case 'group':
    case 'problem':
    case 'failure':
    case 'note':
      return undefined;
  }
}

function ddlOf(node: TreeNode): string | undefined {
  if (node.kind === 'trigger') return `${node.trigger.ddl};`;
  // What made it stands in the statement of the table.
  if (node.kind === 'index' && node.index.ddl !== undefined) return `${node.index.ddl};`;
  if (!('table' in node) || !node.table) return undefined;
  return `${node.table.ddl};`;
}

function showRows({ results }: Services, database: string, table: string): Promise<void> {
  return results.show({ database, sql: `SELECT * FROM ${quoteIdentifier(table)} LIMIT ${topRows}`, title: table });
}

/** Written into the workspace's `.joinery/relations.json`, where it can be reviewed and taken back. */
async function judgeRelation(services: Services, given: unknown, verdict: 'confirmed' | 'rejected'): Promise<void> {
  const argument = asRelation(given);
  if (!argument) return;
  const opened = await services.schemas.open(argument.database);
  const relation = opened.knowledge.relations.find(({ id }) => id === argument.relation);
  if (!relation) throw new JoineryError('join.gone', { relation: argument.relation });
  await opened.setRelation(relation, verdict);
  // It is gone from everywhere but the file: the way back is shown where it went.
  if (verdict === 'rejected')
    offerUndo(services, argument.database, relation.id).catch((error: unknown) => void reportError(error, services.log));
}

async function offerUndo({ schemas }: Services, database: string, id: string): Promise<void> {
  const undo = vscode.l10n.t('Undo');
  const answer = await vscode.window.showInformationMessage(vscode.l10n.t('{0} is rejected.', id), undo);
  if (answer === undo) await (await schemas.open(database)).forgetVerdicts([id]);
}
