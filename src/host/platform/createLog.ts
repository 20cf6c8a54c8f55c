/** The extension's log: one output channel. Rows and prompts reach it at trace level only, which the callers keep to. */
import * as vscode from 'vscode';
import { type Logger } from '../../core/shared/logger.js';

export interface ChannelLogger extends Logger, vscode.Disposable {
  show(): void;
}

export function createLog(): ChannelLogger {
  const channel = vscode.window.createOutputChannel('Joinery', { log: true });
  return {
    log(level, tag, message, error) {
      const text = `[${tag}] ${message}`;
      const rest = error === undefined ? [] : [error instanceof Error ? (error.stack ?? error.message) : error];
      channel[level](text, ...rest);
    },
    show: () => channel.show(true),
    dispose: () => channel.dispose(),
  };
}
