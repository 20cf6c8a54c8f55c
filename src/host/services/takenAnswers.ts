/**
 * Answers that were taken into documents in this session, so that an edit of the statement can be learnt from and an edit of the
 * question can be answered anew. Remembers only; it reads no document and writes none.
 */
import type * as vscode from 'vscode';
import { type AcceptedPair } from '../../engine/ask/pairsStore.js';

/** Per document; older ones were taken long ago. */
const capacity = 50;

export class TakenAnswers {
  readonly #taken = new Map<string, readonly AcceptedPair[]>();

  /** An older answer to the same question makes way. */
  add(document: vscode.Uri, pair: AcceptedPair): void {
    const others = this.of(document).filter(({ question }) => question !== pair.question);
    this.#taken.set(document.toString(), [...others, pair].slice(-capacity));
  }

  of(document: vscode.Uri): readonly AcceptedPair[] {
    return this.#taken.get(document.toString()) ?? [];
  }

  forget(document: vscode.Uri): void {
    this.#taken.delete(document.toString());
  }
}
