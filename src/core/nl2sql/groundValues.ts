/**
 * Brings string literals to what the data holds: to the stored spelling of the compared column, or, when that column does not hold the
 * value at all, to the column that does (nearest by joins). Used when a statement has found nothing; `completeJoins` then joins the table.
 */
import { type ValueMatch } from '../graph/types.js';
import { type DatabaseSchema } from '../schema/types.js';
import { applyEdits, type TextEdit } from '../sql/applyEdits.js';
import { quoteIdentifier, quoteString, unquoteString } from '../sql/quote.js';
import { significantTokens, type Token } from '../sql/tokenize.js';
import { sameName } from './grammarNames.js';
import { type ColumnUse, readScopes, type SelectScope } from './selectScopes.js';

export interface GroundingInput {
  readonly schema: DatabaseSchema;
  readonly findValues: (mention: string) => readonly ValueMatch[];
  /** Length of the join path between two tables; Infinity when there is none. */
  readonly distance: (from: string, to: string) => number;
}

export interface ValueSubstitution {
  /** As the statement had it. */
  readonly mention: string;
  readonly match: ValueMatch;
  /** `LIKE` when the value is a pattern; it is compared with `=` otherwise. */
  readonly operator?: 'LIKE';
}

export interface Grounding {
  readonly sql: string;
  readonly substitutions: readonly ValueSubstitution[];
}

/** Of a column that holds the value as written, but for case. Another column than the compared one is not believed with less. */
export const heldScore = 0.95;
const sameColumnScore = 0.8;

export function groundValues(sql: string, input: GroundingInput): Grounding {
  const tokens = significantTokens(sql);
  const edits: TextEdit[] = [];
  const substitutions: ValueSubstitution[] = [];
  for (const scope of readScopes(tokens)) {
    for (const use of scope.columns) {
      const literal = comparedLiteral(tokens, use);
      if (!literal) continue;
      const mention = unquoteString(literal.text);
      const match = chooseMatch(mention, use, scope, input);
      if (!match) continue;
      substitutions.push({ mention, match });
      edits.push({ start: literal.start, end: literal.end, text: quoteString(match.value) });
      if (!ownerTables(use, scope, input.schema).includes(match.table) || !sameName(use.name, match.column)) {
        const from = tokens[use.start]?.start ?? 0;
        edits.push({
          start: from,
          end: tokens[use.end - 1]?.end ?? from,
          text: `${quoteIdentifier(match.table)}.${quoteIdentifier(match.column)}`,
        });
      }
    }
  }
  return { sql: applyEdits(sql, edits), substitutions };
}

/** The single literal that a column is set equal to. */
export function comparedLiteral(tokens: readonly Token[], use: ColumnUse): Token | undefined {
  const operator = tokens[use.end]?.text.toUpperCase() ?? '';
  const literal = tokens[use.end + 1];
  return /^(?:=|==|!=|<>|LIKE)$/.test(operator) && literal?.kind === 'string' && !/[%_]/.test(literal.text) ? literal : undefined;
}

function chooseMatch(mention: string, use: ColumnUse, scope: SelectScope, input: GroundingInput): ValueMatch | undefined {
  const matches = input.findValues(mention);
  const owners = ownerTables(use, scope, input.schema);
  const here = matches.filter((match) => owners.includes(match.table) && sameName(match.column, use.name));
  const best = here[0];
  if (best) return best.value !== mention && best.score >= sameColumnScore ? best : undefined;
  const sources = scope.sources.flatMap((source) => source.table ?? []);
  const distance = (match: ValueMatch): number =>
    Math.min(...sources.map((source) => (sameName(source, match.table) ? 0 : input.distance(source, match.table))));
  const elsewhere = matches.filter((match) => match.score >= heldScore && distance(match) < Infinity);
  return elsewhere.sort((a, b) => distance(a) - distance(b) || b.score - a.score)[0];
}

/** Stored names of the tables that a column reference may mean. */
export function ownerTables(use: ColumnUse, scope: SelectScope, schema: DatabaseSchema): string[] {
  const having = schema.tables.filter((table) => table.columns.some((column) => sameName(column.name, use.name)));
  const named = scope.sources.find((source) => use.qualifier !== undefined && sameName(source.name, use.qualifier))?.table ?? use.qualifier;
  if (named !== undefined) return having.filter((table) => sameName(table.name, named)).map((table) => table.name);
  const here = having.filter((table) => scope.sources.some((source) => source.table !== undefined && sameName(source.table, table.name)));
  return (here.length > 0 ? here : having).map((table) => table.name);
}
