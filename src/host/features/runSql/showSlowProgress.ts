/** Work that is usually quick: nothing is shown until it has taken a while, then its time and a button that cancels it. */
import * as vscode from 'vscode';
import { CancellationSource, type CancellationToken } from '../../../core/shared/cancellation.js';

const quietMs = 700;
const tickMs = 1_000;

export async function showSlowProgress<T>(title: string, run: (token: CancellationToken) => Promise<T>): Promise<T> {
  const source = new CancellationSource();
  const started = performance.now();
  const work = run(source.token);
  const timer = setTimeout(() => void showWhile(title, work, source, started), quietMs);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
    source.dispose();
  }
}

async function showWhile(title: string, work: Promise<unknown>, source: CancellationSource, started: number): Promise<void> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  await vscode.window.withProgress(options, async (progress, token) => {
    const link = token.onCancellationRequested(() => source.cancel());
    const tell = (): void => progress.report({ message: vscode.l10n.t('{0} s', Math.round((performance.now() - started) / 1_000)) });
    const ticks = setInterval(tell, tickMs);
    try {
      await work.catch(() => undefined); // Whoever started the work is told how it ended.
    } finally {
      clearInterval(ticks);
      link.dispose();
    }
  });
}
