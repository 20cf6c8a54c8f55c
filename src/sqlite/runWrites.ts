/**
 * Runs statements in one transaction on a connection that can write: all of them or none. Also tells which tables their programs could
 * touch. Whether the file is a copy or the user's own is the caller's business.
 */
import { isJoineryError, JoineryError } from '../core/shared/errors.js';
import { type StatementEffect } from '../core/sql/changeTypes.js';
import { explainFileFault } from './fileFaults.js';
import { Interruption, type InterruptionLimits } from './interruption.js';
import { type RawError } from './rawConnection.js';
import { explainStatementFault } from './statementFaults.js';
import { WriteConnection } from './writeConnection.js';

export interface WriteRun extends InterruptionLimits {
  readonly statements: readonly string[];
  readonly foreignKeys: boolean;
  /** Called when nobody else can write any more and nothing has been written; what it throws ends the transaction. */
  readonly beforeFirst?: () => Promise<void>;
  /** Called when everything has been done and nothing is permanent yet; what it throws takes everything back. */
  readonly beforeCommit?: (effects: readonly StatementEffect[]) => void;
}

export interface WriteOutcome {
  readonly effects: readonly StatementEffect[];
  /** Tables that the statements could have changed; undefined when they may be any. */
  readonly touched: readonly string[] | undefined;
}

/** Milliseconds to wait for readers and other writers. */
const busyMs = 5_000;

/** Throws the `file.*` and `sql.*` errors and `cancelled`; then the file is as it was. */
export async function runWrites(path: string, run: WriteRun): Promise<WriteOutcome> {
  const connection = await WriteConnection.open(path, { foreignKeys: run.foreignKeys, busyMs }).catch(async (error: unknown) => {
    throw await explain(error, path);
  });
  const interruption = new Interruption(connection, run);
  // It may come when nobody waits for it.
  interruption.stopped.catch(() => undefined);
  let isCommitted = false;
  try {
    interruption.start();
    await connection.exec('BEGIN IMMEDIATE');
    await run.beforeFirst?.();
    const outcome = await runAll(connection, run.statements, interruption);
    interruption.check();
    run.beforeCommit?.(outcome.effects);
    interruption.end();
    await connection.exec('COMMIT');
    isCommitted = true;
    return outcome;
  } catch (error) {
    interruption.end();
    throw interruption.reason ?? (await explain(error, path));
  } finally {
    // Closing takes back what was not committed; what was committed stays, however closing ends.
    await connection.close().catch((error: unknown) => (isCommitted ? undefined : Promise.reject(error as Error)));
  }
}

async function runAll(connection: WriteConnection, statements: readonly string[], interruption: Interruption): Promise<WriteOutcome> {
  const effects: StatementEffect[] = [];
  const touched = new Set<string>();
  let isKnown = true;
  const before = await schemaVersion(connection);
  for (const sql of statements) {
    interruption.check();
    isKnown = isKnown && (await noteTouched(connection, sql, touched));
    const start = await totalChanges(connection);
    await connection.all(sql);
    effects.push({ sql, changes: (await totalChanges(connection)) - start });
  }
  isKnown = isKnown && (await schemaVersion(connection)) === before;
  return { effects, touched: isKnown ? [...touched] : undefined };
}

/** False when the program says too little: it changes the schema, or a virtual table, whose module writes on its own. */
async function noteTouched(connection: WriteConnection, sql: string, touched: Set<string>): Promise<boolean> {
  const program = await connection.all(`EXPLAIN ${sql}`);
  const roots = new Map(
    (await connection.all('SELECT rootpage, tbl_name FROM sqlite_schema')).map((row) => [row['rootpage'], row['tbl_name']]),
  );
  for (const { opcode, p1, p2 } of program) {
    if (opcode === 'VUpdate' || opcode === 'ParseSchema' || opcode === 'Destroy') return false;
    const table = opcode === 'OpenWrite' ? roots.get(p2) : opcode === 'Clear' ? roots.get(p1) : undefined;
    if (table !== undefined) touched.add(String(table));
  }
  return true;
}

async function schemaVersion(connection: WriteConnection): Promise<unknown> {
  return (await connection.all('PRAGMA schema_version'))[0]?.['schema_version'];
}

async function totalChanges(connection: WriteConnection): Promise<number> {
  return Number((await connection.all('SELECT total_changes() AS n'))[0]?.['n']);
}

async function explain(error: unknown, path: string): Promise<unknown> {
  if (!(error instanceof Error) || isJoineryError(error)) return error;
  const raw: RawError = error;
  if (raw.code === 'SQLITE_READONLY') return new JoineryError('file.noPermission', { path }, error);
  return (await explainFileFault(raw, path, true)) ?? explainStatementFault(raw);
}
