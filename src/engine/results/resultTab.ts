/** One tab: a statement's result, or the comparison of two, with its life from running to shown or failed. */
import { CancellationSource, type CancellationToken } from '../../core/shared/cancellation.js';
import { isCancelled, isJoineryError, JoineryError } from '../../core/shared/errors.js';
import { plainView, type ResultView, rowsPerPage } from '../../core/sql/resultTypes.js';
import { type ComparisonFacts, type ErrorWords, type PageOfRows, type TabFacts, type ToPage } from '../../protocol/resultsPage.js';
import { type ComparedTabs } from './compareResults.js';
import { ResultSet } from './resultSet.js';

export interface TabRequest {
  /** Absolute path. */
  readonly database: string;
  readonly sql: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly title?: string;
  readonly group?: string;
}

export interface TabPorts {
  send(message: ToPage): void;
  describe(error: unknown): ErrorWords;
  /** The facts of the tab are others now; `first` are the rows that a run or another view begins with. */
  changed(first?: PageOfRows): void;
}

/** Undefined keys let the rows decide what they are matched by. */
export type Compare = (keys: readonly string[] | undefined, token: CancellationToken) => Promise<ComparedTabs>;

/** Milliseconds that counting in the background may take. */
const countMs = 2000;
/** Milliseconds between two looks whether the database has changed. */
const staleMs = 1000;
const titleLength = 40;

export class ResultTab {
  readonly id: number;
  readonly request: TabRequest;
  pinned: boolean;
  view: ResultView;
  generation: number;
  #state: 'idle' | TabFacts['state'] = 'idle';
  #set: ResultSet | undefined;
  #compared: ComparedTabs | undefined;
  #compare: Compare | undefined;
  #keys: readonly string[] | undefined;
  #source = new CancellationSource();
  #elapsedMs: number | undefined;
  #error: ErrorWords | undefined;
  #failure: Error | undefined;
  #stale = false;
  #lookedAt = 0;
  /** Those of the run before: most runs again have the same, and the page keeps their widths. */
  #lastColumns: readonly string[] = [];

  constructor(
    saved: { readonly id: number; readonly request: TabRequest; readonly pinned: boolean; readonly view: ResultView },
    generation: number,
    private readonly ports: TabPorts,
  ) {
    this.id = saved.id;
    this.request = saved.request;
    this.pinned = saved.pinned;
    this.view = saved.view;
    this.generation = generation;
  }

  /** It has not been run since it was restored. */
  get isIdle(): boolean {
    return this.#state === 'idle';
  }

  get title(): string {
    const text = this.request.title ?? this.request.sql.replace(/\s+/g, ' ').trim();
    return text.length > titleLength && this.request.title === undefined ? `${text.slice(0, titleLength)}…` : text;
  }

  get columns(): readonly string[] {
    return this.#compared?.columns ?? this.#set?.columns ?? this.#lastColumns;
  }

  get comparison(): ComparisonFacts | undefined {
    return this.#compared?.facts;
  }

  /** Throws when nothing is shown. */
  get rows(): ResultSet {
    if (!this.#set) throw new JoineryError('cancelled');
    return this.#set;
  }

  facts(): Omit<TabFacts, 'database'> {
    const total = this.#compared ? this.#compared.rows.length : this.#set?.total;
    return {
      id: this.id,
      title: this.title,
      sql: this.request.sql,
      pinned: this.pinned,
      state: this.#state === 'idle' ? 'running' : this.#state,
      generation: this.generation,
      columns: this.columns,
      view: this.view,
      stale: this.#stale,
      ...(this.#elapsedMs === undefined ? {} : { elapsedMs: this.#elapsedMs }),
      ...(total === undefined ? {} : { total }),
      ...(this.#error ? { error: this.#error } : {}),
      ...(this.#compared ? { comparison: this.#compared.facts } : {}),
    };
  }

  /** What went wrong with the last run. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Runs the statement, once more if it was run before. */
  async run(): Promise<void> {
    const compare = this.#compare;
    if (compare) {
      await this.#work(async (token) => {
        this.#compared = await compare(this.#keys, token);
      });
      return;
    }
    await this.#work(async (token) => {
      await this.#closeSet();
      this.#stale = false;
      this.#set = await ResultSet.open(this.request, token);
      if (this.view.sort.some(this.#isOutside) || this.view.filters.some(this.#isOutside)) this.view = plainView;
      await this.#set.setView(this.view);
    });
    void this.#countSoon();
  }

  /** From now on the tab shows this comparison. */
  async compare(compare: Compare): Promise<void> {
    this.#compare = compare;
    await this.run();
  }

  async matchBy(keys: readonly string[]): Promise<void> {
    this.#keys = keys;
    if (this.#compare) await this.run();
  }

  /** Shows other rows of the same result. When that is cancelled, the old view comes back. */
  async setView(view: ResultView): Promise<void> {
    const set = this.#set;
    const before = this.view;
    if (!set || this.#compared || view.sort.some(this.#isOutside) || view.filters.some(this.#isOutside)) return;
    this.view = view;
    const isDone = await this.#work(() => set.setView(view));
    if (isDone) void this.#countSoon();
    else if (this.view === view && this.#set === set) {
      this.view = before;
      await this.#work(() => set.setView(before));
    }
  }

  async sendRows(generation: number, from: number, count: number): Promise<void> {
    if (generation !== this.generation || this.#state !== 'shown') return;
    const head = { tab: this.id, generation, from } as const;
    if (this.#compared) return this.ports.send({ type: 'rows', ...head, rows: this.#compared.rows.slice(from, from + count) });
    try {
      const known = this.rows.total;
      const { rows, total } = await this.rows.page(from, count, this.#source.token);
      this.ports.send({ type: 'rows', ...head, rows });
      if (total !== known) this.ports.changed();
      await this.checkStale();
    } catch (error) {
      if (isCancelled(error)) return;
      this.ports.send({ type: 'rowsFailed', ...head, error: this.ports.describe(error) });
      await this.#look();
    }
  }

  cancel(): void {
    this.#source.cancel();
  }

  /** However long it takes, until it is cancelled. */
  async count(): Promise<void> {
    await this.#set?.count(2 ** 31 - 1, this.#source.token);
    this.ports.changed();
  }

  /** At most once a second. Rows of a database that has gone are old, too; one that is locked is asked again. */
  async checkStale(): Promise<void> {
    if (performance.now() - this.#lookedAt >= staleMs) await this.#look();
  }

  async #look(): Promise<void> {
    if (!this.#set || this.#stale || this.#state !== 'shown') return;
    this.#lookedAt = performance.now();
    const isStale = await this.#set.isStale().catch(isGone);
    if (!isStale) return;
    this.#stale = true;
    this.ports.changed();
  }

  async close(): Promise<void> {
    this.#source.cancel();
    await this.#closeSet();
  }

  /** True when the first rows are shown. */
  async #work(prepare: (token: CancellationToken) => Promise<void>): Promise<boolean> {
    this.#source.cancel();
    const source = new CancellationSource();
    this.#source = source;
    const generation = ++this.generation;
    const started = performance.now();
    this.#state = 'running';
    this.#error = undefined;
    this.#failure = undefined;
    this.ports.changed();
    try {
      await prepare(source.token);
      const count = rowsPerPage(this.columns.length);
      const first = this.#compared ? this.#compared.rows.slice(0, count) : (await this.rows.page(0, count, source.token)).rows;
      if (generation !== this.generation) return false;
      this.#elapsedMs = performance.now() - started;
      this.#state = 'shown';
      this.ports.changed({ tab: this.id, generation, from: 0, rows: first });
      return true;
    } catch (error) {
      if (generation === this.generation) {
        this.#state = 'failed';
        this.#failure = error instanceof Error ? error : new Error(String(error));
        this.#error = this.ports.describe(error);
        this.ports.changed();
      }
      return false;
    }
  }

  /** Nobody waits for it; without an answer the number stays unknown. */
  async #countSoon(): Promise<void> {
    const set = this.#set;
    if (!set || this.#state !== 'shown' || set.total !== undefined) return;
    const total = await set.count(countMs, this.#source.token).catch(() => undefined);
    if (total !== undefined && set === this.#set) this.ports.changed();
  }

  readonly #isOutside = ({ column }: { readonly column: number }): boolean => column >= this.columns.length;

  async #closeSet(): Promise<void> {
    const old = this.#set;
    if (old) this.#lastColumns = old.columns;
    this.#set = undefined;
    await old?.close();
  }
}

function isGone(error: unknown): boolean {
  return isJoineryError(error) && (error.code === 'file.vanished' || error.code === 'file.missing');
}
