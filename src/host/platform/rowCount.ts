/** How many rows, in words, so that one of them is not "1 rows". */
import * as vscode from 'vscode';

/** `isMore` when they are the first of an unknown number. */
export function rowCount(rows: number, isMore = false): string {
  if (rows === 1 && !isMore) return vscode.l10n.t('1 row');
  return vscode.l10n.t('{0} rows', `${rows.toLocaleString(vscode.env.language)}${isMore ? '+' : ''}`);
}
