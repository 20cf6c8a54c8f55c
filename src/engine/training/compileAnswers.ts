/**
 * Statements without FROM and JOIN in, SQL out, one line each: what the trainer runs of an answer is then what the product would run of it. No model
 * is asked and nothing is run.
 */
import { compileJoinFree } from '../../core/nl2sql/joinFreeSql.js';
import { type CancellationToken } from '../../core/shared/cancellation.js';
import { isCancelled, isJoineryError } from '../../core/shared/errors.js';
import { refusalText } from '../ask/verifyCandidate.js';
import { type Catalogue } from '../catalogue/types.js';
import { describeError } from '../words/errorSentences.js';

export interface CompileRequest {
  readonly id: string;
  /** Path of the database that the statement is for. */
  readonly database: string;
  readonly ir: string;
}

export type CompileLine =
  | { readonly id: string; readonly sql: string }
  /** Why the graph does not say how the tables are joined, in the manner of SQLite's messages. */
  | { readonly id: string; readonly refusal: string }
  | { readonly id: string; readonly error: { readonly code: string; readonly sentence: string } };

const indexWaitMs = 120_000;

/** Reads one line. Throws a sentence in an Error for what is no request. */
export function readCompileRequest(line: string): CompileRequest {
  const value = JSON.parse(line) as Readonly<Record<string, unknown>> | null;
  if (typeof value !== 'object' || value === null) throw new Error('a request is an object');
  const text = (name: string): string => {
    const found = value[name];
    if (typeof found !== 'string') throw new Error(`${name} is a text`);
    return found;
  };
  return { id: text('id'), database: text('database'), ir: text('ir') };
}

/** Compiles one statement. A database that cannot be read becomes a line; cancelling is thrown. */
export async function compileAnswer(catalogue: Catalogue, request: CompileRequest, token: CancellationToken): Promise<CompileLine> {
  const { id, database, ir } = request;
  try {
    const opened = await catalogue.open(database, token);
    await opened.whenIndexed(indexWaitMs, token);
    const compiled = compileJoinFree(ir, opened.knowledge);
    return 'refusal' in compiled ? { id, refusal: refusalText(compiled.refusal) } : { id, sql: compiled.sql };
  } catch (error) {
    if (isCancelled(error) || !isJoineryError(error)) throw error;
    return { id, error: { code: error.code, sentence: describeError(error.code, error.details).sentence } };
  }
}
