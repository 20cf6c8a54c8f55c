/** The input of a question: what is typed, or one of the earlier ones. */
import * as vscode from 'vscode';
import { DisposableStore } from '../../../core/shared/disposable.js';

/** `draft` is the beginning of the question that is there already. Undefined when the user left. */
export function readQuestion(history: readonly string[], database: string, draft = ''): Promise<string | undefined> {
  const store = new DisposableStore();
  const input = store.own(vscode.window.createQuickPick());
  input.title = vscode.l10n.t('Ask {0}', database);
  input.placeholder = vscode.l10n.t('top 5 customers by revenue in 2012');
  input.ignoreFocusOut = true;
  input.value = draft;
  const fill = (): void => {
    const typed = input.value.trim();
    const earlier = history.filter((question) => question !== typed).map((label) => ({ label, iconPath: new vscode.ThemeIcon('history') }));
    const own = typed === '' ? [] : [{ label: typed, alwaysShow: true, iconPath: new vscode.ThemeIcon('comment-discussion') }];
    input.items = [...own, ...earlier];
  };
  fill();
  return new Promise((resolve) => {
    const end = (question: string | undefined): void => {
      store.dispose();
      resolve(question);
    };
    store.own(input.onDidChangeValue(fill));
    store.own(input.onDidAccept(() => end(input.activeItems[0]?.label ?? (input.value.trim() || undefined))));
    store.own(input.onDidHide(() => end(undefined)));
    input.show();
  });
}
