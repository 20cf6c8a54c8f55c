/** Runs a statement and streams its rows into a file. What exists under the name is replaced only when the new file is whole. */
import { rename, rm } from 'node:fs/promises';
import { neverCancelled } from '../../core/shared/cancellation.js';
import { JoineryError } from '../../core/shared/errors.js';
import { type ExportOutcome, type ExportRequest } from '../../protocol/exportProcess.js';
import { type ExportFormat } from '../../protocol/resultsPage.js';
import { exactBlocks } from '../results/exactBlocks.js';
import { ResultSet } from '../results/resultSet.js';
import { type ExportSource, type ExportWriter } from './types.js';
import { writeText } from './writeText.js';
import { writeParquet } from './writeParquet.js';
import { writeXlsx } from './writeXlsx.js';

const writers: Readonly<Record<ExportFormat, ExportWriter>> = {
  csv: writeText('csv'),
  json: writeText('json'),
  parquet: writeParquet,
  xlsx: writeXlsx,
};

/** Bounds of the snapshot that all rows come from: far more than a grid keeps, for nobody waits in front of it. */
const bounds = { mostRows: 2 ** 40, mostBytes: 2 ** 36 };

/** `progress` is told the rows so far. Throws the errors of statement and database, `file.noPermission` or `file.diskFull` for the file. */
export async function exportResult(request: ExportRequest, progress: (rows: number) => void): Promise<ExportOutcome> {
  const { database, sql, view, format, file } = request;
  const result = await ResultSet.open({ database, sql, ...bounds }, neverCancelled);
  const part = `${file}.part`;
  let rows = 0;
  try {
    await result.setView(view);
    const source: ExportSource = {
      columns: result.columns,
      async *blocks() {
        rows = 0;
        for await (const block of exactBlocks(result, neverCancelled)) {
          yield block;
          rows += block.length;
          progress(rows);
        }
      },
    };
    const cutValues = await writers[format](source, part);
    await rename(part, file);
    return { rows, cutValues };
  } catch (error) {
    await rm(part, { force: true });
    throw explain(error, file);
  } finally {
    await result.close();
  }
}

function explain(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOSPC') return new JoineryError('file.diskFull', { path }, error);
  return ['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'EISDIR'].includes(code) ? new JoineryError('file.noPermission', { path }, error) : error;
}
