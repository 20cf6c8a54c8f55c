/** An answer with its alternatives and reasons in words, for the page that shows them. Pure but for the translation. */
import * as vscode from 'vscode';
import { type SqlValue } from '../../../core/schema/types.js';
import { type Evidence, type VerifiedSql } from '../../../engine/ask/types.js';
import { type AnswersPage, type PageAction, type PageAnswer, type PageCell } from '../../../protocol/answersPage.js';
import { rowCount } from '../../platform/rowCount.js';
import { explainInWords } from '../../platform/words.js';
import { type RecentAnswer } from '../../services/recentAnswers.js';
import { ownRows } from './ownRows.js';
import { reasonTables } from './reasonTables.js';

const shownRows = 50;
const longestCell = 500;

export function answersContent({ question, answer }: RecentAnswer, database: string, focus: AnswersPage['focus']): AnswersPage {
  const all: readonly VerifiedSql[] = [answer, ...answer.alternatives];
  return {
    heading: question,
    database,
    answers: all.map((verified, at) => pageAnswer(verified, all, at)),
    reasonsTitle: vscode.l10n.t('Why this SQL'),
    reasons: answer.reasons === undefined ? [] : reasonTables(answer.reasons),
    focus,
    nullText: 'NULL',
    ownRow: vscode.l10n.t('Only this answer has this row.'),
  };
}

/** A statement that nobody asked for, explained. */
export function explanationContent(
  explained: Pick<VerifiedSql, 'sql' | 'explanation'> & Pick<Evidence, 'joins' | 'fanOut'>,
  database: string,
): AnswersPage {
  // prettier-ignore
  const { sql, explanation, joins, fanOut } = explained;
  const title = vscode.l10n.t('What this statement does');
  return {
    heading: title,
    database,
    answers: [{ title: 'SQL', sql, facts: joinFacts(joins), warnings: fanOut.map(fanOutText), explanation: explainInWords(explanation), actions: [action('copy'), action('run')] }], // prettier-ignore
    reasonsTitle: '',
    reasons: [],
    focus: 'answers',
    nullText: 'NULL',
    ownRow: '',
  };
}

function pageAnswer(verified: VerifiedSql, all: readonly VerifiedSql[], at: number): PageAnswer {
  const { evidence, sql, explanation } = verified;
  return {
    title: at === 0 ? vscode.l10n.t('Answer') : vscode.l10n.t('Other answer {0}', at),
    sql,
    facts: factsOf(evidence),
    warnings: evidence.fanOut.map(fanOutText),
    explanation: explainInWords(explanation),
    result: resultOf(verified, all),
    actions: [action('insert'), action('copy'), action('open'), action('run')],
  };
}

function factsOf({ rows, rowsTruncated, runMs, votes, candidates, joins, repaired, substitutions }: Evidence): string[] {
  return [
    rowCount(rows, rowsTruncated),
    vscode.l10n.t('{0} ms', Math.round(runMs)),
    vscode.l10n.t('{0} of {1} agree', votes, candidates),
    ...joinFacts(joins),
    ...substitutions.map(({ mention, match }) =>
      vscode.l10n.t('“{0}” read as “{1}” in {2}.{3}', mention, match.value, match.table, match.column),
    ),
    ...(repaired ? [vscode.l10n.t('second try, after the first found nothing')] : []),
  ];
}

function joinFacts(joins: Evidence['joins']): string[] {
  return joins.map(({ from, to, relation }) =>
    relation.origin === 'inferred'
      ? vscode.l10n.t('{0} ⋈ {1}, a guessed relation ({2} %)', from, to, Math.round(relation.confidence * 100))
      : `${from} ⋈ ${to}`,
  );
}

function fanOutText(table: string): string {
  return vscode.l10n.t('Careful: rows of {0} are counted several times by a one-to-many join.', table);
}

function action(id: PageAction['id']): PageAction {
  switch (id) {
    case 'insert':
      return { id, label: vscode.l10n.t('Use This'), icon: 'check' };
    case 'copy':
      return { id, label: vscode.l10n.t('Copy'), icon: 'copy' };
    case 'open':
      return { id, label: vscode.l10n.t('Open in a New Editor'), icon: 'go-to-file' };
    case 'run':
      return { id, label: vscode.l10n.t('Show All Rows'), icon: 'play' };
  }
}

function resultOf({ result }: VerifiedSql, all: readonly VerifiedSql[]): NonNullable<PageAnswer['result']> {
  const rows = result.rows.slice(0, shownRows);
  const others = all.filter((other) => other.result !== result).map((other) => other.result.rows);
  return {
    columns: result.columns,
    rows: rows.map((row) => row.map(cellText)),
    note: noteOf(result.rows.length, result.truncated),
    own: ownRows(rows, others),
  };
}

function noteOf(rows: number, isTruncated: boolean): string {
  if (rows === 0) return vscode.l10n.t('No rows.');
  return rows > shownRows || isTruncated ? vscode.l10n.t('The first {0} rows.', Math.min(rows, shownRows)) : '';
}

function cellText(value: SqlValue): PageCell {
  if (value === null) return null;
  if (value instanceof Uint8Array) return vscode.l10n.t('{0} bytes', value.byteLength);
  const text = String(value);
  return text.length > longestCell ? `${text.slice(0, longestCell)}…` : text;
}
