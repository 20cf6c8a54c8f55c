/** The selected part of a result as text for the clipboard. Bounded in rows and characters; what is left out is said. */
import { toCsv, toInsert, toJson, toMarkdown, toTsv } from '../../core/presentation/copyRows.js';
import { type CancellationToken } from '../../core/shared/cancellation.js';
import { type ExactRow } from '../../core/sql/resultTypes.js';
import { singleTable } from '../../core/sql/singleTable.js';
import { type CopyFormat } from '../../protocol/resultsPage.js';
import { type ResultSet } from './resultSet.js';

export interface CopyRequest {
  readonly format: CopyFormat;
  readonly from: number;
  /** Exclusive; absent means to the end. */
  readonly to?: number;
  readonly columns: readonly number[];
  readonly header: boolean;
  /** The statement, for the name of the table in INSERT. */
  readonly sql: string;
}

export interface CopiedText {
  readonly text: string;
  readonly rows: number;
  readonly isCut: boolean;
}

const mostRows = 100_000;
const blockRows = 1000;
/** UTF-16 units of all values; a clipboard of more stalls the machine. */
const mostCharacters = 64_000_000;

export async function copySelection(
  result: Pick<ResultSet, 'exact' | 'columns'>,
  request: CopyRequest,
  token: CancellationToken,
): Promise<CopiedText> {
  const { from, to = Number.POSITIVE_INFINITY, columns } = request;
  const rows: ExactRow[] = [];
  let characters = 0;
  let ended = false;
  while (!ended && from + rows.length < to && rows.length < mostRows && characters < mostCharacters) {
    const asked = Math.min(blockRows, to - from - rows.length);
    const block = await result.exact(from + rows.length, asked, token, columns);
    rows.push(...block);
    characters += block.reduce((sum, { values }) => sum + values.reduce((all: number, value) => all + lengthOf(value), 0), 0);
    ended = block.length < asked;
  }
  const names = columns.map((at) => result.columns[at] ?? '');
  return { text: format({ columns: names, rows }, request), rows: rows.length, isCut: !ended && from + rows.length < to };
}

function format(copied: Parameters<typeof toJson>[0], { format: kind, header, sql }: CopyRequest): string {
  switch (kind) {
    case 'tsv':
      return toTsv(copied, header);
    case 'csv':
      return toCsv(copied, header);
    case 'json':
      return toJson(copied);
    case 'markdown':
      return toMarkdown(copied);
    case 'insert':
      return toInsert(copied, singleTable(sql) ?? 'result');
  }
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  return value instanceof Uint8Array ? 2 * value.length : 8;
}
