/**
 * Documents as SQL: the whole text of a SQL file, or the strings of a program that are SQL, and the database that each place means.
 * Read once per version of a document. Without a database that is clear, a place has none, and nothing is offered there.
 */
import * as vscode from 'vscode';
import { findEmbeddedSql, type HostLanguage } from '../../core/language/embeddedSql.js';
import { type LanguageSchema, languageSchema } from '../../core/language/languageSchema.js';
import { type TextPlace } from '../../core/language/placeComplaint.js';
import { readScript, type Script } from '../../core/language/script.js';
import { type OpenedDatabase } from '../../engine/catalogue/types.js';
import { readSetting } from '../platform/settings.js';
import { type DatabaseService } from './databaseService.js';
import { documentLanguage } from './documentLanguage.js';
import { namedDatabaseAt } from './documentLines.js';
import { type SchemaService } from './schemaService.js';

/** A piece of a document that is SQL. */
export interface SqlRegion {
  /** Offset in the document where the script begins. */
  readonly start: number;
  readonly end: number;
  readonly script: Script;
  /** Places of the script that stand for something of the program around it. */
  readonly holes: readonly TextPlace[];
}

export interface BoundDatabase {
  readonly path: string;
  readonly opened: OpenedDatabase;
  readonly schema: LanguageSchema;
  /** Somebody said that the document means this database; else it is merely the only one there is. */
  readonly isChosen: boolean;
}

/** A place in a document: its piece of SQL, the offset there, the database that it means. */
export interface SqlPlace extends BoundDatabase {
  readonly region: SqlRegion;
  readonly offset: number;
}

/** Languages with SQL in their strings. */
const hostLanguages: ReadonlyMap<string, HostLanguage> = new Map([
  ['typescript', 'script'],
  ['typescriptreact', 'script'],
  ['javascript', 'script'],
  ['javascriptreact', 'script'],
  ['python', 'python'],
]);
export const sqlLanguageIds: readonly string[] = ['sql', 'sqlite'];
export const embeddingLanguageIds: readonly string[] = [...hostLanguages.keys()];

/** UTF-16 units; longer documents are dumps and generated programs. */
const longest = 2_000_000;

export class SqlDocuments {
  readonly #regions = new WeakMap<vscode.TextDocument, { readonly version: number; readonly regions: readonly SqlRegion[] }>();
  readonly #schemas = new WeakMap<object, LanguageSchema>();

  constructor(
    private readonly databases: DatabaseService,
    private readonly schemas: SchemaService,
  ) {}

  /** Whether the language support is wanted for the document at all. */
  serves(document: vscode.TextDocument): boolean {
    const isKnown = isSqlDocument(document) || hostLanguages.has(document.languageId);
    return (
      isKnown && (document.uri.scheme === 'file' || document.uri.scheme === 'untitled') && readSetting('languageSupport', document.uri)
    );
  }

  /** The pieces of SQL in the order of the text. */
  regions(document: vscode.TextDocument): readonly SqlRegion[] {
    const known = this.#regions.get(document);
    if (known?.version === document.version) return known.regions;
    const regions = readRegions(document);
    this.#regions.set(document, { version: document.version, regions });
    return regions;
  }

  regionAt(document: vscode.TextDocument, position: vscode.Position): SqlRegion | undefined {
    const offset = document.offsetAt(position);
    return this.regions(document).find(({ start, end }) => start <= offset && offset <= end);
  }

  /** Undefined outside of SQL, and where no database is clear or readable. */
  async placeAt(document: vscode.TextDocument, position: vscode.Position): Promise<SqlPlace | undefined> {
    if (!this.serves(document)) return undefined;
    const region = this.regionAt(document, position);
    const bound = region && (await this.databaseAt(document, position.line));
    return bound && { ...bound, region, offset: document.offsetAt(position) - region.start };
  }

  /** The database that a line means; undefined when it is not clear or cannot be read. Throws nothing. */
  async databaseAt(document: vscode.TextDocument, line: number): Promise<BoundDatabase | undefined> {
    return this.databaseNamed(document, namedDatabaseAt(document, line));
  }

  /** The same for a path that the document names, or without one. In an untrusted workspace only its own databases are opened. */
  async databaseNamed(document: vscode.TextDocument, named: string | undefined): Promise<BoundDatabase | undefined> {
    const resolution = await this.databases.resolve(document, named);
    if (resolution.kind !== 'one') return undefined;
    const { path, from } = resolution;
    if (!vscode.workspace.isTrusted && !(await this.databases.list()).includes(path)) return undefined;
    const { opened } = await this.schemas.look(path);
    return opened && { path, opened, schema: this.#schemaOf(opened), isChosen: from !== 'only' };
  }

  #schemaOf({ knowledge }: OpenedDatabase): LanguageSchema {
    const known = this.#schemas.get(knowledge) ?? languageSchema(knowledge);
    this.#schemas.set(knowledge, known);
    return known;
  }
}

export function isSqlDocument(document: vscode.TextDocument): boolean {
  return documentLanguage(document.languageId)?.kind === 'sql';
}

function readRegions(document: vscode.TextDocument): readonly SqlRegion[] {
  const text = document.getText();
  if (text.length > longest) return [];
  if (isSqlDocument(document)) return [{ start: 0, end: text.length, script: readScript(text), holes: [] }];
  const language = hostLanguages.get(document.languageId);
  if (!language) return [];
  return findEmbeddedSql(text, language).map(({ start, end, sql, holes }) => ({ start, end, script: readScript(sql), holes }));
}
