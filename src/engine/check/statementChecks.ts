/** Judges of statements, one per database, opened when somebody asks and again after the file was replaced. It keeps no verdicts. */
import { type CancellationToken } from '../../core/shared/cancellation.js';
import { isJoineryError } from '../../core/shared/errors.js';
import { StatementJudge } from '../../sqlite/statementJudge.js';

/** Databases that stay open for checking; the one asked longest ago is closed. */
const openAtMost = 4;

export class StatementChecks {
  readonly #judges = new Map<string, Promise<StatementJudge>>();

  /** SQLite's complaints in the order of the statements. Throws the `file.*` errors and `cancelled`. */
  async complaints(path: string, statements: readonly string[], token?: CancellationToken): Promise<readonly (string | undefined)[]> {
    try {
      return await (await this.#judge(path)).complaints(statements, token);
    } catch (error) {
      if (!isJoineryError(error) || error.code !== 'file.vanished') throw error;
      // Replaced by another file of the same name: that one is meant from now on.
      await this.#close(path);
      return (await this.#judge(path)).complaints(statements, token);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#judges.keys()].map((path) => this.#close(path)));
  }

  #judge(path: string): Promise<StatementJudge> {
    const known = this.#judges.get(path);
    this.#judges.delete(path);
    const judge = known ?? StatementJudge.open(path);
    this.#judges.set(path, judge);
    // One that could not be opened is tried again at the next question.
    if (!known) judge.catch(() => this.#judges.delete(path));
    const [oldest] = this.#judges.keys();
    if (this.#judges.size > openAtMost && oldest !== undefined) void this.#close(oldest);
    return judge;
  }

  async #close(path: string): Promise<void> {
    const judge = this.#judges.get(path);
    this.#judges.delete(path);
    await judge?.then(
      (opened) => opened.close(),
      () => undefined, // It never was open.
    );
  }
}
