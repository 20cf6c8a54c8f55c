/**
 * The databases of the workspace and which of them a document means. Looks for files and remembers choices; opens nothing, so it
 * also works in an untrusted workspace.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { type Disposable } from '../../core/shared/disposable.js';
import { Emitter } from '../../core/shared/event.js';
import { type Logger } from '../../core/shared/logger.js';
import { readSetting } from '../platform/settings.js';
import { hasSeveralFolders, namedFolderOf, workspaceFolders } from '../platform/workspaceFolders.js';
import { labelIn, nameInDocument } from './databaseLabels.js';
import { findInFolders } from './findInFolders.js';
import { resolveDatabase, type DatabaseResolution } from './resolveDatabase.js';

export type FindDatabases = (folder: string) => Promise<readonly string[]>;

const choicesKey = 'joinery.databaseChoices';
const filePattern = '**/*.{db,db3,sqlite,sqlite3,s3db}';

export class DatabaseService implements Disposable {
  readonly #changed = new Emitter<void>();
  readonly #watchers: vscode.Disposable[] = [];
  #found: Promise<readonly string[]> | undefined;

  /** Databases came or went, or a choice was made. */
  readonly onChanged = this.#changed.event;

  constructor(
    private readonly memory: vscode.Memento,
    private readonly findDatabases: FindDatabases,
    private readonly log: Logger,
  ) {
    const watcher = vscode.workspace.createFileSystemWatcher(filePattern, false, true, false);
    const again = (): void => this.refresh();
    this.#watchers.push(
      watcher,
      watcher.onDidCreate(again),
      watcher.onDidDelete(again),
      vscode.workspace.onDidChangeWorkspaceFolders(again),
    );
  }

  /** Absolute paths, sorted, of all workspace folders. */
  list(): Promise<readonly string[]> {
    this.#found ??= this.#find();
    return this.#found;
  }

  /** Forgets what was found; the next question looks again. */
  refresh(): void {
    this.#found = undefined;
    this.#changed.fire();
  }

  /** `named` is the path after `-- @db`, when the document has one. */
  async resolve(document: vscode.TextDocument | undefined, named: string | undefined): Promise<DatabaseResolution> {
    const workspaceFolder = workspaceFolderOf(document);
    const folder = folderOf(document);
    return resolveDatabase({
      folder,
      workspaceFolder,
      choices: new Map(Object.entries(this.#choices()).filter(([, database]) => existsSync(database))),
      setting: readSetting('database', document?.uri),
      found: await this.list(),
      ...(named === undefined ? {} : { named }),
    });
  }

  /** From now on files of the document's folder, and of those below it, mean this database. */
  async choose(document: vscode.TextDocument | undefined, database: string): Promise<void> {
    await this.memory.update(choicesKey, { ...this.#choices(), [folderOf(document)]: database });
    this.#changed.fire();
  }

  /** Short enough for a status bar, unique enough to tell databases apart. */
  labelOf(database: string): string {
    return labelIn(database, hasSeveralFolders(), namedFolderOf(database));
  }

  /** The database as `-- @db` names it in a document that is no file yet. */
  nameInDocument(database: string): string {
    return nameInDocument(database, hasSeveralFolders(), namedFolderOf(database));
  }

  dispose(): void {
    for (const watcher of this.#watchers.splice(0)) watcher.dispose();
    this.#changed.dispose();
  }

  #choices(): Readonly<Record<string, string>> {
    return this.memory.get<Record<string, string>>(choicesKey, {});
  }

  async #find(): Promise<readonly string[]> {
    const started = performance.now();
    const all = await findInFolders(workspaceFolders(), this.findDatabases, (folder, error) => {
      this.log.log('warn', 'host', `databases of ${folder} were not found`, error);
    });
    this.log.log('info', 'host', `${all.length} databases found in ${Math.round(performance.now() - started)} ms`);
    return all;
  }
}

export function folderOf(document: vscode.TextDocument | undefined): string {
  if (document && document.uri.scheme !== 'untitled') return path.dirname(document.uri.fsPath);
  return workspaceFolderOf(document);
}

function workspaceFolderOf(document: vscode.TextDocument | undefined): string {
  const own = document && vscode.workspace.getWorkspaceFolder(document.uri);
  const folder = own ?? vscode.workspace.workspaceFolders?.[0];
  if (folder) return folder.uri.fsPath;
  return document && document.uri.scheme !== 'untitled' ? path.dirname(document.uri.fsPath) : process.cwd();
}
