/** The guard of everything that asks or runs SQL; hiding commands is not enough, for they can be called by id. */
import * as vscode from 'vscode';
import { JoineryError } from '../../core/shared/errors.js';

/** Throws `ask.untrusted`. */
export function requireTrust(): void {
  if (!vscode.workspace.isTrusted) throw new JoineryError('ask.untrusted');
}
