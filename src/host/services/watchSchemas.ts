/**
 * Tells the schema service when files may have changed: at once through the editor's watchers, and by looking at the marks of the
 * files now and then, because watchers miss network folders, excluded folders and databases with unusual names.
 */
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../core/shared/disposable.js';
import { type DatabaseService } from './databaseService.js';
import { type SchemaService } from './schemaService.js';

const pattern = '**/*.{db,db3,sqlite,sqlite3,s3db,db-wal,db3-wal,sqlite-wal,sqlite3-wal,s3db-wal}';
/** Milliseconds between two looks; only while the window is in use and something is open. */
const lookMs = 2_000;
/** One transaction changes a file several times. */
const settleMs = 100;

export function watchSchemas(schemas: SchemaService, databases: DatabaseService): Disposable {
  const store = new DisposableStore();
  const touched = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    timer = undefined;
    for (const path of touched) if (schemas.paths.includes(path)) void schemas.check(path);
    touched.clear();
  };
  const touch = ({ fsPath }: vscode.Uri): void => {
    touched.add(fsPath.replace(/-wal$/, ''));
    timer ??= setTimeout(flush, settleMs);
  };
  const watcher = store.own(vscode.workspace.createFileSystemWatcher(pattern));
  for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]) store.own(event(touch));
  // Verdicts on relations come with the repository, too.
  const verdicts = store.own(vscode.workspace.createFileSystemWatcher('**/.joinery/relations.json'));
  const judgeAgain = (): void => schemas.paths.forEach((path) => touch(vscode.Uri.file(path)));
  for (const event of [verdicts.onDidChange, verdicts.onDidCreate, verdicts.onDidDelete]) store.own(event(judgeAgain));
  const clock = setInterval(() => {
    if (vscode.window.state.focused && schemas.paths.length > 0) void look(schemas, databases);
  }, lookMs);
  store.own(vscode.window.onDidChangeWindowState(({ focused }) => focused && void look(schemas, databases)));
  store.own({
    dispose: () => {
      clearInterval(clock);
      clearTimeout(timer);
    },
  });
  return store;
}

/** A file that has gone leaves the list of databases, too. */
async function look(schemas: SchemaService, databases: DatabaseService): Promise<void> {
  await schemas.checkChanged();
  const listed = await databases.list();
  const gone = schemas.paths.filter((path) => listed.includes(path) && isGone(schemas.peek(path)?.failure));
  if (gone.length > 0) databases.refresh();
}

function isGone(failure: unknown): boolean {
  return failure instanceof Error && 'code' in failure && (failure.code === 'file.missing' || failure.code === 'file.vanished');
}
