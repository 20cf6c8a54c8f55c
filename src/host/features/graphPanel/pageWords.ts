/** The words of the graph page in the reader's language. */
import * as vscode from 'vscode';
import { type GraphWords, graphWords } from '../../../core/presentation/graphWords.js';
import { graphSentences } from '../../../engine/words/graphSentences.js';

export function graphPageWords(): GraphWords {
  return Object.fromEntries(graphWords.map((word) => [word, vscode.l10n.t(graphSentences[word])])) as GraphWords;
}
