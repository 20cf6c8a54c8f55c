/**
 * When a SQL file is saved, statements that the user wrote on after taking them are kept as edited pairs: those that SQLite still
 * accepts and that only read. What was taken is kept beside them, for it is what the model should not have said.
 */
import * as vscode from 'vscode';
import { answeredQuestions, editedStatements } from '../../../core/presentation/answeredQuestions.js';
import { isJoineryError } from '../../../core/shared/errors.js';
import { type Disposable } from '../../../core/shared/disposable.js';
import { documentLanguage } from '../../services/documentLanguage.js';
import { type Services } from '../../services/services.js';

export function registerEditedPairs(services: Services): Disposable {
  return vscode.workspace.onDidSaveTextDocument((document) => {
    keepEdited(services, document).catch((error: unknown) => services.log.log('warn', 'host', 'edited statements were not kept', error));
  });
}

async function keepEdited(services: Services, document: vscode.TextDocument): Promise<void> {
  const taken = services.taken.of(document.uri);
  if (taken.length === 0 || !services.pairs.hasConsent || documentLanguage(document.languageId)?.kind !== 'sql') return;
  for (const { question, sql } of editedStatements(answeredQuestions(document.getText()), taken)) {
    const pair = taken.find((candidate) => candidate.question === question);
    if (!pair || !(await isGood(services, pair.database, sql))) continue;
    const edited = { ...pair, sql, kind: 'edited' as const, answered: pair.answered ?? pair.sql };
    services.taken.add(document.uri, edited);
    await services.pairs.accept(edited);
  }
}

/** SQLite is the judge; a half-written statement is no example. */
async function isGood({ engines }: Services, path: string, sql: string): Promise<boolean> {
  try {
    const { database } = await (await engines.get()).catalogue.open(path);
    await database.prepare(sql);
    return true;
  } catch (error) {
    if (isJoineryError(error)) return false;
    throw error;
  }
}
