/**
 * The plan of a statement and what would make it better. Reading statements are planned on the real database, writing ones on its empty twin;
 * an index is recommended only when SQLite's planner, given that index, uses it.
 */
import { compareTrials, type PlanAdvice, scoreTrial, stepsToImprove, type TrialScore } from '../../core/presentation/planAdvice.js';
import { type PlanNode, planTree } from '../../core/presentation/planTree.js';
import { type DatabaseSchema } from '../../core/schema/types.js';
import { type CancellationToken, neverCancelled, throwIfCancelled } from '../../core/shared/cancellation.js';
import { isJoineryError, JoineryError } from '../../core/shared/errors.js';
import { couldWrite } from '../../core/sql/checkWriting.js';
import { type IndexCandidate, indexCandidates, indexDdl, tableOfSource } from '../../core/sql/indexCandidates.js';
import { unquoteIdentifier } from '../../core/sql/quote.js';
import { significantTokens } from '../../core/sql/tokenize.js';
import { type ReadOnlyDatabase } from '../../core/sql/types.js';
import { SchemaTwin } from '../../sqlite/schemaTwin.js';

export interface ExplainedStatement {
  readonly sql: string;
  readonly plan: readonly PlanNode[];
  /** At most one per step. */
  readonly advice: readonly PlanAdvice[];
}

export interface ExplainTarget {
  readonly database: ReadOnlyDatabase;
  readonly schema: DatabaseSchema;
}

const limits = { timeoutMs: 20_000, maxRows: 10_000 };
/** Steps that are looked at, the outermost first. */
const mostSteps = 12;

/** Parameters need no values. Throws the `file.*` and `sql.*` errors of the statement, and `cancelled`. */
export async function explainStatement(
  target: ExplainTarget,
  text: string,
  token: CancellationToken = neverCancelled,
): Promise<ExplainedStatement> {
  const sql = withoutExplain(text);
  const twin = await SchemaTwin.of(target.database);
  try {
    const rows = couldWrite(sql) ? await twin.plan(sql) : await realPlan(target.database, sql, token);
    const plan = planTree(rows);
    const advice: PlanAdvice[] = [];
    for (const node of stepsToImprove(plan).slice(0, mostSteps)) {
      throwIfCancelled(token);
      const found = await adviceFor(node, { plan, sql, twin, schema: target.schema });
      if (found) advice.push(found);
    }
    return { sql, plan, advice };
  } finally {
    await twin.close();
  }
}

/** Without EXPLAIN or EXPLAIN QUERY PLAN in front and a semicolon behind. Throws `sql.empty`. */
function withoutExplain(text: string): string {
  const tokens = significantTokens(text);
  const words = tokens.slice(0, 3).map((token) => token.text.toUpperCase());
  const skipped = words[0] !== 'EXPLAIN' ? 0 : words[1] === 'QUERY' && words[2] === 'PLAN' ? 3 : 1;
  const last = tokens.findLastIndex((token) => token.text !== ';');
  const [first, end] = [tokens[skipped], tokens[last]];
  if (!first || !end || last < skipped) throw new JoineryError('sql.empty');
  return text.slice(first.start, end.end);
}

async function realPlan(
  database: ReadOnlyDatabase,
  sql: string,
  token: CancellationToken,
): Promise<{ id: number; parent: number; detail: string }[]> {
  const { rows } = await database.run(`EXPLAIN QUERY PLAN ${sql}`, { ...limits, token });
  return rows.map(([id, parent, , detail]) => ({ id: Number(id), parent: Number(parent), detail: String(detail) }));
}

interface Trial {
  readonly plan: readonly PlanNode[];
  readonly sql: string;
  readonly twin: SchemaTwin;
  readonly schema: DatabaseSchema;
}

async function adviceFor(node: PlanNode, trial: Trial): Promise<PlanAdvice | undefined> {
  const table = tableOfSource(trial.sql, node.source ?? '', trial.schema);
  // A subquery, a view or a virtual table takes no index.
  if (!table) return undefined;
  let best: { readonly candidate: IndexCandidate; readonly ddl: string; readonly score: TrialScore } | undefined;
  for (const candidate of indexCandidates(trial.sql, node.source ?? '', table)) {
    const ddl = indexDdl(candidate, trial.schema);
    const score = await tryIndex(node, candidate, ddl, trial);
    if (score && (!best || compareTrials(score, best.score) > 0)) best = { candidate, ddl, score };
  }
  if (best) {
    const { candidate, ddl, score } = best;
    return { kind: 'index', node: node.id, candidate, ddl, then: score.then, savesSort: score.savesSort };
  }
  return node.kind === 'scan' && node.index === undefined ? { kind: 'wholeTable', node: node.id, table: table.name } : undefined;
}

async function tryIndex(
  node: PlanNode,
  { columns }: IndexCandidate,
  ddl: string,
  { plan, sql, twin }: Trial,
): Promise<TrialScore | undefined> {
  const index = unquoteIdentifier(significantTokens(ddl)[2]?.text ?? '');
  try {
    return scoreTrial(plan, planTree(await twin.planWith(ddl, sql)), node, { index, columns: columns.length });
  } catch (error) {
    // The twin lacks what the real database has: then nothing is said.
    if (isJoineryError(error) && error.code.startsWith('sql.')) return undefined;
    throw error;
  }
}
