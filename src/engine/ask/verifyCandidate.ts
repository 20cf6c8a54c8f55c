/**
 * Step 7: one candidate against the real database. The text is finished first (ambiguous names qualified, values brought to their
 * stored spelling), then checked and run read-only within limits. Never throws for a bad candidate: it says why it failed.
 */
import { coverLinks } from '../../core/nl2sql/coverLinks.js';
import { qualifyAmbiguous } from '../../core/nl2sql/qualifyAmbiguous.js';
import { substituteValues } from '../../core/nl2sql/substituteValues.js';
import { type RanCandidate } from '../../core/nl2sql/voteCandidates.js';
import { type LinkedQuestion } from '../../core/nl2sql/types.js';
import { isCancelled, isJoineryError } from '../../core/shared/errors.js';
import { type CancellationToken } from '../../core/shared/cancellation.js';
import { findDoubleQuotedStrings } from '../../core/sql/findDoubleQuotedStrings.js';
import { type Candidate } from '../../protocol/modelProcess.js';
import { type OpenedDatabase } from '../catalogue/types.js';
import { type ValueSubstitution } from './types.js';

export interface RanStatement extends RanCandidate {
  readonly substitutions: readonly ValueSubstitution[];
}

export interface FailedStatement {
  readonly sql: string;
  readonly error: string;
}

export interface VerifyContext {
  readonly opened: OpenedDatabase;
  readonly linked: LinkedQuestion;
  readonly values: boolean;
  readonly timeoutMs: number;
  readonly maxRows: number;
  readonly token?: CancellationToken;
}

export async function verifyCandidate(candidate: Candidate, begun: string, context: VerifyContext): Promise<RanStatement | FailedStatement> {
  const { schema } = context.opened.knowledge;
  const written = cleanText(`${begun}${candidate.text}`);
  const qualified = qualifyAmbiguous(written, schema);
  const lookUp = (mention: string) => context.opened.findValues(mention, 20);
  const { sql, substitutions } = context.values ? substituteValues(qualified, schema, lookUp) : { sql: qualified, substitutions: [] };
  const strings = findDoubleQuotedStrings(sql, schema);
  if (strings.length > 0) return { sql, error: `no such column: ${strings[0] ?? ''}` };
  try {
    const result = await context.opened.database.run(sql, {
      timeoutMs: context.timeoutMs,
      maxRows: context.maxRows,
      ...(context.token ? { token: context.token } : {}),
    });
    return {
      sql,
      result,
      substitutions,
      count: candidate.count,
      greedy: candidate.greedy,
      logProbability: candidate.logProbability,
      tokens: candidate.sampledTokens + candidate.forcedTokens,
      coverage: coverLinks(sql, context.linked),
    };
  } catch (error) {
    if (isCancelled(error) || !isJoineryError(error)) throw error;
    const message = error.details['message'];
    return { sql, error: typeof message === 'string' ? message : error.code };
  }
}

export function hasRun(statement: RanStatement | FailedStatement): statement is RanStatement {
  return 'result' in statement;
}

/** A model's answer without fence, trailing semicolon and comments behind it. */
export function cleanText(text: string): string {
  return text
    .replace(/```[\s\S]*$/, '')
    .replace(/;\s*$/, '')
    .trim();
}
