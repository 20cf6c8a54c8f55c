/** The words of the results page in the reader's language. */
import * as vscode from 'vscode';
import { resultsWords, type ResultsWords } from '../../../protocol/resultsWords.js';

export function pageWords(): ResultsWords {
  const translated = Object.entries(resultsWords).map(([key, text]) => [key, vscode.l10n.t(text)]);
  return Object.fromEntries(translated) as ResultsWords;
}
