/** Definitions of a database as a read-only document, for "go to definition". Written anew whenever the schema has changed. */
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../../core/shared/disposable.js';
import { ddlLocation, ddlScheme, ddlUri } from '../../services/ddlLocation.js';
import { type Services } from '../../services/services.js';
import { type BoundDatabase } from '../../services/sqlDocuments.js';

export class DdlDocuments implements Disposable, vscode.TextDocumentContentProvider {
  readonly #store = new DisposableStore();
  readonly #changed = this.#store.own(new vscode.EventEmitter<vscode.Uri>());

  readonly onDidChange = this.#changed.event;

  constructor(private readonly services: Services) {
    this.#store.own(vscode.workspace.registerTextDocumentContentProvider(ddlScheme, this));
    this.#store.own(services.schemas.onChanged(({ path, kind }) => kind === 'schema' && this.#changed.fire(ddlUri(path))));
  }

  async provideTextDocumentContent({ query }: vscode.Uri): Promise<string> {
    const { opened } = await this.services.schemas.look(query);
    if (!opened) return '';
    const { ddlText } = await this.services.sql.language();
    return ddlText(opened.knowledge.schema).text;
  }

  /** Undefined when the definition is not written anywhere, as that of a table inside SQLite. */
  find({ path, opened }: BoundDatabase, table: string, column?: string): Promise<vscode.Location | undefined> {
    return ddlLocation(path, opened.knowledge.schema, table, column);
  }

  dispose(): void {
    this.#store.dispose();
  }
}
