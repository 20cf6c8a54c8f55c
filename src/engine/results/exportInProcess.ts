/** Starts the process that writes a result to a file, listens to it, and ends it when it is cancelled. */
import { fork } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { type CancellationToken } from '../../core/shared/cancellation.js';
import { JoineryError } from '../../core/shared/errors.js';
import { errorFromData } from '../../protocol/errorData.js';
import { type ExportNotice, type ExportOutcome, type ExportRequest } from '../../protocol/exportProcess.js';

export interface ExportProcess {
  /** The bundled program. */
  readonly program: string;
  /** Further environment, such as ELECTRON_RUN_AS_NODE. */
  readonly env: Readonly<Record<string, string>>;
  readonly token: CancellationToken;
  /** Rows so far. */
  readonly progress: (rows: number) => void;
}

/** Throws the errors of statement, database and file, `process.died`, or `cancelled`; an unfinished file is taken away. */
export async function exportInProcess(request: ExportRequest, { program, env, token, progress }: ExportProcess): Promise<ExportOutcome> {
  const child = fork(program, [], { env: { ...process.env, ...env }, execArgv: [], stdio: 'ignore' });
  const link = token.onCancellationRequested(() => child.kill('SIGKILL'));
  try {
    return await new Promise<ExportOutcome>((resolve, reject) => {
      child.on('message', (notice: ExportNotice) => {
        if (notice.kind === 'progress') progress(notice.rows);
        else if (notice.kind === 'done') resolve(notice.outcome);
        else reject(errorFromData(notice.error) ?? new JoineryError('internal', { reason: 'export' }));
      });
      child.once('error', (error) => reject(new JoineryError('process.startFailed', { detail: error.message }, error)));
      child.once('exit', (code, signal) =>
        reject(
          token.isCancellationRequested
            ? new JoineryError('cancelled')
            : new JoineryError('process.died', { detail: signal ?? `exit code ${code}` }),
        ),
      );
      child.send(request);
    });
  } catch (error) {
    await rm(`${request.file}.part`, { force: true });
    throw error;
  } finally {
    link.dispose();
  }
}
