/** What the buttons of the page of answers do: take an answer into its document, copy it, open it, or show all its rows. */
import * as vscode from 'vscode';
import { answeredQuestions } from '../../../core/presentation/answeredQuestions.js';
import { type AnswerAction } from '../../../protocol/answersPage.js';
import { reportError } from '../../platform/reportError.js';
import { deliver } from '../../services/deliver.js';
import { isWritable } from '../../services/documentLines.js';
import { type RecentAnswer } from '../../services/recentAnswers.js';
import { type Services } from '../../services/services.js';
import { closedStatement, replaceRange } from '../../services/writeStatement.js';

export interface PressedAction {
  readonly kind: AnswerAction;
  /** 0 is the answer itself, then its alternatives. */
  readonly answer: number;
  readonly recent: RecentAnswer;
  /** The document that was active when the page was opened. */
  readonly document?: vscode.TextDocument;
}

/** Failures are reported to the user, here as in commands. */
export function useAnswer(services: Services, pressed: PressedAction): void {
  const { recent, kind } = pressed;
  const sql = [recent.answer, ...recent.answer.alternatives][pressed.answer]?.sql;
  if (sql === undefined) return;
  const done =
    kind === 'run'
      ? services.results.show({ database: recent.database, sql, title: recent.question })
      : kind === 'insert'
        ? take(services, pressed, sql)
        : deliver({ kind, sql }, recent.question, undefined);
  Promise.resolve(done).catch((error: unknown) => void reportError(error, services.log));
}

/** In place of the statement below the question's comment; where there is none, at the cursor. */
async function take(services: Services, { recent, document }: PressedAction, sql: string): Promise<void> {
  const { question, database, answer } = recent;
  const isOpen = document?.isClosed === false && (await isWritable(document));
  const below = isOpen ? answeredQuestions(document.getText()).find((answered) => answered.question === question) : undefined;
  if (document && below) await replaceRange(document, below.statement, closedStatement(sql));
  else await deliver({ kind: 'insert', sql }, question, isOpen ? await vscode.window.showTextDocument(document) : undefined);
  const pair = { question, sql, database };
  if (document && isOpen) services.taken.add(document.uri, pair);
  await services.pairs.accept(sql === answer.sql ? { ...pair, kind: 'accepted' } : { ...pair, kind: 'corrected', answered: answer.sql });
}
