/**
 * The tables that hovers of the tree speak of: those of the SQL file that one works with. The editor asks for a hover once per item, so the
 * items have to be told when this changes, and only then: telling draws the tree anew.
 */
import { type DatabaseSchema } from '../../../core/schema/types.js';

/** What is known of the SQL file that one works with. */
export interface FileAtWork {
  /** Path of the database that it means, when that is clear. */
  database(): Promise<string | undefined>;
  /** Its tables, nearest to the cursor first. */
  tables(database: string, schema: DatabaseSchema): Promise<readonly string[]>;
}

export class FollowedFile {
  #now = '[null,[]]';

  constructor(
    private readonly file: FileAtWork,
    /** Without opening anything: hovers of a database that nobody expanded do not exist. */
    private readonly schemaOf: (database: string) => DatabaseSchema | undefined,
  ) {}

  /** True when hovers would name other tables, or the same in another order, than at the last call. */
  async hasMoved(): Promise<boolean> {
    const database = await this.file.database();
    const schema = database === undefined ? undefined : this.schemaOf(database);
    const tables = database !== undefined && schema ? await this.file.tables(database, schema) : [];
    const now = JSON.stringify([database ?? null, tables]);
    const hasMoved = now !== this.#now;
    this.#now = now;
    return hasMoved;
  }
}
