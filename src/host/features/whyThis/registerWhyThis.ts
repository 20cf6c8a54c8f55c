/**
 * The answers to a question side by side with their rows, why the first of them was chosen, and what any statement does. Shows what was
 * answered in this session; it asks the model only when there is no such answer and the user wants one.
 */
import * as vscode from 'vscode';
import { explainSql } from '../../../core/nl2sql/explainSql.js';
import { readJoins } from '../../../core/nl2sql/readJoins.js';
import { DisposableStore, type Disposable } from '../../../core/shared/disposable.js';
import { JoineryError } from '../../../core/shared/errors.js';
import { formatSql } from '../../../core/presentation/formatSql.js';
import { type AnswersPage } from '../../../protocol/answersPage.js';
import { commandIds } from '../../platform/generatedIds.js';
import { registerCommand } from '../../platform/registerCommand.js';
import { readSetting } from '../../platform/settings.js';
import { requireDatabase } from '../../services/databasePicker.js';
import { meantStatement, type MeantStatement } from '../../services/meantStatement.js';
import { type RecentAnswer } from '../../services/recentAnswers.js';
import { requireTrust } from '../../services/requireTrust.js';
import { type Services } from '../../services/services.js';
import { answersContent, explanationContent } from './answersContent.js';
import { AnswersPanel } from './answersPanel.js';
import { useAnswer } from './useAnswer.js';

export function registerWhyThis(services: Services): Disposable {
  const store = new DisposableStore();
  const panel = store.own(new AnswersPanel(services.context.extensionUri));
  const show = (focus: AnswersPage['focus']) => (given: unknown) => showAnswers(services, panel, focus, given);
  store.own(registerCommand(commandIds.compareAnswers, services.log, show('answers')));
  store.own(registerCommand(commandIds.whyThis, services.log, show('reasons')));
  store.own(registerCommand(commandIds.explainSql, services.log, () => explain(services, panel)));
  return store;
}

async function showAnswers(services: Services, panel: AnswersPanel, focus: AnswersPage['focus'], given: unknown): Promise<void> {
  requireTrust();
  const editor = vscode.window.activeTextEditor;
  const statement = editor && meantStatement(editor.document, editor.selection);
  const recent = givenAnswer(services, given) ?? (await answerFor(services, editor, statement));
  if (!recent) return;
  const label = services.databases.labelOf(recent.database);
  panel.show(answersContent(recent, label, focus), (request) => {
    useAnswer(services, { ...request, recent, ...(editor ? { document: editor.document } : {}) });
  });
}

/** Given by the list of answers: question and database. */
function givenAnswer({ asker }: Services, given: unknown): RecentAnswer | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const { question, database } = given as Readonly<Record<string, unknown>>;
  return typeof question === 'string' && typeof database === 'string' ? asker.recent.find({ question, database }) : undefined;
}

/** That of the statement, else that of its question, else the question is asked; without either the last answer of all. */
async function answerFor(
  services: Services,
  editor: vscode.TextEditor | undefined,
  statement: MeantStatement | undefined,
): Promise<RecentAnswer | undefined> {
  const { recent } = services.asker;
  const question = statement?.comment?.question;
  const known = (statement && recent.find({ sql: statement.sql })) ?? (question === undefined ? undefined : recent.find({ question }));
  if (known) return known;
  if (!editor || question === undefined) {
    const last = recent.find({});
    if (!last) throw new JoineryError('ask.empty');
    return last;
  }
  const database = await requireDatabase(services.databases, editor.document, editor.selection.active.line);
  if (database === undefined) return undefined;
  const options = { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Joinery: {0}', question), cancellable: true };
  const asked = { question, database, candidates: readSetting('candidates'), priority: 'interactive' as const, deadlineMs: 0 };
  const outcome = await vscode.window.withProgress(options, (_, token) => services.asker.ask(asked, token));
  if (outcome.kind === 'refusal') throw new JoineryError(outcome.code, outcome.details);
  return { question, database, answer: outcome };
}

/** Derived from the statement and the schema alone: no model, and nothing is run. */
async function explain(services: Services, panel: AnswersPanel): Promise<void> {
  requireTrust();
  const editor = vscode.window.activeTextEditor;
  const statement = editor && meantStatement(editor.document, editor.selection);
  if (!editor || !statement) throw new JoineryError('sql.empty');
  const database = await requireDatabase(services.databases, editor.document, editor.selection.active.line);
  if (database === undefined) return;
  const { knowledge } = await (await services.engines.get()).catalogue.open(database);
  const reading = readJoins(statement.sql, knowledge.schema, knowledge.relations);
  const sql = formatSql(statement.sql);
  const page = explanationContent({ sql, explanation: explainSql(statement.sql), ...reading }, services.databases.labelOf(database));
  panel.show(page, ({ kind }) => {
    const run = kind === 'run' ? services.results.show({ database, sql: statement.sql }) : vscode.env.clipboard.writeText(sql);
    Promise.resolve(run).catch((error: unknown) => services.log.log('warn', 'host', 'the statement was not shown', error));
  });
}
