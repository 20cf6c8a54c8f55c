/** Further instances of a database for test-suite style comparison: mutated copies in a temporary folder, made when first asked for. */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { planMutations } from '../../core/eval/planMutations.js';
import { introspect } from '../../sqlite/introspect.js';
import { mutateCopy } from '../../sqlite/mutateCopy.js';
import { openDatabase } from '../../sqlite/openDatabase.js';

/** Bytes above which a database gets no copies. */
const largest = 64 * 2 ** 20;

export class DatabaseVariants {
  readonly #made = new Map<string, Promise<readonly string[]>>();
  #folder: Promise<string> | undefined;

  /**
   * `count` copies of each database, their mutations seeded with 1, 2, …; with `siblings` also every other `.sqlite` file beside it, as in
   * Spider's test suites.
   */
  constructor(
    private readonly count: number,
    private readonly siblings: boolean,
  ) {}

  of(database: string): Promise<readonly string[]> {
    const known = this.#made.get(database);
    if (known) return known;
    const made = this.#make(database, this.#made.size);
    this.#made.set(database, made);
    return made;
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#made.values());
    this.#made.clear();
    if (this.#folder) await rm(await this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }

  async #make(source: string, number: number): Promise<readonly string[]> {
    const paths = this.siblings ? await siblingsOf(source) : [];
    if (this.count === 0 || (await stat(source)).size > largest) return paths;
    this.#folder ??= mkdtemp(join(tmpdir(), 'joinery-variants-'));
    const folder = await this.#folder;
    const database = await openDatabase(source);
    const schema = await introspect(database, { name: 'source' }).finally(() => database.close());
    for (let seed = 1; seed <= this.count; seed++) {
      const path = join(folder, `${number}-${seed}.db`);
      await mutateCopy(source, path, planMutations(schema, seed));
      paths.push(path);
    }
    return paths;
  }
}

async function siblingsOf(source: string): Promise<string[]> {
  const folder = dirname(source);
  const names = await readdir(folder);
  return names.filter((name) => name.endsWith('.sqlite') && name !== basename(source)).map((name) => join(folder, name));
}
