/**
 * Databases that somebody looks at, kept up to date: opened once through the catalogue, looked at again when their files may have
 * changed, with an event when schema, relations or reachability are different. Whoever knows of changes calls `check`.
 */
import { type Disposable } from '../../core/shared/disposable.js';
import { isCancelled, isJoineryError } from '../../core/shared/errors.js';
import { Emitter } from '../../core/shared/event.js';
import { type Logger } from '../../core/shared/logger.js';
import { fileStamp } from '../../engine/catalogue/fileStamp.js';
import { type Catalogue, type OpenedDatabase } from '../../engine/catalogue/types.js';

export interface SchemaChange {
  readonly path: string;
  /** `schema`: other tables or rows, or the file is there again. `facts`: relations or profiles. `failure`: it cannot be read now. */
  readonly kind: 'schema' | 'facts' | 'failure';
}

/** What is known of a database at this moment. */
export interface SchemaState {
  /** The last state that could be read; kept while another program holds the lock. */
  readonly opened?: OpenedDatabase;
  readonly failure?: unknown;
}

interface Entry {
  state: SchemaState;
  stamp: string;
  link: Disposable | undefined;
  checking: Promise<SchemaState> | undefined;
}

export class SchemaService implements Disposable {
  readonly #entries = new Map<string, Entry>();
  readonly #changed = new Emitter<SchemaChange>();

  readonly onChanged = this.#changed.event;

  constructor(
    private readonly catalogue: () => Promise<Catalogue>,
    private readonly log: Logger,
  ) {}

  /** Paths that were asked for and not forgotten. */
  get paths(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** What is known without waiting; undefined when nobody has asked yet. */
  peek(path: string): SchemaState | undefined {
    const entry = this.#entries.get(path);
    return entry && (entry.state.opened || entry.state.failure) ? entry.state : undefined;
  }

  /** Opens the database when nobody has; never throws. What is known already is given at once, however old it is. */
  async look(path: string): Promise<SchemaState> {
    return this.peek(path) ?? (await this.check(path));
  }

  /** The database, opened when needed. Throws the `file.*` errors. */
  async open(path: string): Promise<OpenedDatabase> {
    const { opened, failure } = await this.look(path);
    if (opened) return opened;
    throw failure;
  }

  /** Looks at the file again and tells when something is different; never throws. */
  check(path: string): Promise<SchemaState> {
    const entry = this.#entries.get(path) ?? { state: {}, stamp: '', link: undefined, checking: undefined };
    this.#entries.set(path, entry);
    entry.checking ??= this.#check(path, entry).finally(() => {
      entry.checking = undefined;
    });
    return entry.checking;
  }

  /** Checks those whose files bear other marks than at the last check, and those that could not be read. Throws nothing. */
  async checkChanged(): Promise<void> {
    for (const [path, entry] of this.#entries) {
      const stamp = await contentOf(path);
      if (stamp !== entry.stamp || isLocked(entry.state.failure)) await this.check(path);
    }
  }

  /** The database is no longer of interest. */
  forget(path: string): void {
    this.#entries.get(path)?.link?.dispose();
    this.#entries.delete(path);
  }

  /** Another engine: what the old one opened is gone, and whoever shows it asks again. */
  reset(): void {
    const { paths } = this;
    for (const path of paths) this.forget(path);
    for (const path of paths) this.#changed.fire({ path, kind: 'schema' });
  }

  dispose(): void {
    this.#changed.dispose();
    this.reset();
  }

  async #check(path: string, entry: Entry): Promise<SchemaState> {
    // The marks come first: a change while opening is then seen by the next check.
    entry.stamp = await contentOf(path);
    const before = entry.state;
    try {
      const opened = await (await this.catalogue()).open(path);
      entry.state = { opened };
      if (opened === before.opened && before.failure === undefined) return entry.state;
      entry.link?.dispose();
      entry.link = opened.onChanged(() => this.#fire(path, entry, 'facts'));
      if (before.opened ?? before.failure) this.#fire(path, entry, 'schema');
    } catch (failure) {
      if (isCancelled(failure)) return before;
      entry.state = { failure, ...(isLocked(failure) && before.opened ? { opened: before.opened } : {}) };
      if (codeOf(failure) === codeOf(before.failure)) return entry.state;
      this.log.log('warn', 'schema', `cannot be read now: ${path}`, failure);
      if (before.opened ?? before.failure) this.#fire(path, entry, 'failure');
    }
    return entry.state;
  }

  #fire(path: string, entry: Entry, kind: SchemaChange['kind']): void {
    if (this.#entries.get(path) === entry) this.#changed.fire({ path, kind });
  }
}

/** Marks of the file now; '' when it is not there. */
async function contentOf(path: string): Promise<string> {
  return (await fileStamp(path, Date.now()))?.content ?? '';
}

function isLocked(failure: unknown): boolean {
  return codeOf(failure) === 'file.locked';
}

function codeOf(failure: unknown): string {
  if (failure === undefined) return '';
  return isJoineryError(failure) ? failure.code : 'internal';
}
