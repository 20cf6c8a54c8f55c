/**
 * The view of kept questions and their SQL: it lists, opens and deletes, and switches the keeping on and off. What is kept when is the
 * service's affair.
 */
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../../core/shared/disposable.js';
import { type AcceptedPair } from '../../../engine/ask/pairsStore.js';
import { commandIds } from '../../platform/generatedIds.js';
import { registerCommand } from '../../platform/registerCommand.js';
import { writeWorkspaceSetting } from '../../platform/settings.js';
import { type Services } from '../../services/services.js';
import { registerEditedPairs } from './editedPairs.js';
import { type PairsNode, PairsTree } from './pairsTree.js';

export function registerPairs(services: Services): Disposable {
  const { pairs, log } = services;
  const store = new DisposableStore();
  const tree = store.own(new PairsTree(services));
  store.own(pairs.onChanged(() => tree.refresh()));
  store.own(vscode.window.createTreeView('joinery.pairs', { treeDataProvider: tree, canSelectMany: true, showCollapseAll: true }));
  store.own(registerCommand(commandIds.openPair, log, openPair));
  store.own(registerCommand(commandIds.deletePairs, log, (node, selected) => deletePairs(services, node, selected)));
  store.own(registerCommand(commandIds.keepPairs, log, () => writeWorkspaceSetting('keepAcceptedPairs', true)));
  store.own(registerCommand(commandIds.stopKeepingPairs, log, () => stopKeeping(services)));
  store.own(registerEditedPairs(services));
  return store;
}

/** The pairs that a node of the tree, or whatever else was given, stands for. */
function pairsOf(node: unknown): readonly AcceptedPair[] {
  if (typeof node !== 'object' || node === null || !('kind' in node)) return [];
  const known = node as PairsNode;
  return known.kind === 'database' ? known.pairs : [known.pair];
}

async function openPair(node: unknown): Promise<void> {
  const [pair] = pairsOf(node);
  if (!pair) return;
  const content = `-- @db ${pair.database}\n\n-- ${pair.question}\n${pair.sql.trimEnd().replace(/;$/, '')};\n`;
  const document = await vscode.workspace.openTextDocument({ language: 'sql', content });
  await vscode.window.showTextDocument(document, { preview: true });
}

/** Without a node all of them, after a question; nothing else is ever deleted unasked. */
async function deletePairs({ pairs }: Services, node: unknown, selected: unknown): Promise<void> {
  const nodes: readonly unknown[] = Array.isArray(selected) && selected.length > 0 ? selected : node === undefined ? [] : [node];
  const wanted = nodes.length === 0 ? await pairs.list() : nodes.flatMap(pairsOf);
  if (wanted.length === 0) return;
  if (wanted.length > 1) {
    const sure = vscode.l10n.t('Delete');
    const question = vscode.l10n.t('Delete {0} kept questions and their SQL?', wanted.length);
    if ((await vscode.window.showWarningMessage(question, { modal: true }, sure)) !== sure) return;
  }
  await pairs.remove(wanted);
}

/** Taking the consent back keeps what is there unless the user wants it gone. */
async function stopKeeping({ pairs, log }: Services): Promise<void> {
  await writeWorkspaceSetting('keepAcceptedPairs', false);
  const kept = await pairs.list();
  if (kept.length === 0) return;
  const gone = vscode.l10n.t('Delete Them');
  // Not awaited: the command is done, whatever becomes of the message.
  const still =
    kept.length === 1
      ? vscode.l10n.t('Nothing more is kept. 1 question is still there.')
      : vscode.l10n.t('Nothing more is kept. {0} questions are still there.', kept.length);
  void vscode.window.showInformationMessage(still, gone).then(
    (pressed) => (pressed === gone ? pairs.remove(kept) : undefined),
    (error: unknown) => log.log('warn', 'host', 'the kept pairs were not deleted', error),
  );
}
