/**
 * A result that somebody looks at: pages from anywhere in it, sorted and filtered by the database, without counting first and without
 * holding a lock between two looks. Near pages are windows of the statement itself. When windows get slow, or their order could change
 * between two runs, all rows go once into a temporary table of SQLite, and every page comes from there at once.
 */
import { CancellationSource, type CancellationToken } from '../../core/shared/cancellation.js';
import { isCancelled, isJoineryError } from '../../core/shared/errors.js';
import { fillParameters } from '../../core/sql/fillParameters.js';
import { type Cell, type ExactRow, plainView, type ResultView, rowsPerPage } from '../../core/sql/resultTypes.js';
import { significantTokens } from '../../core/sql/tokenize.js';
import { type OpenResult, openResult, type RowReader, type Snapshot } from '../../sqlite/openResult.js';

export interface ResultSetOptions {
  /** Absolute path. */
  readonly database: string;
  readonly sql: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Bounds of a snapshot; the defaults are 5,000,000 rows and 1 GiB. */
  readonly mostRows?: number;
  readonly mostBytes?: number;
}

export interface ResultPage {
  /** Position of the first row, from 0. */
  readonly from: number;
  readonly rows: readonly (readonly Cell[])[];
  /** Number of all rows, once it is known. */
  readonly total?: number;
  readonly elapsedMs: number;
}

/** Statements run until they end or are cancelled. */
const noDeadlineMs = 2 ** 31 - 1;
/** From here on a window is slow enough to be worth a snapshot in the background. */
const slowWindowMs = 100;
/** From here on the snapshot is waited for, because the next window would cost as much again. */
const expensiveWindowMs = 400;
const farRow = 20_000;
/** Characters of a text that a cell shows, so that a page stays small with any number of columns. */
const mostCharacters = 500;
const charactersPerRow = 30_000;
const snapshotDefaults = { mostRows: 5_000_000, mostBytes: 2 ** 30 };
const volatileNames = /^(?:random|randomblob)$/i;

export class ResultSet {
  #view: ResultView = plainView;
  #reader: RowReader;
  #total: number | undefined;
  /** Milliseconds that the last window took. */
  #cost = 0;
  #snapshot: Promise<Snapshot | undefined> | undefined;
  #ready: Snapshot | undefined;
  #making: CancellationSource | undefined;
  readonly #isVolatile: boolean;

  private constructor(
    private readonly result: OpenResult,
    private readonly stamp: string,
    private readonly limits: { readonly mostRows: number; readonly mostBytes: number },
    sql: string,
  ) {
    this.#reader = result.reader(plainView);
    this.#isVolatile = significantTokens(sql).some(({ text }) => volatileNames.test(text));
  }

  /** Throws the `file.*` errors of the path and the `sql.*` errors of the statement. */
  static async open(options: ResultSetOptions, token: CancellationToken): Promise<ResultSet> {
    const sql = options.parameters ? fillParameters(options.sql, options.parameters) : options.sql;
    const result = await openResult(options.database, sql, { timeoutMs: noDeadlineMs, token });
    try {
      return new ResultSet(result, await result.changeStamp(), { ...snapshotDefaults, ...options }, sql);
    } catch (error) {
      await result.close();
      throw error;
    }
  }

  /** Header names; equal ones are possible. */
  get columns(): readonly string[] {
    return this.result.columns;
  }

  get view(): ResultView {
    return this.#view;
  }

  /** The number of rows of this view, if it is known already. */
  get total(): number | undefined {
    return this.#total;
  }

  /** Other rows or another order from now on. */
  async setView(view: ResultView): Promise<void> {
    await this.#dropSnapshot();
    this.#view = view;
    this.#reader = this.result.reader(view);
    this.#total = undefined;
    this.#cost = 0;
  }

  async page(from: number, rows: number, token: CancellationToken): Promise<ResultPage> {
    const started = performance.now();
    const view = this.#view;
    const characters = Math.min(mostCharacters, Math.max(20, Math.floor(charactersPerRow / Math.max(1, this.columns.length))));
    const reader = await this.#readerAt(from + rows - 1, token);
    const found = await reader.preview({ from, rows }, characters, { timeoutMs: noDeadlineMs, token });
    const elapsedMs = performance.now() - started;
    if (view === this.#view) this.#learn(from, rows, found.length, elapsedMs);
    return { from, rows: found, elapsedMs, ...(this.#total === undefined ? {} : { total: this.#total }) };
  }

  /** Counts when nothing else has told the number; with a deadline, undefined when it came first. */
  async count(timeoutMs: number, token: CancellationToken): Promise<number | undefined> {
    if (this.#total !== undefined) return this.#total;
    const view = this.#view;
    try {
      const total = await this.result.count(view, { timeoutMs, token });
      if (view === this.#view) this.#total ??= total;
    } catch (error) {
      if (!isJoineryError(error) || error.code !== 'sql.timeout') throw error;
    }
    return this.#total;
  }

  /** Rows without loss; fewer than asked for mean the end. */
  async exact(from: number, rows: number, token: CancellationToken, columns?: readonly number[]): Promise<readonly ExactRow[]> {
    const reader = await this.#readerAt(from + rows - 1, token);
    return reader.exact({ from, rows }, { timeoutMs: noDeadlineMs, token }, columns);
  }

  /** Makes later pages, wherever they lie, come at once and from one state of the database. False when the rows are too many for that. */
  async freeze(token: CancellationToken): Promise<boolean> {
    this.#start();
    const stop = token.onCancellationRequested(() => this.#making?.cancel());
    try {
      return (await this.#snapshot) !== undefined;
    } finally {
      stop.dispose();
    }
  }

  /** True when the database has changed since the statement was opened. Throws when it is gone. */
  async isStale(): Promise<boolean> {
    return (await this.result.changeStamp()) !== this.stamp;
  }

  async close(): Promise<void> {
    await this.#dropSnapshot();
    await this.result.close();
  }

  /** `last` is the last row that is asked for. */
  async #readerAt(last: number, token: CancellationToken): Promise<RowReader> {
    const isFirst = last < rowsPerPage(this.columns.length);
    if (this.#ready) return this.#ready;
    if (this.#isVolatile || (!isFirst && this.#cost > expensiveWindowMs)) await this.freeze(token);
    else if (!isFirst && (last >= farRow || this.#cost > slowWindowMs)) this.#start();
    return this.#ready ?? this.#reader;
  }

  #learn(from: number, asked: number, found: number, elapsedMs: number): void {
    this.#cost = elapsedMs;
    if (found < asked && (found > 0 || from === 0)) this.#total = from + found;
  }

  #start(): void {
    if (this.#snapshot) return;
    const making = new CancellationSource();
    this.#making = making;
    this.#snapshot = this.result
      .snapshot(this.#view, { mostBytes: this.limits.mostBytes, timeoutMs: noDeadlineMs, token: making.token })
      .then((snapshot) => this.#take(snapshot, making), (error: unknown) => this.#giveUp(error)); // prettier-ignore
  }

  async #take(snapshot: Snapshot, making: CancellationSource): Promise<Snapshot | undefined> {
    if (!making.token.isCancellationRequested && snapshot.rows <= this.limits.mostRows) {
      this.#ready = snapshot;
      this.#total = snapshot.rows;
      return snapshot;
    }
    await snapshot.close();
    return undefined;
  }

  /** Too big, or stopped: windows go on serving. What is wrong with the database itself shows with the next window. */
  #giveUp(error: unknown): undefined {
    if (isCancelled(error)) this.#snapshot = undefined;
    return undefined;
  }

  async #dropSnapshot(): Promise<void> {
    this.#making?.cancel();
    const old = this.#snapshot;
    this.#snapshot = undefined;
    this.#ready = undefined;
    await (await old)?.close();
  }
}
