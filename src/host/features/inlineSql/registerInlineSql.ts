/**
 * Ghost text: a question typed as a comment is answered on the line below, a begun statement is completed. Silent in every case
 * of doubt (several cursors, a selection, text behind the cursor, no clear database); the status bar says why.
 */
import * as vscode from 'vscode';
import { isCancelled } from '../../../core/shared/errors.js';
import { DisposableStore, type Disposable } from '../../../core/shared/disposable.js';
import { commandIds } from '../../platform/generatedIds.js';
import { registerCommand } from '../../platform/registerCommand.js';
import { languageIds } from '../../services/documentLanguage.js';
import { type Services } from '../../services/services.js';
import { acceptedArgument } from './acceptedArgument.js';
import { InlineProvider } from './inlineProvider.js';

export function registerInlineSql(services: Services): Disposable {
  const store = new DisposableStore();
  const provider = new InlineProvider(services);
  const selector = languageIds.map((language) => ({ language }));
  store.own(
    vscode.languages.registerInlineCompletionItemProvider(selector, {
      async provideInlineCompletionItems(document, position, context, token) {
        try {
          return await provider.provide({ document, position, isAutomatic: context.triggerKind === vscode.InlineCompletionTriggerKind.Automatic, token }); // prettier-ignore
        } catch (error) {
          // Ghost text never interrupts with a message: the status bar has the reason, the log the details.
          if (!isCancelled(error)) services.log.log('warn', 'inline', 'no suggestion', error);
          return [];
        }
      },
    }),
  );
  store.own(
    registerCommand(commandIds.accepted, services.log, async (argument) => {
      const pair = acceptedArgument(argument);
      if (!pair) return;
      const document = vscode.window.activeTextEditor?.document;
      if (document) services.taken.add(document.uri, pair);
      await services.pairs.accept(pair);
    }),
  );
  return store;
}
