/** All rows of a result in blocks of a bounded size, for exports and comparisons. */
import { type SqlValue } from '../../core/schema/types.js';
import { type CancellationToken, throwIfCancelled } from '../../core/shared/cancellation.js';
import { type ExactRow } from '../../core/sql/resultTypes.js';
import { type ResultSet } from './resultSet.js';

const firstRows = 50;
const mostRows = 5000;
/** Bytes of a block, roughly. */
const blockBytes = 4 * 1024 * 1024;

/**
 * Ends after `limit` rows. More rows than the first block are frozen first, so that all come from one state of the database, unless they
 * are too many to be kept.
 */
export async function* exactBlocks(
  result: Pick<ResultSet, 'exact' | 'freeze' | 'total'>,
  token: CancellationToken,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<readonly ExactRow[]> {
  if (result.total === undefined || result.total > firstRows) await result.freeze(token);
  let size = firstRows;
  for (let from = 0; from < limit;) {
    throwIfCancelled(token);
    const asked = Math.min(size, limit - from);
    const block = await result.exact(from, asked, token);
    if (block.length > 0) yield block;
    if (block.length < asked) return;
    from += block.length;
    size = nextSize(block);
  }
}

function nextSize(block: readonly ExactRow[]): number {
  const bytes = block.reduce((sum, { values }) => sum + values.reduce((all: number, value) => all + sizeOf(value), 0), 1);
  return Math.min(mostRows, Math.max(1, Math.floor((blockBytes * block.length) / bytes)));
}

function sizeOf(value: SqlValue): number {
  if (typeof value === 'string') return 16 + 2 * value.length;
  return value instanceof Uint8Array ? 16 + value.length : 16;
}
