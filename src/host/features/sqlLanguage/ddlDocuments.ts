/** Definitions of a database as a read-only document, for "go to definition". Written anew whenever the schema has changed. */
import path from 'node:path';
import * as vscode from 'vscode';
import { type DdlText, ddlText } from '../../../core/language/ddlText.js';
import { DisposableStore, type Disposable } from '../../../core/shared/disposable.js';
import { type Services } from '../../services/services.js';
import { type BoundDatabase } from '../../services/sqlDocuments.js';

const scheme = 'joinery-ddl';

export class DdlDocuments implements Disposable, vscode.TextDocumentContentProvider {
  readonly #store = new DisposableStore();
  readonly #changed = this.#store.own(new vscode.EventEmitter<vscode.Uri>());

  readonly onDidChange = this.#changed.event;

  constructor(private readonly services: Services) {
    this.#store.own(vscode.workspace.registerTextDocumentContentProvider(scheme, this));
    this.#store.own(services.schemas.onChanged(({ path: database, kind }) => kind === 'schema' && this.#changed.fire(uriOf(database))));
  }

  async provideTextDocumentContent({ query }: vscode.Uri): Promise<string> {
    const { opened } = await this.services.schemas.look(query);
    return opened ? ddlText(opened.knowledge.schema).text : '';
  }

  /** Undefined when the definition is not written anywhere, as that of a table inside SQLite. */
  find({ path: database, opened }: BoundDatabase, table: string, column?: string): vscode.Location | undefined {
    const text = ddlText(opened.knowledge.schema);
    const place = text.find(table, column);
    return place && new vscode.Location(uriOf(database), rangeIn(text, place));
  }

  dispose(): void {
    this.#store.dispose();
  }
}

function uriOf(database: string): vscode.Uri {
  return vscode.Uri.from({ scheme, path: `/${path.basename(database)}.sql`, query: database });
}

function rangeIn({ text }: DdlText, { start, end }: { readonly start: number; readonly end: number }): vscode.Range {
  const position = (offset: number): vscode.Position => {
    const before = text.slice(0, offset).split('\n');
    return new vscode.Position(before.length - 1, before.at(-1)?.length ?? 0);
  };
  return new vscode.Range(position(start), position(end));
}
