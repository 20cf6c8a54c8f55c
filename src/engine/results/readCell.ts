/** One whole value for the page, bounded so that a message stays small. */
import { plainText } from '../../core/presentation/copyRows.js';
import { neverCancelled } from '../../core/shared/cancellation.js';
import { type CellContent } from '../../protocol/resultsPage.js';
import { type ResultSet } from './resultSet.js';

const mostCharacters = 1_000_000;
const mostBytes = 4_000_000;

/** NULL for a place outside the result. */
export async function readCell(result: Pick<ResultSet, 'exact'>, row: number, column: number): Promise<CellContent> {
  const [found] = await result.exact(row, 1, neverCancelled, [column]);
  const value = found?.values[0] ?? null;
  if (!found || value === null) return { kind: 'null' };
  if (value instanceof Uint8Array) {
    const shown = value.subarray(0, mostBytes);
    return { kind: 'blob', base64: Buffer.from(shown).toString('base64'), bytes: value.length, cut: value.length > mostBytes };
  }
  if (typeof value === 'string') {
    return { kind: 'text', text: value.slice(0, mostCharacters), bytes: Buffer.byteLength(value), cut: value.length > mostCharacters };
  }
  return { kind: 'number', text: plainText(value, found.types), type: found.types === 'r' ? 'real' : 'integer' };
}
