/**
 * XLSX through the streaming writer of exceljs. A spreadsheet counts with 15 digits, so longer integers become text; a sheet has
 * 1,048,576 rows, so further ones go to further sheets; a cell holds 32,767 characters, so longer texts are cut and counted.
 */
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import ExcelJS from 'exceljs';
import { plainText } from '../../core/presentation/copyRows.js';
import { type SqlValue } from '../../core/schema/types.js';
import { type ExportSource } from './types.js';

const mostRows = 1_048_576;
const mostCharacters = 32_767;
const mostDigits = 999_999_999_999_999;
/** Rows between two looks at whether the disk keeps up. */
const breath = 500;

export async function writeXlsx({ columns, blocks }: ExportSource, file: string): Promise<number> {
  const stream = createWriteStream(file);
  const failed = new Promise<never>((_, reject) => {
    stream.once('error', reject);
  });
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({ stream, useStyles: false, useSharedStrings: false });
  const write = async (): Promise<number> => {
    let cut = 0;
    let rows = 0;
    let sheet = newSheet(book, columns, 1);
    for await (const block of blocks()) {
      for (const { values, types } of block) {
        if (rows > 0 && rows % (mostRows - 1) === 0) {
          sheet.commit();
          sheet = newSheet(book, columns, rows / (mostRows - 1) + 1);
        }
        const cells = values.map((value, at) => cellOf(value, types.charAt(at)));
        cut += cells.filter((cell, at) => typeof cell === 'string' && isCut(values[at] ?? null, cell)).length;
        sheet.addRow(cells).commit();
        rows++;
        // The library never says that it is full: giving its compressor time keeps the memory small.
        if (rows % breath === 0) await (stream.writableNeedDrain ? once(stream, 'drain') : setImmediate());
      }
    }
    sheet.commit();
    await book.commit();
    return cut;
  };
  return Promise.race([write(), failed]);
}

function newSheet(book: ExcelJS.stream.xlsx.WorkbookWriter, columns: readonly string[], number: number): ExcelJS.Worksheet {
  const sheet = book.addWorksheet(number === 1 ? 'Result' : `Result ${number}`, { views: [{ state: 'frozen', ySplit: 1 }] });
  sheet.addRow([...columns]).commit();
  return sheet;
}

function cellOf(value: SqlValue, type: string): string | number | null {
  if (value === null) return null;
  if (typeof value === 'number' && Math.abs(value) <= mostDigits) return value;
  if (typeof value === 'number' && type === 'r' && Number.isFinite(value)) return value;
  return plainText(value, type).slice(0, mostCharacters);
}

function isCut(value: SqlValue, cell: string): boolean {
  if (value instanceof Uint8Array) return 2 * value.length > cell.length;
  return typeof value === 'string' && value.length > cell.length;
}
