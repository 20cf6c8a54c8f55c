/** Commands go through here: only ids from package.json, failures logged and shown once. */
import * as vscode from 'vscode';
import { type Logger } from '../../core/shared/logger.js';
import { type CommandId } from './generatedIds.js';
import { reportError } from './reportError.js';

/** The handler checks its arguments: anybody may call a command with anything. */
export function registerCommand(id: CommandId, log: Logger, run: (...args: readonly unknown[]) => Promise<unknown>): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (...args: readonly unknown[]) => {
    try {
      return await run(...args);
    } catch (error) {
      // Not awaited: a command must not stay busy until somebody closes the message.
      void reportError(error, log);
      return undefined;
    }
  });
}
