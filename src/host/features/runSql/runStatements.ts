/**
 * Runs statements one after the other and has their results shown; the first that fails ends it. A statement that would write is not run:
 * the preview on a copy is offered instead.
 */
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { type CancellationToken } from '../../../core/shared/cancellation.js';
import { isCancelled, isJoineryError, JoineryError } from '../../../core/shared/errors.js';
import { couldWrite, unknownVerb } from '../../../core/sql/checkWriting.js';
import { readingPragma } from '../../../core/sql/readingPragma.js';
import { scriptStatements } from '../../../core/sql/scriptStatements.js';
import { commandIds } from '../../platform/generatedIds.js';
import { askParameters } from '../../services/askParameters.js';
import { type Services } from '../../services/services.js';
import { type SqlRequest } from '../../services/sqlRequest.js';
import { type PastRun, type RunHistory } from './runHistory.js';
import { showSlowProgress } from './showSlowProgress.js';

/** Statements of one script that are run without asking: each opens a result. */
const mostUnasked = 20;

/** Throws the `file.*` errors, and `sql.syntax` for what is no statement at all; what else is wrong with a statement is said by the tab of its result. */
export async function runStatements(services: Services, history: RunHistory, { database, sql }: SqlRequest): Promise<void> {
  const statements = scriptStatements(sql).map(({ text }) => text);
  const unknown = statements.map(unknownVerb).find((word) => word !== undefined);
  if (unknown !== undefined) throw new JoineryError('sql.syntax', { message: `near "${unknown}": syntax error` });
  const reading = statements.map((statement) => readingPragma(statement) ?? statement);
  if (reading.some(couldWrite)) return offerPreview({ database, sql });
  if (statements.length > mostUnasked && !(await confirmMany(statements.length))) return;
  // Results of one script stand beside each other until the next run.
  const group = randomUUID();
  for (const [at, statement] of statements.entries()) {
    const parameters = await askParameters(statement, services.context.workspaceState);
    if (parameters === undefined) return;
    const request = { database, sql: reading[at] ?? statement, parameters, group };
    const title = statements.length > 1 ? { title: `${at + 1}/${statements.length} ${firstLine(statement)}` } : {};
    const label = vscode.l10n.t('Joinery: running on {0}', services.databases.labelOf(database));
    const hasRun = await remembered(history, { sql: statement, database }, () =>
      showSlowProgress(label, (token) => untilCancelled(services.results.show({ ...request, ...title, token }), token)),
    );
    if (!hasRun) return;
  }
}

export function firstLine(sql: string): string {
  return sql.replace(/\s+/g, ' ').slice(0, 80);
}

async function offerPreview(request: SqlRequest): Promise<void> {
  const preview = vscode.l10n.t('Preview on a Copy');
  const message = vscode.l10n.t('This would change the database; running only reads. Try it on a copy first?');
  const pressed = await vscode.window.showWarningMessage(message, preview);
  if (pressed === preview) await vscode.commands.executeCommand(commandIds.previewWrite, request);
}

async function confirmMany(count: number): Promise<boolean> {
  const run = vscode.l10n.t('Run All');
  const message = vscode.l10n.t('Run {0} statements, each with a result of its own?', count);
  return (await vscode.window.showInformationMessage(message, { modal: true }, run)) === run;
}

/** False when the statement failed. Failed and cancelled runs are remembered, too: they are what one wants to correct. */
async function remembered(history: RunHistory, run: Pick<PastRun, 'sql' | 'database'>, work: () => Promise<void>): Promise<boolean> {
  const started = performance.now();
  const remember = (outcome: PastRun['outcome']): Promise<void> =>
    history.add({ ...run, at: Date.now(), elapsedMs: Math.round(performance.now() - started), outcome });
  try {
    await work();
  } catch (error) {
    await remember(isCancelled(error) ? 'cancelled' : 'failed');
    if (isCancelled(error) || (isJoineryError(error) && error.code.startsWith('sql.'))) return false;
    throw error;
  }
  await remember('ran');
  return true;
}

/** The viewer may take a while to notice; the user need not wait for that. */
async function untilCancelled(work: Promise<void>, token: CancellationToken): Promise<void> {
  let stop = (): void => undefined;
  const cancelled = new Promise<never>((_, reject) => {
    const link = token.onCancellationRequested(() => reject(new JoineryError('cancelled')));
    stop = () => link.dispose();
  });
  try {
    await Promise.race([work, cancelled]);
  } finally {
    stop();
  }
}
