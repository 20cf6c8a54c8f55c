/**
 * `.joinery/relations.json`: the relations of a workspace that people confirmed or rejected, kept in the repository for review.
 * A file that cannot be understood is left as it is: reading gives nothing and says so, writing is refused.
 */
import { readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { relationId } from '../../core/graph/relationId.js';
import { JoineryError } from '../../core/shared/errors.js';
import { type Verdict, type Verdicts } from './verdicts.js';
import { writeWhole } from './writeWhole.js';

interface FileContent {
  readonly version: 1;
  /** Path relative to the folder that holds `.joinery`, with slashes. */
  readonly databases: Readonly<Record<string, readonly Verdict[]>>;
}

export class RelationsFile {
  readonly path: string;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(private readonly folder: string) {
    this.path = join(folder, '.joinery', 'relations.json');
  }

  /** Changes with the file; '' when there is none. */
  async stamp(): Promise<string> {
    const facts = await stat(this.path).catch(absent);
    return facts ? `${facts.mtimeMs}-${facts.size}-${facts.ino}` : '';
  }

  /** Throws `config.invalid` when the file is there and not understood. */
  async read(database: string): Promise<Verdicts> {
    return toVerdicts((await this.#content()).databases[this.#key(database)] ?? []);
  }

  /** Adds or changes one verdict and gives all of the database. Throws `config.invalid` when the file is not understood, `file.noPermission` or `file.diskFull` when it cannot be written; it then stays as it was. */
  write(database: string, verdict: Verdict): Promise<Verdicts> {
    return this.#change(database, (verdicts) => void verdicts.set(verdictId(verdict), verdict));
  }

  /** Takes verdicts away, by the ids of their relations, and gives what is left of the database. Throws as `write` does. */
  remove(database: string, ids: readonly string[]): Promise<Verdicts> {
    return this.#change(database, (verdicts) => {
      for (const id of ids) verdicts.delete(id);
    });
  }

  #change(database: string, change: (verdicts: Map<string, Verdict>) => void): Promise<Verdicts> {
    const task = this.#writing.then(() => this.#update(database, change));
    this.#writing = task.catch(() => undefined);
    return task;
  }

  async #update(database: string, change: (verdicts: Map<string, Verdict>) => void): Promise<Verdicts> {
    const content = await this.#content();
    const verdicts = new Map(toVerdicts(content.databases[this.#key(database)] ?? []));
    change(verdicts);
    const sorted = [...verdicts].sort(byName).map(([, value]) => value);
    const all = Object.entries({ ...content.databases, [this.#key(database)]: sorted });
    const databases = Object.fromEntries(all.filter(([, list]) => list.length > 0).sort(byName));
    await writeWhole(this.path, `${JSON.stringify({ version: 1, databases } satisfies FileContent, null, 2)}\n`).catch(this.#explain);
    return toVerdicts(sorted);
  }

  async #content(): Promise<FileContent> {
    const text = await readFile(this.path, 'utf8').catch(absent);
    if (text === undefined) return { version: 1, databases: {} };
    const content = parse(text);
    if (!isContent(content)) throw new JoineryError('config.invalid', { file: this.path });
    return content;
  }

  readonly #explain = (error: unknown): never => {
    const code = isRecord(error) ? error['code'] : undefined;
    if (code === 'ENOSPC' || code === 'EDQUOT') throw new JoineryError('file.diskFull', { path: this.path }, error);
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') throw new JoineryError('file.noPermission', { path: this.path }, error);
    throw error;
  };

  #key(database: string): string {
    return relative(this.folder, database).split(sep).join('/');
  }
}

function toVerdicts(list: readonly Verdict[]): Verdicts {
  return new Map(list.map((verdict) => [verdictId(verdict), verdict]));
}

function verdictId(verdict: Verdict): string {
  return relationId(verdict.child, verdict.childColumns, verdict.parent, verdict.parentColumns);
}

function byName(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is one of the ways in which the file is not understood; the caller says so.
    return undefined;
  }
}

function isContent(value: unknown): value is FileContent {
  return (
    isRecord(value) &&
    value['version'] === 1 &&
    isRecord(value['databases']) &&
    Object.values(value['databases']).every((list) => Array.isArray(list) && list.every(isVerdict))
  );
}

function isVerdict(value: unknown): value is Verdict {
  if (!isRecord(value) || (value['verdict'] !== 'confirmed' && value['verdict'] !== 'rejected')) return false;
  const { child, childColumns, parent, parentColumns } = value;
  if (typeof child !== 'string' || typeof parent !== 'string' || !isNames(childColumns) || !isNames(parentColumns)) return false;
  return childColumns.length > 0 && childColumns.length === parentColumns.length;
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function absent(error: unknown): undefined {
  if (isRecord(error) && (error['code'] === 'ENOENT' || error['code'] === 'ENOTDIR')) return undefined;
  throw error;
}
