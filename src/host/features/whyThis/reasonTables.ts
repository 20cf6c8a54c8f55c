/** The reasons of an answer as tables in words: linked words, tables considered, join paths, candidates with their votes. */
import * as vscode from 'vscode';
import { type JoinTree } from '../../../core/graph/types.js';
import { type LinkKind, type QuestionLink } from '../../../core/nl2sql/types.js';
import { type AskReasons, type ConsideredTable, type TriedCandidate } from '../../../engine/ask/askReasons.js';
import { type ReasonTable } from '../../../protocol/answersPage.js';

export function reasonTables(reasons: AskReasons): readonly ReasonTable[] {
  return [linkTable(reasons), tableTable(reasons.tables), pathTable(reasons.joinTrees), candidateTable(reasons.candidates)];
}

function linkTable({ links }: AskReasons): ReasonTable {
  return {
    title: vscode.l10n.t('Words of the question that met the database'),
    columns: [vscode.l10n.t('Words'), vscode.l10n.t('Meaning'), vscode.l10n.t('In the database'), vscode.l10n.t('Certainty')],
    rows: [...links].sort((a, b) => a.start - b.start || b.score - a.score).map(linkRow),
    empty: vscode.l10n.t('No word met a name or a value; the model had the schema alone.'),
  };
}

function linkRow(link: QuestionLink): readonly string[] {
  return [link.text, linkText(link.kind), targetText(link), percent(link.score)];
}

function linkText(kind: LinkKind): string {
  switch (kind) {
    case 'tableExact':
    case 'tablePartial':
      return vscode.l10n.t('a table');
    case 'columnExact':
    case 'columnPartial':
      return vscode.l10n.t('a column');
    case 'value':
      return vscode.l10n.t('a stored value');
    case 'number':
      return vscode.l10n.t('a number');
    case 'time':
      return vscode.l10n.t('a date or time');
  }
}

function targetText({ table, column, value }: QuestionLink): string {
  const place = [table, column].filter((part) => part !== undefined).join('.');
  return value === undefined ? place : place === '' ? value : `${place} = '${value}'`;
}

function tableTable(tables: readonly ConsideredTable[]): ReasonTable {
  return {
    title: vscode.l10n.t('Tables considered'),
    columns: [vscode.l10n.t('Table'), vscode.l10n.t('Why')],
    rows: tables.map(({ table, as }) => [table, roleText(as)]),
    empty: vscode.l10n.t('The database has no tables.'),
  };
}

function roleText(role: ConsideredTable['as']): string {
  switch (role) {
    case 'named':
      return vscode.l10n.t('the question speaks of it');
    case 'bridge':
      return vscode.l10n.t('connects tables that the question speaks of');
    case 'shown':
      return vscode.l10n.t('shown to the model besides');
  }
}

function pathTable(trees: readonly JoinTree[]): ReasonTable {
  return {
    title: vscode.l10n.t('Ways to join them, the chosen one first'),
    columns: [vscode.l10n.t('Path'), vscode.l10n.t('Conditions'), vscode.l10n.t('Cost')],
    rows: trees.map((tree) => [pathText(tree), conditionsText(tree), tree.cost.toFixed(1)]),
    empty: vscode.l10n.t('One table is enough, or nothing connects them.'),
  };
}

function pathText({ tables, steps }: JoinTree): string {
  return steps.length === 0 ? tables.join(', ') : steps.map(({ from, to }) => `${from} ⋈ ${to}`).join('\n');
}

function conditionsText({ steps }: JoinTree): string {
  return steps
    .map(({ relation: { child, childColumns, parent, parentColumns, origin, confidence } }) => {
      const condition = childColumns.map((column, at) => `${child}.${column} = ${parent}.${parentColumns[at] ?? ''}`).join(' AND ');
      return origin === 'inferred' ? `${condition} (${vscode.l10n.t('guessed, {0}', percent(confidence))})` : condition;
    })
    .join('\n');
}

function candidateTable(candidates: readonly TriedCandidate[]): ReasonTable {
  return {
    title: vscode.l10n.t('Statements that were tried, and their votes'),
    columns: ['SQL', vscode.l10n.t('Votes'), vscode.l10n.t('Rows'), vscode.l10n.t('Outcome'), vscode.l10n.t('Words used')],
    rows: candidates.map((tried) => [
      tried.sql,
      String(tried.count),
      tried.rows === undefined ? '' : String(tried.rows),
      outcomeText(tried),
      tried.outcome === 'failed' ? '' : percent(tried.coverage),
    ]),
    empty: vscode.l10n.t('None.'),
  };
}

function outcomeText({ outcome, error, greedy }: TriedCandidate): string {
  switch (outcome) {
    case 'chosen':
      return greedy ? vscode.l10n.t('the answer, also the model’s first choice') : vscode.l10n.t('the answer');
    case 'agreed':
      return vscode.l10n.t('returned the same rows');
    case 'differs':
      return greedy ? vscode.l10n.t('other rows, though the model’s first choice') : vscode.l10n.t('returned other rows');
    case 'failed':
      return error === 'unfinished' ? vscode.l10n.t('was cut off') : vscode.l10n.t('SQLite refused it: {0}', error ?? '');
  }
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
