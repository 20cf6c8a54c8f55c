/**
 * Hovers of tables, columns and relations, for the tree and for names inside SQL alike. Filled from what is known of the database;
 * only the values of a relation may still have to be counted, and nobody waits long for them.
 */
import * as vscode from 'vscode';
import { foldName } from '../../core/graph/tableKeys.js';
import { rankJoinPaths } from '../../core/graph/rankJoinPaths.js';
import { columnHover } from '../../core/presentation/columnHover.js';
import { confirmRelationCommand, rejectRelationCommand, relationHover } from '../../core/presentation/relationHover.js';
import { insertJoinCommand, showInGraphCommand, tableHover } from '../../core/presentation/tableHover.js';
import { type Inclusion } from '../../core/graph/checkInclusion.js';
import { type Relation } from '../../core/graph/types.js';
import { type Table } from '../../core/schema/types.js';
import { Emitter } from '../../core/shared/event.js';
import { type Disposable } from '../../core/shared/disposable.js';
import { type OpenedDatabase } from '../../engine/catalogue/types.js';
import { sayHover } from '../platform/words.js';
import { type DatabaseService } from './databaseService.js';
import { type SchemaService } from './schemaService.js';
import { type WorkingFile } from './workingFile.js';
import { type WorkspaceTables } from './workspaceTables.js';

/** Milliseconds that a hover waits for values to be counted. */
const patienceMs = 30;

export interface TableHoverOptions {
  /** Lists the columns: for places where the tree is not in sight. */
  readonly withColumns?: boolean;
}

export class SchemaHovers implements Disposable {
  readonly #counted = new Emitter<{ readonly database: string; readonly relation: string }>();

  /** The values of a relation have been counted after its hover had to go without. */
  readonly onCounted = this.#counted.event;

  constructor(
    private readonly schemas: SchemaService,
    private readonly databases: DatabaseService,
    private readonly working: WorkingFile,
    private readonly workspace: WorkspaceTables,
  ) {}

  /** Undefined when the database has no such table. Throws the `file.*` errors. */
  async table(database: string, name: string, options: TableHoverOptions = {}): Promise<vscode.MarkdownString | undefined> {
    const opened = await this.schemas.open(database);
    const table = findTable(opened, name);
    if (!table) return undefined;
    const { schema, profiles } = opened.knowledge;
    const text = tableHover(
      {
        database,
        databaseLabel: this.databases.labelOf(database),
        table,
        profiles: profiles.filter((profile) => profile.table === table.name),
        paths: rankJoinPaths(opened.joinGraph, table.name, { working: await this.working.tables(database, schema) }),
        elsewhere: this.workspace.othersWith(database, table.name).map((path) => this.databases.labelOf(path)),
        reading: !opened.indexed,
        ...options,
      },
      sayHover,
    );
    return trusted(text);
  }

  /** Undefined when the database has no such column. Throws the `file.*` errors. */
  async column(database: string, tableName: string, columnName: string): Promise<vscode.MarkdownString | undefined> {
    const opened = await this.schemas.open(database);
    const table = findTable(opened, tableName);
    const column = table?.columns.find(({ name }) => foldName(name) === foldName(columnName));
    if (!table || !column) return undefined;
    const { relations, profiles } = opened.knowledge;
    const profile = profiles.find((entry) => entry.table === table.name && entry.column === column.name);
    const choices = opened.smallDomain(table.name, column.name);
    const facts = { ...(profile ? { profile } : {}), ...(choices ? { choices } : {}) };
    return trusted(columnHover({ table, column, relations, reading: !opened.indexed, ...facts }, sayHover));
  }

  /** Undefined when the relation is not one of the database any more. Throws the `file.*` errors. */
  async relation(database: string, id: string): Promise<vscode.MarkdownString | undefined> {
    const opened = await this.schemas.open(database);
    const relation = opened.knowledge.relations.find((other) => other.id === id);
    if (!relation) return undefined;
    return trusted(relationHover({ database, relation, inclusion: await this.#inclusion(opened, database, relation) }, sayHover));
  }

  dispose(): void {
    this.#counted.dispose();
  }

  async #inclusion(opened: OpenedDatabase, database: string, relation: Relation): Promise<Inclusion | 'pending' | undefined> {
    // A file that is locked or gone just now leaves the hover without the figure.
    const counted = opened.inclusionOf(relation).catch(() => undefined);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'pending'>((resolve) => {
      timer = setTimeout(() => resolve('pending'), patienceMs);
    });
    const first = await Promise.race([counted, late]);
    clearTimeout(timer);
    if (first === 'pending') void counted.then(() => this.#counted.fire({ database, relation: relation.id }));
    return first;
  }
}

function findTable(opened: OpenedDatabase, name: string): Table | undefined {
  return opened.knowledge.schema.tables.find((table) => foldName(table.name) === foldName(name));
}

/** Only these commands may be run by a link, whatever the text holds. */
function trusted(text: string): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString(text);
  markdown.isTrusted = { enabledCommands: [insertJoinCommand, showInGraphCommand, confirmRelationCommand, rejectRelationCommand] };
  return markdown;
}
