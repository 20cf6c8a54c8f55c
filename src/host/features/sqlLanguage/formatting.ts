/**
 * Formatting of SQL files that mean a database. The provider is registered for each such document alone: for all others the editor knows
 * of no formatter of ours, and never asks which one to take.
 */
import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../../core/shared/disposable.js';
import { type Services } from '../../services/services.js';
import { isSqlDocument } from '../../services/sqlDocuments.js';

export function registerFormatting(services: Services): Disposable {
  const store = new DisposableStore();
  const registered = new Map<string, Disposable>();
  const look = async (document: vscode.TextDocument): Promise<void> => {
    const key = document.uri.toString();
    if ((await isWanted(services, document)) && !store.isDisposed && !document.isClosed) {
      if (!registered.has(key)) registered.set(key, register(services, document));
    } else drop(key);
  };
  const drop = (key: string): void => {
    registered.get(key)?.dispose();
    registered.delete(key);
  };
  const all = (): void => {
    for (const document of vscode.workspace.textDocuments) void look(document);
  };
  store.own(vscode.workspace.onDidOpenTextDocument((document) => void look(document)));
  store.own(vscode.workspace.onDidCloseTextDocument(({ uri }) => drop(uri.toString())));
  store.own(vscode.window.onDidChangeActiveTextEditor((editor) => editor && void look(editor.document)));
  store.own(services.databases.onChanged(all));
  store.own({ dispose: () => [...registered.keys()].forEach(drop) });
  all();
  return store;
}

async function isWanted({ sql }: Services, document: vscode.TextDocument): Promise<boolean> {
  if (!isSqlDocument(document) || !sql.serves(document)) return false;
  // The database first: without one the language is not loaded.
  const bound = await sql.databaseAt(document, 0);
  const [region] = bound ? await sql.regions(document) : [];
  return bound !== undefined && region !== undefined && sql.isMeant(bound, region);
}

function register(services: Services, { uri, languageId }: vscode.TextDocument): Disposable {
  // Signs with a meaning in patterns stand for themselves in a path.
  const pattern = uri.fsPath.replace(/[[\]{}*?]/g, '[$&]');
  return vscode.languages.registerDocumentRangeFormattingEditProvider(
    { language: languageId, scheme: uri.scheme, pattern },
    {
      async provideDocumentRangeFormattingEdits(document, range) {
        const [region] = await services.sql.regions(document);
        const { formatStatements } = await services.sql.language();
        if (!region) return [];
        const [from, to] = [document.offsetAt(range.start), document.offsetAt(range.end)];
        return formatStatements(region.script, from, to).map(
          ({ start, end, text }) => new vscode.TextEdit(new vscode.Range(document.positionAt(start), document.positionAt(end)), text),
        );
      },
    },
  );
}
