/** The previews that are on screen, as documents that nobody can edit; closing a document throws its preview and its copies away. */
import path from 'node:path';
import * as vscode from 'vscode';
import { type Disposable } from '../../../core/shared/disposable.js';
import { type Logger } from '../../../core/shared/logger.js';
import { type PreparedWrite } from '../../../engine/writes/prepareWrite.js';
import { previewText } from './previewText.js';
import { previewWords } from './previewWords.js';

const scheme = 'joinery-preview';

export interface OpenPreview {
  readonly write: PreparedWrite;
  /** Short name of the database. */
  readonly label: string;
  state: 'open' | 'applied';
}

export class OpenPreviews implements vscode.TextDocumentContentProvider, vscode.CodeLensProvider, Disposable {
  readonly #open = new Map<string, OpenPreview>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #lensesChanged = new vscode.EventEmitter<void>();
  readonly #registrations: vscode.Disposable[];
  #last = 0;

  readonly onDidChange = this.#changed.event;
  readonly onDidChangeCodeLenses = this.#lensesChanged.event;

  constructor(
    private readonly applyCommand: string,
    private readonly log: Logger,
  ) {
    this.#registrations = [
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      vscode.languages.registerCodeLensProvider({ scheme }, this),
      vscode.window.tabGroups.onDidChangeTabs(({ closed }) => closed.forEach((tab) => this.#tabClosed(tab))),
    ];
  }

  async show(write: PreparedWrite, label: string): Promise<void> {
    this.#last++;
    const name = vscode.l10n.t('Changes to {0}', path.basename(write.preview.database));
    const uri = vscode.Uri.from({ scheme, path: `/${name}`, query: String(this.#last) });
    this.#open.set(uri.toString(), { write, label, state: 'open' });
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.languages.setTextDocumentLanguage(document, 'diff');
    await vscode.window.showTextDocument(document, { preview: false });
  }

  get(uri: vscode.Uri | undefined): OpenPreview | undefined {
    return uri && this.#open.get(uri.toString());
  }

  /** The preview of the address that a command was given, else that of the active editor. */
  find(given: unknown): { readonly uri: vscode.Uri; readonly preview: OpenPreview } | undefined {
    const uri = given instanceof vscode.Uri ? given : vscode.window.activeTextEditor?.document.uri;
    const preview = this.get(uri);
    return uri && preview && { uri, preview };
  }

  async applied(uri: vscode.Uri): Promise<void> {
    const preview = this.get(uri);
    if (!preview) return;
    preview.state = 'applied';
    this.#changed.fire(uri);
    this.#lensesChanged.fire();
    await preview.write.dispose();
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    const preview = this.get(uri);
    if (!preview) return vscode.l10n.t('This preview is over.');
    return previewText(preview.write.preview, previewWords(preview.label, preview.state, preview.write.preview));
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const preview = this.get(document.uri);
    if (preview?.state !== 'open') return [];
    const title = vscode.l10n.t('$(check) Apply to {0}…', preview.label);
    return [new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), { title, command: this.applyCommand, arguments: [document.uri] })];
  }

  dispose(): void {
    for (const registration of this.#registrations.splice(0)) registration.dispose();
    for (const uri of [...this.#open.keys()]) this.#end(uri);
    this.#changed.dispose();
    this.#lensesChanged.dispose();
  }

  #tabClosed(tab: vscode.Tab): void {
    if (tab.input instanceof vscode.TabInputText && tab.input.uri.scheme === scheme) this.#end(tab.input.uri.toString());
  }

  #end(uri: string): void {
    const preview = this.#open.get(uri);
    this.#open.delete(uri);
    preview?.write.dispose().catch((error: unknown) => this.log.log('warn', 'host', 'a preview did not end cleanly', error));
  }
}
