/** An answer as Markdown for the chat: the statement, what was checked, the first rows. Values stay inside code, where Markdown means nothing. */
import * as vscode from 'vscode';
import { type AskAnswer } from '../../../engine/ask/types.js';
import { quotedValue } from '../../../engine/agents/quotedRows.js';
import { rowCount } from '../../platform/rowCount.js';

const shownRows = 10;
const shownCharacters = 60;

export function answerMarkdown({ sql, result, evidence }: AskAnswer, explanation: string): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendCodeblock(sql, 'sql');
  const votes = evidence.candidates > 1 ? `, ${vscode.l10n.t('{0} of {1} candidates agree', evidence.votes, evidence.candidates)}` : '';
  text.appendText(
    `${vscode.l10n.t('Verified on the database: {0}', rowCount(evidence.rows, evidence.rowsTruncated))}${votes}. ${explanation}`,
  );
  const lines = [result.columns, ...result.rows.slice(0, shownRows)].map((row) =>
    row.map((value) => quotedValue(value, shownCharacters)).join('  '),
  );
  text.appendCodeblock(lines.join('\n'), 'text');
  return text;
}
