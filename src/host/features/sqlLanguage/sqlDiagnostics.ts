/**
 * Faults of open documents, found again a moment after each edit and whenever the database changes. Statements are compiled, never run;
 * in an untrusted workspace not even that.
 */
import * as vscode from 'vscode';
import { type Fault, type ScriptChecker } from '../../../core/language/checkScript.js';
import { type LanguageSchema } from '../../../core/language/languageSchema.js';
import { CancellationSource, type CancellationToken } from '../../../core/shared/cancellation.js';
import { DisposableStore, type Disposable } from '../../../core/shared/disposable.js';
import { isCancelled } from '../../../core/shared/errors.js';
import { type ScriptStatement } from '../../../core/sql/scriptStatements.js';
import { type StatementChecks } from '../../../engine/check/statementChecks.js';
import { type SqlLanguage } from '../../../engine/language/sqlLanguage.js';
import { onSettingsChanged, readSetting } from '../../platform/settings.js';
import { namedDatabaseAt } from '../../services/documentLines.js';
import { type Services } from '../../services/services.js';
import { type BoundDatabase, isSqlDocument, type SqlRegion } from '../../services/sqlDocuments.js';
import { faultMessage } from './faultWords.js';

/** Milliseconds without an edit before the text is looked at. */
const pauseMs = 60;

/** A fault of a document, with what is needed to mend it. */
export interface DocumentFault {
  readonly fault: Fault;
  readonly range: vscode.Range;
  readonly region: SqlRegion;
  readonly schema: LanguageSchema;
  readonly language: SqlLanguage;
}

interface KnownChecker {
  readonly schemaHash: string;
  readonly checker: ScriptChecker;
}

export class SqlDiagnostics implements Disposable {
  readonly #store = new DisposableStore();
  readonly #collection: vscode.DiagnosticCollection;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #running = new Map<string, CancellationSource>();
  readonly #faults = new WeakMap<vscode.TextDocument, { readonly version: number; readonly faults: readonly DocumentFault[] }>();
  /** Documents with a fault that is not shown because it is just being typed. */
  readonly #hiding = new WeakSet<vscode.TextDocument>();
  readonly #checkers = new Map<string, KnownChecker>();
  #checks: StatementChecks | undefined;

  constructor(private readonly services: Services) {
    const own = <T extends Disposable>(item: T): T => this.#store.own(item);
    this.#collection = own(vscode.languages.createDiagnosticCollection('joinery-sql'));
    own(vscode.workspace.onDidOpenTextDocument((document) => this.#later(document)));
    own(vscode.workspace.onDidChangeTextDocument(({ document }) => this.#later(document)));
    own(vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => this.#hiding.has(textEditor.document) && this.#later(textEditor.document))); // prettier-ignore
    own(vscode.workspace.onDidCloseTextDocument((document) => this.#forget(document)));
    own(vscode.workspace.onDidGrantWorkspaceTrust(() => this.#all()));
    own(onSettingsChanged(['diagnostics', 'languageSupport', 'database'], () => this.#all()));
    own(services.databases.onChanged(() => this.#all()));
    own(services.schemas.onChanged(({ kind }) => kind !== 'facts' && this.#all()));
    this.#all();
  }

  /** Faults of the document as it is now; none while it is being looked at. */
  faultsOf(document: vscode.TextDocument): readonly DocumentFault[] {
    const known = this.#faults.get(document);
    return known?.version === document.version ? known.faults : [];
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const source of this.#running.values()) source.cancel();
    this.#store.dispose();
    this.#checks?.close().catch((error: unknown) => this.services.log.log('debug', 'language', 'a judge did not close', error));
  }

  #all(): void {
    for (const document of vscode.workspace.textDocuments) this.#later(document);
  }

  #later(document: vscode.TextDocument): void {
    if (!this.services.sql.serves(document)) {
      this.#collection.delete(document.uri);
      return;
    }
    const key = document.uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#timers.set(key, setTimeout(() => void this.#look(document), pauseMs)); // prettier-ignore
  }

  #forget(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    this.#running.get(key)?.cancel();
    this.#collection.delete(document.uri);
  }

  async #look(document: vscode.TextDocument): Promise<void> {
    const key = document.uri.toString();
    this.#timers.delete(key);
    this.#running.get(key)?.cancel();
    const source = new CancellationSource();
    this.#running.set(key, source);
    try {
      const { version } = document;
      const started = performance.now();
      const faults = this.#isOn(document) ? await this.#find(document, source.token) : [];
      if (source.token.isCancellationRequested || document.isClosed || document.version !== version) return;
      this.#faults.set(document, { version, faults });
      const shown = faults.filter((fault) => !isBeingTyped(document, fault));
      if (shown.length < faults.length) this.#hiding.add(document);
      else this.#hiding.delete(document);
      this.#collection.set(document.uri, shown.map(diagnosticOf));
      this.services.log.log('trace', 'language', `${faults.length} faults in ${Math.round(performance.now() - started)} ms`);
    } catch (error) {
      if (isCancelled(error)) return;
      // A file that cannot be read just now says nothing about the text.
      this.#collection.delete(document.uri);
      this.services.log.log('debug', 'language', 'statements were not checked', error);
    } finally {
      if (this.#running.get(key) === source) this.#running.delete(key);
    }
  }

  #isOn(document: vscode.TextDocument): boolean {
    return vscode.workspace.isTrusted && this.services.sql.serves(document) && readSetting('diagnostics', document.uri);
  }

  async #find(document: vscode.TextDocument, token: CancellationToken): Promise<readonly DocumentFault[]> {
    const found: DocumentFault[] = [];
    for (const part of partsOf(document, await this.services.sql.regions(document))) {
      const bound = await this.services.sql.databaseNamed(document, part.named);
      if (!bound || token.isCancellationRequested) continue;
      if (!this.services.sql.isMeant(bound, part.region)) continue;
      const faults = await this.#checker(bound).check(part.region.script, token, part.region.holes);
      for (const fault of faults)
        found.push({
          fault,
          region: part.region,
          schema: bound.schema,
          language: bound.language,
          range: rangeOf(document, part.region, fault),
        });
    }
    return found;
  }

  #checker({ path, schema, language }: BoundDatabase): ScriptChecker {
    const known = this.#checkers.get(path);
    const { schemaHash } = schema.schema;
    if (known?.schemaHash === schemaHash) return known.checker;
    this.#checks ??= new language.StatementChecks();
    const checks = this.#checks;
    const checker = new language.ScriptChecker(schema, (statements) => checks.complaints(path, statements));
    this.#checkers.set(path, { schemaHash, checker });
    return checker;
  }
}

/** A statement that lacks its end, with the cursor there: the user is about to write it. */
function isBeingTyped(document: vscode.TextDocument, { fault, range }: DocumentFault): boolean {
  const editor = vscode.window.activeTextEditor;
  if (fault.kind !== 'incomplete' || editor?.document !== document) return false;
  const { active } = editor.selection;
  return active.isAfterOrEqual(range.end) && document.getText(new vscode.Range(range.end, active)).trim() === '';
}

interface Part {
  readonly region: SqlRegion;
  /** Database that the document names for this part. */
  readonly named: string | undefined;
}

/** Statements by the database that the document names for them. */
function partsOf(document: vscode.TextDocument, regions: readonly SqlRegion[]): readonly Part[] {
  const lines: { readonly line: number; readonly named: string | undefined }[] = [];
  for (let line = 0; line < document.lineCount; line++) {
    if (document.lineAt(line).text.includes('@db')) lines.push({ line, named: namedDatabaseAt(document, line) });
  }
  const named = (line: number): string | undefined => (lines.findLast((entry) => entry.line <= line) ?? lines[0])?.named;
  if (!isSqlDocument(document)) return regions.map((region) => ({ region, named: named(document.positionAt(region.start).line) }));
  const [region] = regions;
  if (!region) return [];
  if (lines.length < 2) return [{ region, named: lines[0]?.named }];
  const groups = new Map<string | undefined, ScriptStatement[]>();
  for (const statement of region.script.statements) {
    const name = named(document.positionAt(statement.start).line);
    groups.set(name, [...(groups.get(name) ?? []), statement]);
  }
  return [...groups].map(([name, statements]) => ({ region: { ...region, script: { ...region.script, statements } }, named: name }));
}

function rangeOf(document: vscode.TextDocument, { start }: SqlRegion, fault: Fault): vscode.Range {
  return new vscode.Range(document.positionAt(start + fault.start), document.positionAt(start + fault.end));
}

function diagnosticOf({ fault, range }: DocumentFault): vscode.Diagnostic {
  const severity = fault.isHint ? vscode.DiagnosticSeverity.Warning : vscode.DiagnosticSeverity.Error;
  const diagnostic = new vscode.Diagnostic(range, faultMessage(fault), severity);
  diagnostic.source = 'SQLite';
  diagnostic.code = fault.kind;
  return diagnostic;
}
