/** The only place that shows errors: one sentence with its next step and at most one button. Cancelling is not an error. */
import * as vscode from 'vscode';
import { isCancelled, isJoineryError } from '../../core/shared/errors.js';
import { type Logger } from '../../core/shared/logger.js';
import { errorActions } from './errorWords.js';
import { describeThrown } from './words.js';

export async function reportError(error: unknown, log: Logger): Promise<void> {
  if (isCancelled(error)) return;
  log.log(isJoineryError(error) ? 'warn' : 'error', 'host', isJoineryError(error) ? error.message : 'unexpected', error);
  const { code, sentence, next } = describeThrown(error);
  const action = errorActions[code];
  const buttons = action ? [vscode.l10n.t(action.title)] : [];
  const pressed = await vscode.window.showWarningMessage(`${sentence} ${next}`, ...buttons);
  if (action && pressed !== undefined) await vscode.commands.executeCommand(action.command);
}
