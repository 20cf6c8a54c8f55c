/**
 * Step 7: one candidate against the real database. A plan is passed over and a statement without FROM compiled; the text is
 * finished (FROM completed, values grounded when nothing is found), then checked and run read-only within limits. A bad candidate is a value that says why it failed, never an exception.
 */
import { compileJoinFree, type JoinFreeRefusal } from '../../core/nl2sql/joinFreeSql.js';
import { type PromptTarget } from '../../core/nl2sql/promptStyle.js';
import { coverLinks } from '../../core/nl2sql/coverLinks.js';
import { cueAgreement } from '../../core/nl2sql/readCues.js';
import { findInventedLiterals } from '../../core/nl2sql/findInventedLiterals.js';
import { type FinishContext, type FinishedStatement, finishStatement, secondChances } from '../../core/nl2sql/finishStatement.js';
import { type ValueSubstitution } from '../../core/nl2sql/groundValues.js';
import { emptinessOf, type RanCandidate } from '../../core/nl2sql/voteCandidates.js';
import { type LinkedQuestion } from '../../core/nl2sql/types.js';
import { isCancelled, isJoineryError, type JoineryError } from '../../core/shared/errors.js';
import { type CancellationToken } from '../../core/shared/cancellation.js';
import { strictNames } from '../../core/sql/strictNames.js';
import { type QueryResult } from '../../core/sql/types.js';
import { type Candidate } from '../../protocol/modelProcess.js';
import { type OpenedDatabase } from '../catalogue/types.js';

export interface RanStatement extends RanCandidate {
  readonly substitutions: readonly ValueSubstitution[];
}

export interface FailedStatement {
  readonly sql: string;
  readonly error: string;
  readonly count: number;
}

export interface VerifyContext {
  readonly opened: OpenedDatabase;
  readonly linked: LinkedQuestion;
  readonly completion: boolean;
  readonly values: boolean;
  /** What the candidates are written as; `sql` when absent. */
  readonly target?: PromptTarget;
  readonly timeoutMs: number;
  readonly maxRows: number;
  readonly token?: CancellationToken;
}

const valuesLookedUp = 20;

export async function verifyCandidate(
  candidate: Candidate,
  begun: string,
  context: VerifyContext,
): Promise<RanStatement | FailedStatement> {
  const written = statementOf(`${begun}${candidate.text}`, context.target);
  const compiled = context.target === 'ir' ? compileJoinFree(written, context.opened.knowledge) : { sql: written };
  if ('refusal' in compiled) return { sql: written, error: refusalText(compiled.refusal), count: candidate.count };
  const text = compiled.sql;
  const finish = finishContext(context, begun.trimStart().length);
  const first = finishStatement(text, finish);
  let best = await tryStatement(first, context);
  if (best.error !== undefined || emptinessOf(best.result) !== 'rows') {
    for (const chance of secondChances(text, first.sql, finish)) {
      const other = await tryStatement(chance, context);
      if (other.error !== undefined) continue;
      // Of two that find nothing, the one with values where the data have them says the truth; a pattern that nothing fits says no more than a text.
      const isGrounded = chance.substitutions.some(({ operator }) => operator === undefined);
      if (best.error !== undefined || emptinessOf(other.result) === 'rows' || isGrounded) best = other;
      if (emptinessOf(other.result) === 'rows') break;
    }
  }
  if (best.error !== undefined) return { sql: best.sql, error: best.error, count: candidate.count };
  return toRan(best, candidate, context.linked);
}

export function hasRun(statement: RanStatement | FailedStatement): statement is RanStatement {
  return 'result' in statement;
}

/** The statement of an answer: what stands in the fence behind a plan, '' when the plan never came to one. */
export function statementOf(text: string, target: PromptTarget | undefined): string {
  if (target !== 'think') return cleanText(text);
  return cleanText(/```sql\s([\s\S]*)$/.exec(text)?.[1] ?? '');
}

/** In the manner of SQLite's own messages, beside which it stands. */
export function refusalText(refusal: JoinFreeRefusal): string {
  switch (refusal.kind) {
    case 'ambiguous':
      return `ambiguous join: ${refusal.ways.join(' or ')}`;
    case 'unconnected':
      return `no join between: ${refusal.tables.join(', ')}`;
    case 'unknownKey':
      return `no such key: ${refusal.key}`;
    case 'unknownName':
      return `no such column: ${refusal.name}`;
    case 'bareStar':
      return 'no single table for *';
  }
}

/** A model's answer without fence and trailing semicolon. */
export function cleanText(text: string): string {
  return text
    .replace(/```[\s\S]*$/, '')
    .replace(/;\s*$/, '')
    .trim();
}

type Attempt = FinishedStatement &
  ({ readonly error: string; readonly result?: never } | { readonly error?: never; readonly result: QueryResult });

async function tryStatement(statement: FinishedStatement, context: VerifyContext): Promise<Attempt> {
  const strict = strictNames(statement.sql);
  try {
    // A name that means nothing where it stands must not become a text.
    if (strict !== undefined) await context.opened.database.prepare(strict);
    const limits = { timeoutMs: context.timeoutMs, maxRows: context.maxRows, ...(context.token ? { token: context.token } : {}) };
    return { ...statement, result: await context.opened.database.run(statement.sql, limits) };
  } catch (error) {
    if (isCancelled(error) || !isJoineryError(error) || !error.code.startsWith('sql.')) throw error;
    return { ...statement, error: reasonOf(error) };
  }
}

function reasonOf(error: JoineryError): string {
  const message = error.details['message'];
  return typeof message === 'string' ? message : error.code;
}

function finishContext(context: VerifyContext, fixed: number): FinishContext {
  const { opened } = context;
  return {
    knowledge: opened.knowledge,
    linked: context.linked,
    joinTrees: (tables) => opened.joinTrees(tables),
    findValues: (mention) => opened.findValues(mention, valuesLookedUp),
    isChoice: (table, column) => opened.smallDomain(table, column) !== undefined,
    completion: context.completion,
    values: context.values,
    fixed,
  };
}

function toRan(attempt: FinishedStatement & { readonly result: QueryResult }, candidate: Candidate, linked: LinkedQuestion): RanStatement {
  return {
    sql: attempt.sql,
    result: attempt.result,
    substitutions: attempt.substitutions,
    count: candidate.count,
    greedy: candidate.greedy,
    logProbability: candidate.logProbability,
    tokens: candidate.sampledTokens,
    coverage: coverLinks(attempt.sql, linked),
    cues: cueAgreement(linked.question, attempt.sql),
    invented: findInventedLiterals(attempt.sql, linked).length,
  };
}
