/**
 * The SQL file that one works with: the tables near its cursor, for the database that it means. Tells when they have changed, after
 * the typing has paused. Knows no schema; whoever asks gives one.
 */
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../core/shared/disposable.js';
import { Emitter } from '../../core/shared/event.js';
import { workingTables } from '../../core/presentation/workingTables.js';
import { type DatabaseSchema } from '../../core/schema/types.js';
import { type DatabaseService } from './databaseService.js';
import { documentLanguage } from './documentLanguage.js';
import { namedDatabaseAt } from './documentLines.js';

/** Milliseconds without typing or moving after which the tables are read again. */
const pauseMs = 400;

export class WorkingFile implements Disposable {
  readonly #store = new DisposableStore();
  readonly #changed = new Emitter<void>();
  #editor: vscode.TextEditor | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** The file, its text, its cursor or its database may be another one now. */
  readonly onChanged = this.#changed.event;

  constructor(private readonly databases: DatabaseService) {
    this.#editor = sqlEditor();
    this.#store.own(vscode.window.onDidChangeActiveTextEditor(() => this.#later()));
    this.#store.own(vscode.window.onDidChangeVisibleTextEditors(() => this.#later()));
    this.#store.own(vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => textEditor === this.#editor && this.#later()));
    this.#store.own(vscode.workspace.onDidChangeTextDocument(({ document }) => document === this.#editor?.document && this.#later()));
    this.#store.own(databases.onChanged(() => this.#later()));
    this.#store.own(this.#changed);
  }

  /** The SQL editor that was active last and is still in sight. */
  get editor(): vscode.TextEditor | undefined {
    return sqlEditor();
  }

  /** Tables of the file that the database has, nearest to the cursor first; none when the file means another database. */
  async tables(database: string, schema: DatabaseSchema): Promise<readonly string[]> {
    const { editor } = this;
    if (!editor || (await this.database()) !== database) return [];
    const { document, selection } = editor;
    return workingTables(document.getText(), document.offsetAt(selection.active), schema);
  }

  /** Path of the database that the file means, when that is clear. */
  async database(): Promise<string | undefined> {
    const { editor } = this;
    if (!editor) return undefined;
    const resolution = await this.databases.resolve(editor.document, namedDatabaseAt(editor.document, editor.selection.active.line));
    return resolution.kind === 'one' ? resolution.path : undefined;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#store.dispose();
  }

  #later(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#editor = sqlEditor();
      this.#changed.fire();
    }, pauseMs);
  }
}

/** The active editor when it holds SQL, else one that is in sight. */
function sqlEditor(): vscode.TextEditor | undefined {
  const isSql = (editor: vscode.TextEditor): boolean => documentLanguage(editor.document.languageId)?.kind === 'sql';
  const active = vscode.window.activeTextEditor;
  return active && isSql(active) ? active : vscode.window.visibleTextEditors.find(isSql);
}
