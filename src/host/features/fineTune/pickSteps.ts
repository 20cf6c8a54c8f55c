/** Quick picks one after the other, with a way back. Knows nothing of what is chosen. */
import * as vscode from 'vscode';

export interface PickStep<Item extends vscode.QuickPickItem> {
  readonly title: string;
  readonly placeholder: string;
  readonly items: readonly Item[];
  /** Chosen from the start. */
  readonly picked: readonly Item[];
  readonly many: boolean;
  /** From 1. */
  readonly step: number;
  readonly steps: number;
}

/** What was chosen, at least one; `back` for the step before, undefined when the user gave up. */
export function pick<Item extends vscode.QuickPickItem>(wanted: PickStep<Item>): Promise<readonly Item[] | 'back' | undefined> {
  return new Promise((resolve) => {
    const box = vscode.window.createQuickPick<Item>();
    Object.assign(box, { title: wanted.title, placeholder: wanted.placeholder, step: wanted.step, totalSteps: wanted.steps });
    box.canSelectMany = wanted.many;
    box.matchOnDescription = true;
    box.ignoreFocusOut = true;
    box.items = wanted.items;
    if (wanted.many) box.selectedItems = wanted.picked;
    else box.activeItems = wanted.picked;
    if (wanted.step > 1) box.buttons = [vscode.QuickInputButtons.Back];
    const end = (value: readonly Item[] | 'back' | undefined): void => {
      resolve(value);
      box.dispose();
    };
    box.onDidAccept(() => {
      if (box.selectedItems.length > 0) end([...box.selectedItems]);
    });
    box.onDidTriggerButton(() => end('back'));
    // After the others, which dispose the box themselves; the first answer counts.
    box.onDidHide(() => end(undefined));
    box.show();
  });
}
