/** Reads two tabs and compares them. Bounded: of very long results the first rows are compared, and the facts say so. */
import { compareRows, type ComparedResult } from '../../core/presentation/compareRows.js';
import { type CancellationToken } from '../../core/shared/cancellation.js';
import { type Cell, type ExactRow } from '../../core/sql/resultTypes.js';
import { type ComparisonFacts } from '../../protocol/resultsPage.js';
import { exactBlocks } from './exactBlocks.js';
import { type ResultSet } from './resultSet.js';

export interface ComparedTabs {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  readonly facts: ComparisonFacts;
}

interface Side {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: ResultSet;
}

const mostRows = 100_000;

/** `keys` are names of columns that both sides have; undefined lets the rows decide. */
export async function compareResults(
  left: Side,
  right: Side,
  keys: readonly string[] | undefined,
  token: CancellationToken,
): Promise<ComparedTabs> {
  const sides = [await readSide(left, token), await readSide(right, token)] as const;
  const { columns, rows, ...counts } = compareRows(sides[0], sides[1], keys);
  const cut = sides.some((side) => side.rows.length >= mostRows);
  return { columns, rows, facts: { left: left.title, right: right.title, ...counts, cut } };
}

async function readSide({ columns, rows }: Side, token: CancellationToken): Promise<ComparedResult> {
  const all: ExactRow[] = [];
  for await (const block of exactBlocks(rows, token, mostRows)) for (const row of block) all.push(row);
  return { columns, rows: all };
}
