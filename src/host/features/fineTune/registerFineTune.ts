/**
 * `Joinery: Fine-Tune on My Databases…` with its page, its view and its commands. Nothing is loaded before it is used, except that a run which
 * an earlier life of the window left is found again.
 */
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../../core/shared/disposable.js';
import { JoineryError } from '../../../core/shared/errors.js';
import { type TrainingChoices } from '../../../engine/training/trainingRecipe.js';
import { type FromTrainingPage, type RunStatus } from '../../../protocol/trainingPage.js';
import { commandIds } from '../../platform/generatedIds.js';
import { registerCommand } from '../../platform/registerCommand.js';
import { reportError } from '../../platform/reportError.js';
import { describeThrown } from '../../platform/words.js';
import { type Services } from '../../services/services.js';
import { AdaptersTree } from './adaptersTree.js';
import { chooseTraining } from './chooseTraining.js';
import { gainText } from './fineTuneWords.js';
import { trainingArgument } from './trainingArgument.js';
import { TrainingController } from './trainingController.js';
import { TrainingPanel, trainingViewType } from './trainingPanel.js';
import { trainingState } from './trainingState.js';

/** For the `when` clauses of commands. */
const statusContext = 'joinery.trainingStatus';
const acceptContext = 'joinery.canAcceptAdapter';
const rollBackContext = 'joinery.canRollBackAdapter';

export function registerFineTune(services: Services): Disposable {
  const store = new DisposableStore();
  const controller = store.own(new TrainingController(services));
  const tree = store.own(new AdaptersTree(controller.adapters, services.databases));
  const panel = store.own(
    new TrainingPanel({
      extensionUri: services.context.extensionUri,
      state: () => trainingState(controller, (database) => services.databases.labelOf(database)),
      act: (message) => void run(services, () => act(services, controller, message)),
    }),
  );
  const refresh = (): void => {
    panel.refresh();
    void showContexts(controller);
  };
  store.own(controller.onChanged(refresh));
  store.own(services.adapters.onChanged(() => (tree.refresh(), refresh())));
  store.own(services.adapters.onRefused((fault) => void tellRefused(services, fault)));
  store.own(controller.onEnded((status) => void tellEnd(services, controller, status)));
  store.own(vscode.window.createTreeView('joinery.adapters', { treeDataProvider: tree }));
  for (const command of commandsOf(services, controller, panel)) store.own(command);
  store.own(
    vscode.window.registerWebviewPanelSerializer(trainingViewType, {
      deserializeWebviewPanel: async (restored) => {
        await panel.adopt(restored);
        await run(services, () => attach(controller));
      },
    }),
  );
  refresh();
  // Nothing of a run is looked at before the workspace is trusted: its record names programs.
  if (vscode.workspace.isTrusted) void run(services, () => controller.attachUntold());
  return store;
}

/** Buttons of the page that are commands, too. */
const buttons = [
  [commandIds.pauseTraining, 'pause'],
  [commandIds.resumeTraining, 'resume'],
  [commandIds.cancelTraining, 'cancel'],
  [commandIds.acceptAdapter, 'accept'],
  [commandIds.rollBackAdapter, 'rollBack'],
] as const;

function commandsOf(services: Services, controller: TrainingController, panel: TrainingPanel): readonly vscode.Disposable[] {
  const { log } = services;
  const idOf = (node: unknown): string => (typeof node === 'object' && node !== null && 'id' in node ? String(node.id) : '');
  return [
    registerCommand(commandIds.fineTune, log, (given) => fineTune(services, controller, panel, given)),
    registerCommand(commandIds.showTraining, log, async () => (await panel.show(), attach(controller))),
    ...buttons.map(([id, type]) => registerCommand(id, log, () => act(services, controller, { type }))),
    registerCommand(commandIds.useAdapter, log, (node) => act(services, controller, { type: 'use', id: idOf(node) })),
    registerCommand(commandIds.deleteAdapter, log, (node) => deleteAdapter(controller, idOf(node))),
  ];
}

/** Commands can be called by id from anywhere. */
function requireTrusted(): void {
  if (!vscode.workspace.isTrusted) throw new JoineryError('training.untrusted', {});
}

/** `given` are choices instead of questions, for keybindings and tests. */
async function fineTune(services: Services, controller: TrainingController, panel: TrainingPanel, given: unknown): Promise<void> {
  requireTrusted();
  await controller.attach();
  if (['preparing', 'running', 'stopping'].includes(controller.status ?? '')) {
    await panel.show();
    throw new JoineryError('training.busy', {});
  }
  const wanted = trainingArgument(given);
  if (!wanted && controller.hasUnfinished && !(await confirmDrop())) return;
  const choices: TrainingChoices | undefined = wanted ?? (await chooseTraining(services));
  if (!choices) return;
  await panel.show();
  const options = { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Preparing the training'), cancellable: true };
  await vscode.window.withProgress(options, (progress, token) =>
    controller.start(choices, (message) => progress.report({ message }), token),
  );
}

async function confirmDrop(): Promise<boolean> {
  const sure = vscode.l10n.t('Start a New Run');
  const question = vscode.l10n.t('The last run could go on, or its model be accepted. A new run drops it. Start one all the same?');
  return (await vscode.window.showWarningMessage(question, { modal: true }, sure)) === sure;
}

async function act(
  services: Services,
  controller: TrainingController,
  message: Exclude<FromTrainingPage, { type: 'ready' }>,
): Promise<void> {
  switch (message.type) {
    case 'start':
      await vscode.commands.executeCommand(commandIds.fineTune);
      return;
    case 'pause':
      return controller.pause();
    case 'cancel':
      return controller.cancel();
    case 'resume':
      requireTrusted();
      return controller.resume();
    case 'accept':
      requireTrusted();
      return controller.accept();
    case 'use':
      requireTrusted();
      return controller.adapters.use(message.id ?? '');
    case 'rollBack':
      return controller.adapters.rollBack();
    case 'showLog':
      return showLog(services, controller);
  }
}

/** The trainer's own log, or the extension's while there is none. */
async function showLog({ log }: Services, { run: training }: TrainingController): Promise<void> {
  const file = training && vscode.Uri.file(training.logFile);
  const isThere = file && (await vscode.workspace.fs.stat(file).then(() => true, () => false)); // prettier-ignore
  if (isThere) await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(file), { preview: true });
  else log.show();
}

async function attach(controller: TrainingController): Promise<void> {
  if (vscode.workspace.isTrusted) await controller.attach();
}

async function deleteAdapter({ adapters }: TrainingController, id: string): Promise<void> {
  if (!adapters.shelf.adapters.some((adapter) => adapter.id === id)) return;
  const sure = vscode.l10n.t('Delete');
  const question = vscode.l10n.t('Delete this adapter and its file?');
  if ((await vscode.window.showWarningMessage(question, { modal: true }, sure)) === sure) await adapters.remove(id);
}

/** Said once, with the next step as a button. */
async function tellEnd(services: Services, controller: TrainingController, status: RunStatus): Promise<void> {
  if (status === 'cancelled') return;
  const { score } = controller;
  const show = vscode.l10n.t('Show Training');
  const accept = vscode.l10n.t('Accept');
  const gain = score ? gainText(score) : '';
  const pressed = controller.canAccept
    ? await vscode.window.showInformationMessage(vscode.l10n.t('The fine-tuned model is better: {0}.', gain), accept, show)
    : await vscode.window.showInformationMessage(endText(status, gain), show);
  if (pressed === accept) await run(services, () => controller.accept());
  if (pressed === show) await vscode.commands.executeCommand(commandIds.showTraining);
}

/** An update of the product, or another base, may leave an adapter behind. */
async function tellRefused(services: Services, fault: JoineryError): Promise<void> {
  const show = vscode.l10n.t('Show Training');
  const { sentence } = describeThrown(fault);
  const text = vscode.l10n.t('{0} Questions are answered without an adapter of your own.', sentence);
  const pressed = await vscode.window.showWarningMessage(text, show);
  if (pressed === show) await run(services, async () => void (await vscode.commands.executeCommand(commandIds.showTraining)));
}

function endText(status: RunStatus, gain: string): string {
  if (status !== 'finished') return vscode.l10n.t('The fine-tuning has stopped before its end.');
  return gain === ''
    ? vscode.l10n.t('The fine-tuning has finished.')
    : vscode.l10n.t('The fine-tuned model is not proven better: {0}.', gain);
}

async function showContexts(controller: TrainingController): Promise<void> {
  const { status, canAccept, adapters } = controller;
  const contexts = { [statusContext]: status ?? '', [acceptContext]: canAccept, [rollBackContext]: adapters.canRollBack };
  for (const [name, value] of Object.entries(contexts)) await vscode.commands.executeCommand('setContext', name, value);
}

/** For what no command awaits. */
async function run(services: Services, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    await reportError(error, services.log);
  }
}
