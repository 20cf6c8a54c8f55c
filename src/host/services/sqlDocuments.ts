/**
 * Documents as SQL: the whole text of a SQL file, or the strings of a program that are SQL, and the database that each place means.
 * Read once per version of a document. Without a database that is clear, a place has none, and nothing is offered there.
 */
import * as vscode from 'vscode';
import { type HostLanguage } from '../../core/language/embeddedSql.js';
import { type LanguageSchema } from '../../core/language/languageSchema.js';
import { type TextPlace } from '../../core/language/placeComplaint.js';
import { type Script } from '../../core/language/script.js';
import { type OpenedDatabase } from '../../engine/catalogue/types.js';
import { type SqlLanguage } from '../../engine/language/sqlLanguage.js';
import { readSetting } from '../platform/settings.js';
import { type DatabaseService } from './databaseService.js';
import { documentLanguage } from './documentLanguage.js';
import { namedDatabaseAt } from './documentLines.js';
import { type SchemaService } from './schemaService.js';
import { SqliteScripts } from './sqliteScripts.js';

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
  readonly language: SqlLanguage;
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
/** Files, texts without a file, cells of SQL notebooks; old versions and output are left alone. */
export const servedSchemes: readonly string[] = ['file', 'untitled', 'vscode-notebook-cell'];
export const sqlLanguageIds: readonly string[] = ['sql', 'sqlite'];
export const embeddingLanguageIds: readonly string[] = [...hostLanguages.keys()];

/** Without one of these words a program has no SQL in it; a cheap look before anything is loaded. Small verbs are prose too often. */
const traces = /\b(?:sql|SQL|Sql)\b|\b(?:SELECT|INSERT|UPDATE|DELETE|CREATE|WITH|PRAGMA)\s|\b(?:select|insert\s+into|delete\s+from|update\s+\w+\s+set)\s/; // prettier-ignore
/** UTF-16 units; longer documents are dumps and generated programs. */
const longest = 2_000_000;

export class SqlDocuments {
  readonly #regions = new WeakMap<vscode.TextDocument, { readonly version: number; readonly regions: readonly SqlRegion[] }>();
  readonly #schemas = new WeakMap<object, LanguageSchema>();
  #language: Promise<SqlLanguage> | undefined;
  #scripts: SqliteScripts | undefined;

  constructor(
    private readonly databases: DatabaseService,
    private readonly schemas: SchemaService,
  ) {}

  /** Whether the language support is wanted for the document at all. */
  serves(document: vscode.TextDocument): boolean {
    const isKnown = isSqlDocument(document) || hostLanguages.has(document.languageId);
    return isKnown && servedSchemes.includes(document.uri.scheme) && readSetting('languageSupport', document.uri);
  }

  /** The pieces of SQL in the order of the text, as it is when this is called. */
  async regions(document: vscode.TextDocument): Promise<readonly SqlRegion[]> {
    const known = this.#regions.get(document);
    if (known?.version === document.version) return known.regions;
    const [text, { version }] = [document.getText(), document];
    if (text.length > longest || (!isSqlDocument(document) && !traces.test(text))) return [];
    const regions = readRegions(text, document.languageId, await this.language());
    this.#regions.set(document, { version, regions });
    return regions;
  }

  /** Loaded with the first piece of SQL that somebody writes. */
  language(): Promise<SqlLanguage> {
    this.#language ??= import('../../engine/language/sqlLanguage.js').then(({ sqlLanguage }) => sqlLanguage);
    return this.#language;
  }

  /** Undefined outside of SQL, where no database is clear or readable, and in SQL of other products. */
  async placeAt(document: vscode.TextDocument, position: vscode.Position): Promise<SqlPlace | undefined> {
    if (!this.serves(document)) return undefined;
    const offset = document.offsetAt(position);
    const region = (await this.regions(document)).find(({ start, end }) => start <= offset && offset <= end);
    const bound = region && (await this.databaseAt(document, position.line));
    return bound && this.isMeant(bound, region) ? { ...bound, region, offset: offset - region.start } : undefined;
  }

  /** False for a script that was written for another product, where nobody said that it means this database. */
  isMeant({ isChosen, language }: Pick<BoundDatabase, 'isChosen' | 'language'>, { script }: SqlRegion): boolean {
    this.#scripts ??= new SqliteScripts(language.looksForeign);
    return this.#scripts.isMeant(isChosen, script);
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
    if (!opened) return undefined;
    const language = await this.language();
    return { path, opened, language, schema: this.#schemaOf(opened, language), isChosen: from !== 'only' };
  }

  #schemaOf({ knowledge }: OpenedDatabase, language: SqlLanguage): LanguageSchema {
    const known = this.#schemas.get(knowledge) ?? language.languageSchema(knowledge);
    this.#schemas.set(knowledge, known);
    return known;
  }
}

export function isSqlDocument(document: vscode.TextDocument): boolean {
  return documentLanguage(document.languageId)?.kind === 'sql';
}

function readRegions(text: string, languageId: string, { findEmbeddedSql, readScript }: SqlLanguage): readonly SqlRegion[] {
  const host = hostLanguages.get(languageId);
  if (!host) return [{ start: 0, end: text.length, script: readScript(text), holes: [] }];
  return findEmbeddedSql(text, host).map(({ start, end, sql, holes }) => ({ start, end, script: readScript(sql), holes }));
}
