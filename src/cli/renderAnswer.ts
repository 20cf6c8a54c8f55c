/** An answer or a refusal as text for a terminal and as JSON. Decides nothing: it shows what the ask pipeline returned. */
import { type JoinStep } from '../core/graph/types.js';
import { type AskAnswer, type AskOutcome, type AskRefusal, type AskTimings, type Evidence, type VerifiedSql } from '../engine/ask/types.js';
import { describeError } from '../engine/words/errorSentences.js';
import { explainPart } from '../engine/words/explanationSentences.js';
import { type Style } from './io.js';
import { renderTable } from './renderTable.js';

export interface AnswerDisplay {
  /** Rows shown at most. */
  readonly rows: number;
  readonly explain: boolean;
  readonly alternatives: boolean;
}

export function renderAnswer(answer: AskAnswer, display: AnswerDisplay, style: Style): string {
  const blocks = [
    style.cyan(withSemicolon(answer.sql)),
    renderEvidence(answer.evidence, style),
    renderRows(answer, display.rows, style),
    display.explain ? answer.explanation.map(explainPart).join('\n') : '',
    renderAlternatives(answer, display, style),
    style.dim(renderTimings(answer.timings)),
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

export function renderRefusal(refusal: AskRefusal, style: Style): string {
  const { sentence, next } = describeError(refusal.code, refusal.details);
  return `${style.bold(`No answer. ${sentence}`)}\n${next}`;
}

/** One line that says what was checked, then the joins, the values and the warnings. */
export function renderEvidence(evidence: Evidence, style: Style): string {
  const rows = `${evidence.rows}${evidence.rowsTruncated ? '+' : ''} ${evidence.rows === 1 ? 'row' : 'rows'}`;
  const facts = [`ran, ${rows}, ${formatMs(evidence.runMs)}`];
  if (evidence.joins.length > 0) facts.push(`${evidence.joins.length} ${evidence.joins.length === 1 ? 'join' : 'joins'}`);
  if (evidence.candidates > 1) facts.push(`${evidence.votes} of ${evidence.candidates} candidates agree`);
  if (evidence.repaired) facts.push('repaired once');
  return [
    `${style.green('✓')} ${facts.join(', ')}`,
    ...evidence.joins.map((step) => `  join   ${renderJoinStep(step)}`),
    ...evidence.substitutions.map(
      ({ mention, match, operator = '=' }) => `  value  "${mention}" is ${match.table}.${match.column} ${operator} '${match.value}'`,
    ),
    ...evidence.fanOut.map((table) => style.red(`  careful: rows of ${table} are counted several times by a one-to-many join`)),
  ].join('\n');
}

export function renderJoinStep(step: JoinStep): string {
  const { relation } = step;
  const pairs = relation.childColumns.map(
    (column, index) => `${relation.child}.${column} = ${relation.parent}.${relation.parentColumns[index] ?? '?'}`,
  );
  const certainty = relation.origin === 'inferred' ? `inferred, ${Math.round(relation.confidence * 100)} %` : relation.origin;
  return `${pairs.join(' AND ')}  (${certainty})`;
}

function renderRows(answer: VerifiedSql, limit: number, style: Style): string {
  const { columns, rows } = answer.result;
  if (limit === 0) return '';
  const table = renderTable({ columns, rows: rows.slice(0, limit) }, style);
  const rest = rows.length - limit;
  if (rows.length === 0) return `${table}\n${style.dim('(no rows)')}`;
  return rest > 0 ? `${table}\n${style.dim(`… ${rest}${answer.result.truncated ? '+' : ''} more`)}` : table;
}

function renderAlternatives(answer: AskAnswer, display: AnswerDisplay, style: Style): string {
  const count = answer.alternatives.length;
  if (count === 0) return '';
  if (!display.alternatives)
    return style.dim(
      `${count} other ${count === 1 ? 'answer differs' : 'answers differ'} in the result; --all shows ${count === 1 ? 'it' : 'them'}`,
    );
  const shown = answer.alternatives.map((other, index) =>
    [
      style.bold(`Alternative ${index + 1}`),
      style.cyan(withSemicolon(other.sql)),
      renderEvidence(other.evidence, style),
      renderRows(other, Math.min(display.rows, 3), style),
    ].join('\n'),
  );
  return shown.join('\n\n');
}

export function renderTimings(timings: AskTimings): string {
  const steps = [
    `prepare ${formatMs(timings.prepareMs)}`,
    `prompt ${formatMs(timings.promptMs)} (${timings.promptTokens} tokens)`,
    `decode ${formatMs(timings.decodeMs)} (${timings.sampledTokens} sampled, ${timings.forcedTokens} forced)`,
    `verify ${formatMs(timings.verifyMs)}`,
  ];
  return `${formatMs(timings.totalMs)}: ${steps.join(', ')}`;
}

/** Milliseconds below a second, seconds with one decimal above. */
export function formatMs(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

function withSemicolon(sql: string): string {
  return sql.trimEnd().endsWith(';') ? sql.trimEnd() : `${sql.trimEnd()};`;
}

/** The outcome for `--json`: the engine's own shape, with the words of a refusal added. */
export function outcomeAsJson(outcome: AskOutcome, database: string, question: string): unknown {
  if (outcome.kind === 'refusal') return { question, database, ...outcome, ...describeError(outcome.code, outcome.details) };
  return { question, database, ...outcome, explanation: outcome.explanation.map(explainPart) };
}
