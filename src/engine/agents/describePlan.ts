/** What a statement does and how SQLite would run it, without running it. A plan tells names and steps, no values. */
import { explainSql } from '../../core/nl2sql/explainSql.js';
import { checkReadOnly } from '../../core/sql/checkReadOnly.js';
import { type ReadOnlyDatabase, type RunLimits } from '../../core/sql/types.js';
import { explainPart } from '../words/explanationSentences.js';

const planLimits = { timeoutMs: 5_000, maxRows: 500 } as const;

/** Throws the `sql.*` errors for a statement that does not compile or does not only read. */
export async function describePlan(database: ReadOnlyDatabase, sql: string, token: RunLimits['token']): Promise<string> {
  const { text } = checkReadOnly(sql);
  const plan = await database.run(`EXPLAIN QUERY PLAN ${text}`, { ...planLimits, ...(token ? { token } : {}) });
  const depth = new Map<string, number>([['0', -1]]);
  const lines = plan.rows.map(([id, parent, , detail]) => {
    const level = (depth.get(String(parent)) ?? -1) + 1;
    depth.set(String(id), level);
    const step = String(detail);
    return `${'  '.repeat(level)}- ${step}${/^SCAN (?!CONSTANT)/.test(step) && !/ USING /.test(step) ? ' (reads every row)' : ''}`;
  });
  return [`It compiles. ${explainSql(text).map(explainPart).join(' ')}`, 'Plan:', ...lines].join('\n');
}
