/** The words of faults and of what mends them. SQLite's own messages are shown as they are, in the language that documents them. */
import * as vscode from 'vscode';
import { type Fault } from '../../../core/language/checkScript.js';
import { type FaultFix } from '../../../core/language/fixFault.js';

export function faultMessage({ kind, message, name }: Fault): string {
  if (kind !== 'doubleQuoted') return message;
  return vscode.l10n.t('No column is called "{0}": SQLite takes the double quotes for a text.', name ?? '');
}

export function fixTitle({ kind, argument }: FaultFix): string {
  switch (kind) {
    case 'replace':
      return vscode.l10n.t('Change to {0}', argument);
    case 'join':
      return vscode.l10n.t('Join {0}', argument);
    case 'qualify':
      return vscode.l10n.t('Take it from {0}', argument);
    case 'singleQuotes':
      return vscode.l10n.t('Use single quotes for the text');
    case 'quoteName':
      return vscode.l10n.t('Write {0} as a name', argument);
    case 'semicolon':
      return vscode.l10n.t('End the statement above with a semicolon');
    case 'removeComma':
      return vscode.l10n.t('Remove the comma');
  }
}
