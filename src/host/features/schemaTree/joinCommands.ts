/** `Joinery: Show Join Paths`, and the link that puts a path into the SQL file. Both only write text into an editor. */
import * as vscode from 'vscode';
import { connectedComponents } from '../../../core/graph/connectedComponents.js';
import { findJoinPaths } from '../../../core/graph/findJoinPaths.js';
import { type JoinTree } from '../../../core/graph/types.js';
import { hopCardinality, originLine } from '../../../core/presentation/describeRelation.js';
import { joinClauses, selectAlong } from '../../../core/presentation/joinSql.js';
import { type JoinPathArgument } from '../../../core/presentation/tableHover.js';
import { type TreeNode } from '../../../core/presentation/schemaTree.js';
import { DisposableStore, type Disposable } from '../../../core/shared/disposable.js';
import { JoineryError } from '../../../core/shared/errors.js';
import { type OpenedDatabase } from '../../../engine/catalogue/types.js';
import { commandIds } from '../../platform/generatedIds.js';
import { registerCommand } from '../../platform/registerCommand.js';
import { sayHover } from '../../platform/words.js';
import { requireDatabase } from '../../services/databasePicker.js';
import { newSqlDocument } from '../../services/newSqlDocument.js';
import { type Services } from '../../services/services.js';
import { joinEdit } from './joinEdit.js';
import { asJoinPath, chosenNodes } from './nodeArguments.js';

/** Rows that a new statement asks for. */
const firstRows = 100;
/** Paths in the list at most. */
const listedPaths = 40;

export function registerJoinCommands(services: Services, view: vscode.TreeView<TreeNode>): Disposable {
  const store = new DisposableStore();
  store.own(
    registerCommand(commandIds.showJoinPaths, services.log, async (node, selection) => {
      const chosen = await tablesToJoin(services, chosenNodes(node, selection, view.selection));
      if (chosen) await showJoinPaths(services, chosen.database, chosen.tables);
    }),
  );
  store.own(
    registerCommand(commandIds.insertJoin, services.log, async (given) => {
      const path = asJoinPath(given);
      if (path) await insertJoin(services, path);
    }),
  );
  return store;
}

interface ChosenTables {
  readonly database: string;
  readonly tables: readonly string[];
}

/** Of the selected nodes, columns and relations stand for their tables. With fewer than two, the user is asked. */
async function tablesToJoin(services: Services, nodes: readonly TreeNode[]): Promise<ChosenTables | undefined> {
  const named = nodes.flatMap((node) => ('table' in node && node.table ? [{ database: node.database, table: node.table.name }] : []));
  const [first] = named;
  if (first && named.some(({ database }) => database !== first.database)) throw new JoineryError('join.severalDatabases');
  const tables = [...new Set(named.map(({ table }) => table))];
  if (first && tables.length > 1) return { database: first.database, tables };
  const editor = services.working.editor;
  const database = first?.database ?? (await requireDatabase(services.databases, editor?.document, editor?.selection.active.line ?? 0));
  if (database === undefined) return undefined;
  const { schema } = (await services.schemas.open(database)).knowledge;
  const items = schema.tables.map(({ name }) => ({ label: name, picked: tables.includes(name), iconPath: new vscode.ThemeIcon('table') }));
  const title = vscode.l10n.t('Tables to join');
  const picked = await vscode.window.showQuickPick(items, { title, canPickMany: true, placeHolder: vscode.l10n.t('two or more') });
  return picked && picked.length > 1 ? { database, tables: picked.map(({ label }) => label) } : undefined;
}

async function showJoinPaths(services: Services, database: string, tables: readonly string[]): Promise<void> {
  const opened = await services.schemas.open(database);
  const trees = pathsBetween(opened, tables);
  if (trees.length === 0) {
    const [from = [], ...others] = connectedComponents(opened.joinGraph, tables);
    throw new JoineryError('join.noPath', { from, to: others.flat() });
  }
  const items = trees.map((tree) => ({
    label: tree.tables.join(' → '),
    description: tree.steps.map(hopCardinality).join(', '),
    detail: joinClauses(tree).join(' '),
    tree,
  }));
  const title = vscode.l10n.t('Join paths between {0}', tables.join(', '));
  const picked = await vscode.window.showQuickPick(items, { title, matchOnDetail: true });
  if (!picked) return;
  const reasons = picked.tree.steps.flatMap(({ relation }) => (relation.origin === 'inferred' ? [`-- ${relation.id}: ${originLine(relation, sayHover)}`] : [])); // prettier-ignore
  await openSql(services, database, [...reasons, selectAlong(picked.tree, firstRows)].join('\n'));
}

/** Every path between two tables; the cheapest trees over more. */
function pathsBetween(opened: OpenedDatabase, tables: readonly string[]): readonly JoinTree[] {
  const [from, to] = tables;
  if (tables.length !== 2 || from === undefined || to === undefined) return opened.joinTrees(tables);
  return findJoinPaths(opened.joinGraph, from, to, { limit: listedPaths });
}

async function insertJoin(services: Services, argument: JoinPathArgument): Promise<void> {
  const opened = await services.schemas.open(argument.database);
  const relations = argument.relations.map((id) => {
    const relation = opened.knowledge.relations.find((other) => other.id === id);
    if (!relation) throw new JoineryError('join.gone', { relation: id });
    return relation;
  });
  const path = { root: argument.root, tables: argument.tables, relations };
  const editor = services.working.editor;
  const fits = editor && (await services.working.database()) === argument.database;
  const offset = editor?.document.offsetAt(editor.selection.active) ?? 0;
  const edit = joinEdit(fits ? editor.document.getText() : '', fits ? offset : 0, path);
  if (edit.kind === 'present') throw new JoineryError('join.present');
  if (edit.kind === 'statement' || !editor) {
    const sql = edit.kind === 'statement' ? edit.sql : edit.text;
    const inLine = editor?.document.lineAt(editor.selection.active.line);
    if (!fits || !inLine?.isEmptyOrWhitespace) return openSql(services, argument.database, sql);
    await insertAt(editor, offset, sql);
    return;
  }
  await insertAt(editor, edit.offset, edit.text);
}

async function insertAt(editor: vscode.TextEditor, offset: number, text: string): Promise<void> {
  const shown = await vscode.window.showTextDocument(editor.document, { viewColumn: editor.viewColumn ?? vscode.ViewColumn.Active });
  const at = shown.document.positionAt(offset);
  await shown.edit((edit) => edit.insert(at, text));
  const end = shown.document.positionAt(offset + text.length);
  shown.selection = new vscode.Selection(end, end);
  shown.revealRange(new vscode.Range(at, end));
}

async function openSql(services: Services, database: string, sql: string): Promise<void> {
  await vscode.window.showTextDocument(await newSqlDocument(services.databases, database, sql));
}
