/** The process that writes results to files: heavy libraries and long work stay out of the editor. Takes one request and ends. */
import { errorDataOf } from '../../protocol/errorData.js';
import { type ExportNotice, type ExportRequest } from '../../protocol/exportProcess.js';
import { exportResult } from './exportResult.js';

const tell = (notice: ExportNotice): void => {
  process.send?.(notice);
};

process.once('message', (request: ExportRequest) => {
  exportResult(request, (rows) => tell({ kind: 'progress', rows }))
    .then((outcome) => tell({ kind: 'done', outcome }))
    .catch((error: unknown) => tell({ kind: 'failed', error: errorDataOf(error) }))
    .finally(() => process.disconnect());
});
// Whoever wanted the file is gone.
process.once('disconnect', () => process.exit());
