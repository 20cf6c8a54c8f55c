/** The statements that were run in this workspace, newest first. Kept by VS Code on this machine. */
import { type Memory } from '../../services/memory.js';

export interface PastRun {
  readonly sql: string;
  /** Absolute path of the database. */
  readonly database: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Milliseconds until the first rows were there, or until it failed. */
  readonly elapsedMs: number;
  readonly outcome: 'ran' | 'failed' | 'cancelled';
}

const runsKey = 'joinery.runs';
const mostRuns = 500;
/** Characters of a statement that is kept; a longer one is data rather than a question. */
const longest = 20_000;

export class RunHistory {
  constructor(private readonly memory: Memory) {}

  list(): readonly PastRun[] {
    return this.memory.get<readonly PastRun[]>(runsKey, []);
  }

  /** A statement that was run before moves to the front. */
  async add(run: PastRun): Promise<void> {
    if (run.sql.length > longest) return;
    await this.memory.update(runsKey, [run, ...this.list().filter((other) => !isSame(other, run))].slice(0, mostRuns));
  }

  async remove(run: PastRun): Promise<void> {
    await this.memory.update(
      runsKey,
      this.list().filter((other) => !isSame(other, run)),
    );
  }

  async clear(): Promise<void> {
    await this.memory.update(runsKey, undefined);
  }
}

function isSame(a: PastRun, b: PastRun): boolean {
  return a.sql === b.sql && a.database === b.database;
}
