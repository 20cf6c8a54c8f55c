/** The tables of a SQL text that one works with now: those of the statement at the cursor, then of the statements nearest to it. */
import { foldName } from '../graph/tableKeys.js';
import { type DatabaseSchema } from '../schema/types.js';
import { unquoteIdentifier } from '../sql/quote.js';
import { splitStatements } from '../sql/splitStatements.js';

/** Statements on each side of the cursor that are looked at. */
const near = 20;

/** Stored names, nearest first, `most` at most; words that only happen to be names of tables count as well. */
export function workingTables(text: string, offset: number, schema: DatabaseSchema, most = 6): readonly string[] {
  const stored = new Map(schema.tables.map((table) => [foldName(table.name), table.name]));
  const statements = splitStatements(text);
  const gap = ({ start, end }: { start: number; end: number }): number => Math.max(start - offset, offset - end, 0);
  const nearest = [...statements].sort((a, b) => gap(a) - gap(b)).slice(0, 2 * near);
  const found = new Set<string>();
  for (const { tokens } of nearest) {
    for (const token of tokens) {
      const name = token.kind === 'identifier' ? stored.get(foldName(unquoteIdentifier(token.text))) : undefined;
      if (name !== undefined) found.add(name);
      if (found.size >= most) return [...found];
    }
  }
  return [...found];
}
