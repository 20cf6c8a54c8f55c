/** Shows results of statements: attaches the viewer that everybody else reaches through `services.results`. */
import * as vscode from 'vscode';
import { type Disposable } from '../../../core/shared/disposable.js';
import { type Services } from '../../services/services.js';

const limits = { timeoutMs: 20_000, maxRows: 200 };

export function registerResultsPanel({ engines, results }: Services): Disposable {
  return results.attach({
    async show({ database, sql }) {
      const engine = await engines.get();
      const opened = await engine.catalogue.open(database);
      const { columns, rows } = await opened.database.run(sql, limits);
      const content = [columns, ...rows.map((row) => row.map(String))].map((row) => row.join('\t')).join('\n');
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content, language: 'plaintext' }), { preview: true });
    },
  });
}
