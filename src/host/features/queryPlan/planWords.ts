/** What is said about the steps of a plan and about recommended indexes, in the reader's language. */
import * as vscode from 'vscode';
import { type PlanAdvice } from '../../../core/presentation/planAdvice.js';
import { type PlanNode } from '../../../core/presentation/planTree.js';

/** Behind a step, undefined when SQLite's own words say it all. */
export function stepNote({ kind, index, covering }: PlanNode): string | undefined {
  if (kind === 'scan' && index === undefined) return vscode.l10n.t('reads every row');
  if (kind === 'scan')
    return covering ? vscode.l10n.t('reads the whole index, not the table') : vscode.l10n.t('reads every row in the order of the index');
  if (kind === 'automaticIndex') return vscode.l10n.t('builds this index anew at every run');
  return kind === 'sort' ? vscode.l10n.t('sorts in memory or in a temporary file') : undefined;
}

export function adviceSentence(advice: PlanAdvice): string {
  if (advice.kind === 'wholeTable') {
    return vscode.l10n.t(
      'Every row of {0} is read: no index over the columns that the statement compares would change that.',
      advice.table,
    );
  }
  const { candidate, savesSort } = advice;
  const columns = candidate.columns.join(', ');
  return savesSort
    ? vscode.l10n.t('An index on {0}({1}) would help: rows would come from it in order, without sorting.', candidate.table, columns)
    : vscode.l10n.t('An index on {0}({1}) would help: SQLite would search it instead of reading every row.', candidate.table, columns);
}
