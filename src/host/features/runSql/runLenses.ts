/** "Run | Explain | Ask" above every statement of a SQL file that has a database; other SQL files are left in peace. */
import * as vscode from 'vscode';
import { questionAround } from '../../../core/presentation/commentQuestion.js';
import { type Disposable, DisposableStore } from '../../../core/shared/disposable.js';
import { scriptStatements, type ScriptStatement } from '../../../core/sql/scriptStatements.js';
import { commandIds } from '../../platform/generatedIds.js';
import { onSettingsChanged, readSetting } from '../../platform/settings.js';
import { linesOf, namedDatabaseAt } from '../../services/documentLines.js';
import { type DatabaseResolution } from '../../services/resolveDatabase.js';
import { type Services } from '../../services/services.js';

/** Beyond this many statements a file is a dump, and lenses would be in the way. */
const mostStatements = 500;

export function registerRunLenses(services: Services): Disposable {
  const store = new DisposableStore();
  const changed = store.own(new vscode.EventEmitter<void>());
  store.own(services.databases.onChanged(() => changed.fire()));
  store.own(onSettingsChanged(['codeLens', 'database'], () => changed.fire()));
  store.own(vscode.workspace.onDidGrantWorkspaceTrust(() => changed.fire()));
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses: (document) => lensesOf(services, document),
  };
  store.own(vscode.languages.registerCodeLensProvider([{ language: 'sql' }, { language: 'sqlite' }], provider));
  return store;
}

async function lensesOf(services: Services, document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
  const { databases } = services;
  if (!vscode.workspace.isTrusted || !readSetting('codeLens', document.uri)) return [];
  const statements = scriptStatements(document.getText());
  if (statements.length > mostStatements) return [];
  const lenses: vscode.CodeLens[] = [];
  const resolutions = new Map<string | undefined, DatabaseResolution>();
  for (const statement of statements) {
    const start = document.positionAt(statement.start);
    const named = namedDatabaseAt(document, start.line);
    const resolution = resolutions.get(named) ?? (await databases.resolve(document, named));
    resolutions.set(named, resolution);
    // With several databases, the command asks which one.
    if (resolution.kind === 'none' || !(await isMeant(services, document, resolution))) continue;
    const database = resolution.kind === 'one' ? resolution.path : undefined;
    lenses.push(...lensesFor(statement, start, { database, question: questionAround(linesOf(document), start.line, '--')?.question }));
  }
  return lenses;
}

/** A script for another product is not offered to a database that merely lies beside it. */
async function isMeant({ sql }: Services, document: vscode.TextDocument, resolution: DatabaseResolution): Promise<boolean> {
  const isChosen = resolution.kind === 'one' && resolution.from !== 'only';
  const [region] = isChosen ? [] : await sql.regions(document);
  return region === undefined || sql.isMeant({ isChosen, language: await sql.language() }, region);
}

interface LensContext {
  readonly database: string | undefined;
  /** Of the comment above the statement. */
  readonly question: string | undefined;
}

function lensesFor({ text }: ScriptStatement, start: vscode.Position, { database, question }: LensContext): vscode.CodeLens[] {
  const range = new vscode.Range(start, start);
  const given = { sql: text, ...(database === undefined ? {} : { database }) };
  // The question above the statement is there to be reworded.
  const asked = database === undefined ? [] : [{ database, draft: question ?? '' }];
  return [
    new vscode.CodeLens(range, { title: vscode.l10n.t('$(play) Run'), command: commandIds.runStatement, arguments: [given] }),
    new vscode.CodeLens(range, { title: vscode.l10n.t('Explain'), command: commandIds.explainStatement, arguments: [given] }),
    new vscode.CodeLens(range, { title: vscode.l10n.t('Ask'), command: commandIds.ask, arguments: asked }),
  ];
}
