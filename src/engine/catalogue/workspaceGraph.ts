/**
 * All databases of a workspace in one schema graph. It opens each through the catalogue and takes over what is known at that moment;
 * refreshing again, for example after indexing, changes only what is new. A database that cannot be opened is left out and reported.
 */
import { basename, dirname, resolve } from 'node:path';
import { SchemaGraph } from '../../core/graph/SchemaGraph.js';
import { type CancellationToken, neverCancelled, throwIfCancelled } from '../../core/shared/cancellation.js';
import { isCancelled } from '../../core/shared/errors.js';
import { type Catalogue } from './types.js';

export interface WorkspaceChange {
  /** Paths of databases with at least one table made anew or removed. */
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  readonly failed: readonly { readonly path: string; readonly error: unknown }[];
}

export class WorkspaceGraph {
  readonly graph = new SchemaGraph();

  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly catalogue: Catalogue) {}

  /** Brings the graph to exactly these databases, after earlier calls have ended. Throws `cancelled` only; the graph is then partly refreshed. */
  refresh(paths: readonly string[], token: CancellationToken = neverCancelled): Promise<WorkspaceChange> {
    const next = this.#last.then(() => this.#refresh(paths, token));
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #refresh(paths: readonly string[], token: CancellationToken): Promise<WorkspaceChange> {
    const wanted = [...new Set(paths.map((path) => resolve(path)))];
    const names = uniqueNames(wanted);
    const changed: string[] = [];
    const failed: { path: string; error: unknown }[] = [];
    const present = new Set<string>();
    for (const path of wanted) {
      throwIfCancelled(token);
      try {
        const { knowledge } = await this.catalogue.open(path, token);
        const schema = { ...knowledge.schema, id: path, name: names.get(path) ?? basename(path) };
        const change = this.graph.update({ ...knowledge, schema });
        if (change.changed.length + change.removed.length > 0) changed.push(path);
        present.add(path);
      } catch (error) {
        if (isCancelled(error)) throw error;
        failed.push({ path, error });
      }
    }
    const removed = this.graph.databases.filter((id) => !present.has(id));
    for (const id of removed) this.graph.remove(id);
    return { changed, removed, failed };
  }
}

/** The file name, with as many folders before it as it takes to tell equal ones apart. */
export function uniqueNames(paths: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map(paths.map((path) => [path, basename(path)]));
  const folders = new Map(paths.map((path) => [path, dirname(path)]));
  for (;;) {
    const counts = new Map<string, number>();
    for (const name of names.values()) counts.set(name, (counts.get(name) ?? 0) + 1);
    const clashing = paths.filter(
      (path) => (counts.get(names.get(path) ?? '') ?? 0) > 1 && dirname(folders.get(path) ?? '') !== folders.get(path),
    );
    if (clashing.length === 0) return names;
    for (const path of clashing) {
      const folder = folders.get(path) ?? '';
      names.set(path, `${basename(folder)}/${names.get(path) ?? ''}`);
      folders.set(path, dirname(folder));
    }
  }
}
