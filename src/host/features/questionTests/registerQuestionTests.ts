/** `*.joinery.yaml` files in the Test Explorer: found, kept up to date, run, and their answers accepted as expected. */
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../../core/shared/disposable.js';
import { JoineryError } from '../../../core/shared/errors.js';
import { commandIds } from '../../platform/generatedIds.js';
import { registerCommand } from '../../platform/registerCommand.js';
import { type Services } from '../../services/services.js';
import { QuestionTestTree } from './questionTestTree.js';
import { QuestionTestRunner } from './questionTestRunner.js';

const pattern = '**/*.joinery.yaml';

export function registerQuestionTests(services: Services): Disposable {
  const store = new DisposableStore();
  const controller = store.own(vscode.tests.createTestController('joinery.questions', vscode.l10n.t('Joinery Questions')));
  const tree = new QuestionTestTree(controller);
  const runner = new QuestionTestRunner(services, controller, tree);
  const guarded = (work: Promise<unknown>): void =>
    void work.catch((error: unknown) => services.log.log('warn', 'tests', 'a question file', error));
  controller.resolveHandler = async (item) => {
    if (item) await tree.read(item);
    else await tree.discover(pattern);
  };
  controller.refreshHandler = () => tree.discover(pattern);
  const profile = controller.createRunProfile(
    vscode.l10n.t('Ask'),
    vscode.TestRunProfileKind.Run,
    (request, token) => runner.run(request, token),
    true,
  );
  store.own(profile);
  const watcher = store.own(vscode.workspace.createFileSystemWatcher(pattern));
  store.own(watcher.onDidCreate((uri) => guarded(tree.update(uri))));
  store.own(watcher.onDidChange((uri) => guarded(tree.update(uri))));
  store.own(watcher.onDidDelete((uri) => tree.remove(uri)));
  // A file that is open shows its questions while they are written.
  const opened = ({ uri, fileName }: vscode.TextDocument): void => {
    if (fileName.endsWith('.joinery.yaml')) guarded(tree.update(uri));
  };
  store.own(vscode.workspace.onDidOpenTextDocument(opened));
  store.own(
    registerCommand(commandIds.acceptAsExpected, services.log, async (given) => {
      const id = testIdOf(given);
      if (id === undefined) throw new JoineryError('config.invalid', { detail: 'no test was given' });
      await runner.accept(id);
    }),
  );
  return store;
}

/** The tree gives the test, a message gives itself with its test; key bindings and other programs give the id. */
function testIdOf(given: unknown): string | undefined {
  if (typeof given === 'string') return given;
  if (typeof given !== 'object' || given === null) return undefined;
  const test: unknown = 'test' in given ? given.test : given;
  const id: unknown = typeof test === 'object' && test !== null && 'id' in test ? test.id : undefined;
  return typeof id === 'string' ? id : undefined;
}
