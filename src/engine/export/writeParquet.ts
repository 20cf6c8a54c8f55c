/**
 * Parquet, whose columns have one type each. SQLite's have not, so all rows are looked at first: a column of one kind keeps it, integers
 * and reals together become doubles where nothing is lost, and any other mixture becomes text.
 */
import { fileWriter, parquetWriteRows } from 'hyparquet-writer';
import { plainText, uniqueNames } from '../../core/presentation/copyRows.js';
import { type SqlValue } from '../../core/schema/types.js';
import { type ExactRow } from '../../core/sql/resultTypes.js';
import { type ExportSource } from './types.js';

export type ParquetType = 'INT64' | 'DOUBLE' | 'STRING' | 'BYTE_ARRAY';

/** Rows that are held in memory at a time. */
const rowGroupSize = 20_000;

export async function writeParquet({ columns, blocks }: ExportSource, file: string): Promise<number> {
  const types = await columnTypes(columns.length, blocks());
  const names = uniqueNames(columns);
  await parquetWriteRows({
    writer: fileWriter(file),
    columns: names.map((name, at) => ({ name, type: types[at] ?? 'STRING', nullable: true })),
    rows: rowObjects(blocks(), names, types),
    rowGroupSize,
  });
  return 0;
}

/** The type of every column by the letters of its values. */
export async function columnTypes(count: number, blocks: AsyncIterable<readonly ExactRow[]>): Promise<ParquetType[]> {
  const letters = Array.from({ length: count }, () => new Set<string>());
  for await (const block of blocks) {
    for (const { values, types } of block) {
      values.forEach((value, at) => {
        // `I`: an integer that no double holds.
        letters[at]?.add(typeof value === 'bigint' ? 'I' : types.charAt(at));
      });
    }
  }
  return letters.map(typeOf);
}

function typeOf(letters: ReadonlySet<string>): ParquetType {
  const only = (allowed: string): boolean => [...letters].every((letter) => letter === 'n' || allowed.includes(letter));
  if (only('')) return 'STRING';
  if (only('iI')) return 'INT64';
  if (only('ir')) return 'DOUBLE';
  return only('b') ? 'BYTE_ARRAY' : 'STRING';
}

async function* rowObjects(
  blocks: AsyncIterable<readonly ExactRow[]>,
  names: readonly string[],
  types: readonly ParquetType[],
): AsyncGenerator<Record<string, unknown>> {
  for await (const block of blocks) {
    for (const row of block) {
      yield Object.fromEntries(names.map((name, at) => [name, valueOf(row.values[at] ?? null, row.types.charAt(at), types[at])]));
    }
  }
}

function valueOf(value: SqlValue, letter: string, type: ParquetType | undefined): unknown {
  if (value === null) return null;
  switch (type) {
    case 'INT64':
      return BigInt(value as number | bigint);
    case 'DOUBLE':
      return Number(value);
    case 'BYTE_ARRAY':
      return value;
    case 'STRING':
    case undefined:
      return plainText(value, letter);
  }
}
