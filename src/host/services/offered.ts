/** What the extension offers to other extensions, and to tests, beside its commands. Features fill it in when they are registered. */
import type * as vscode from 'vscode';

export interface Offered {
  /** Answers a turn of `@joinery` as the chat asks for it. */
  chat?: vscode.ChatRequestHandler;
}
