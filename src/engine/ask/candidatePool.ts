/** Candidates of one question while they arrive: verified one after the other, grouped, the leading group always known. */
import { type CandidateGroup, isDecided } from '../../core/nl2sql/voteCandidates.js';
import { type Candidate } from '../../protocol/modelProcess.js';
import { type FailedStatement, hasRun, type RanStatement, verifyCandidate, type VerifyContext } from './verifyCandidate.js';

/** Groups candidates and orders the groups, best first: the vote, or a ranker. */
export type OrderCandidates = (candidates: readonly RanStatement[]) => readonly CandidateGroup<RanStatement>[];

export class CandidatePool {
  readonly ran: RanStatement[] = [];
  readonly failed: FailedStatement[] = [];
  #groups: readonly CandidateGroup<RanStatement>[] = [];
  #queue: Promise<void> = Promise.resolve();
  #error: Error | undefined;
  #verifyMs = 0;

  constructor(
    private readonly context: VerifyContext,
    private readonly wanted: number,
    private readonly begun: string,
    private readonly order: OrderCandidates,
    private readonly onChange: (groups: readonly CandidateGroup<RanStatement>[]) => void,
    private readonly now: () => number,
  ) {}

  /** Best first. */
  get groups(): readonly CandidateGroup<RanStatement>[] {
    return this.#groups;
  }

  get verifyMs(): number {
    return this.#verifyMs;
  }

  /** Takes a candidate; says whether more are worth their time. */
  add(candidate: Candidate): 'more' | 'enough' {
    this.#queue = this.#queue
      .then(() => this.#verify(candidate))
      .catch((error: unknown) => {
        this.#error ??= error instanceof Error ? error : new Error(String(error));
      });
    return this.isDecided() ? 'enough' : 'more';
  }

  isDecided(): boolean {
    return this.wanted > 1 && isDecided(this.#groups, this.wanted - this.#ranOrFailed());
  }

  /** Waits for what was taken; throws what was neither a good nor a bad statement (a vanished file, a cancellation). */
  async settle(): Promise<void> {
    await this.#queue;
    if (this.#error !== undefined) throw this.#error;
  }

  #ranOrFailed(): number {
    return [...this.ran, ...this.failed].reduce((sum, statement) => sum + statement.count, 0);
  }

  async #verify(candidate: Candidate): Promise<void> {
    if (candidate.finish !== 'stop' && candidate.finish !== 'grammar') {
      // A text cut off by a limit may run and still mean something else.
      this.failed.push({ sql: candidate.text, error: 'unfinished', count: candidate.count });
      return;
    }
    const start = this.now();
    const statement = await verifyCandidate(candidate, this.begun, this.context);
    this.#verifyMs += this.now() - start;
    if (!hasRun(statement)) {
      this.failed.push(statement);
      return;
    }
    const twin = this.ran.findIndex((other) => other.sql === statement.sql);
    const other = this.ran[twin];
    if (other) this.ran[twin] = { ...other, count: other.count + statement.count, greedy: other.greedy || statement.greedy };
    else this.ran.push(statement);
    this.#groups = this.order(this.ran);
    this.onChange(this.#groups);
  }
}
