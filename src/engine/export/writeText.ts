/** CSV after RFC 4180, and JSON as one array of objects: written line by line, as fast as the disk takes it. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { csvHeader, csvLine, jsonObject, uniqueNames } from '../../core/presentation/copyRows.js';
import { type ExportSource, type ExportWriter } from './types.js';

export function writeText(format: 'csv' | 'json'): ExportWriter {
  const chunks = format === 'csv' ? csvChunks : jsonChunks;
  return async (source, file) => {
    await pipeline(Readable.from(chunks(source)), createWriteStream(file));
    return 0;
  };
}

async function* csvChunks({ columns, blocks }: ExportSource): AsyncGenerator<string> {
  yield `${csvHeader(columns)}\r\n`;
  for await (const block of blocks()) yield block.map((row) => `${csvLine(row)}\r\n`).join('');
}

async function* jsonChunks({ columns, blocks }: ExportSource): AsyncGenerator<string> {
  const names = uniqueNames(columns);
  let before = '[\n';
  for await (const block of blocks()) {
    for (const row of block) {
      yield `${before}  ${jsonObject(names, row)}`;
      before = ',\n';
    }
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}
