/**
 * The error family of the whole product. An error carries a stable code, the arguments that its sentence needs and the
 * cause; the words are made where people read them (terminal, host), never here.
 */

/** What kind of reaction an error deserves: a sentence with an action, a log line and a status, or a log with stack. */
export type ErrorSeverity = 'expected' | 'operational' | 'bug';

export const errorCodes = [
  // files
  'file.missing',
  'file.notSqlite',
  'file.empty',
  'file.truncated',
  'file.corrupt',
  'file.encrypted',
  'file.locked',
  'file.unfinished',
  'file.vanished',
  'file.walReadOnly',
  'file.noPermission',
  'file.directory',
  'file.notRegular',
  'file.diskFull',
  // statements
  'sql.multiple',
  'sql.notReadOnly',
  'sql.syntax',
  'sql.unknownName',
  'sql.doubleQuotedString',
  'sql.timeout',
  'sql.empty',
  'sql.failed',
  'sql.tooManyColumns',
  'sql.rowTooLarge',
  'sql.columnsChanged',
  'sql.notPreviewable',
  // changes
  'write.changed',
  'write.different',
  // joins
  'join.noPath',
  'join.severalDatabases',
  'join.present',
  'join.gone',
  // questions
  'ask.empty',
  'ask.tooLong',
  'ask.unanswerable',
  'ask.noRunnableCandidate',
  'ask.noDatabase',
  'ask.ambiguousDatabase',
  'ask.notEnglish',
  'ask.isSql',
  'ask.untrusted',
  'ask.notAllowed',
  // agents
  'agent.badInput',
  'agent.unknownDatabase',
  'agent.valuesNotAllowed',
  // a team's server
  'server.unreachable',
  'server.refused',
  'server.badAnswer',
  'server.notAllowed',
  // models
  'model.unknown',
  'model.missing',
  'model.truncated',
  'model.wrongSum',
  'model.badArchitecture',
  'model.tooBig',
  'model.adapterMismatch',
  'model.adapterOutdated',
  'model.notGguf',
  'model.badRanker',
  'model.downloadFailed',
  'model.diskFull',
  'model.busy',
  'pack.unavailable',
  'pack.fetchFailed',
  // fine-tuning
  'training.untrusted',
  'training.busy',
  'training.noPython',
  'training.pythonTooOld',
  'training.noNetwork',
  'training.diskFull',
  'training.environmentFailed',
  'training.interpreterLacks',
  'training.noData',
  'training.notBetter',
  'training.noAdapter',
  'training.failed',
  'training.noMemory',
  // the model process
  'process.died',
  'process.startFailed',
  'process.wrongVersion',
  'process.deadline',
  'process.outOfMemory',
  // the rest
  'config.invalid',
  'cancelled',
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** Values that fill the sentence of an error; plain data so that they cross process borders. */
export type ErrorArguments = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** An error with a code and arguments. `message` is for logs only: people read the sentence made from code and arguments. */
export class JoineryError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorArguments;

  constructor(code: ErrorCode, details: ErrorArguments = {}, cause?: unknown) {
    super(`${code} ${JSON.stringify(details)}`, cause === undefined ? undefined : { cause });
    this.name = 'JoineryError';
    this.code = code;
    this.details = details;
  }
}

export function isJoineryError(value: unknown): value is JoineryError {
  // By name: the editor's part and the engine are bundles of their own, each with its own class.
  return value instanceof Error && value.name === 'JoineryError' && 'code' in value && 'details' in value;
}

/** Cancelling is a result, not a failure: callers test for it and say nothing. */
export function isCancelled(value: unknown): boolean {
  return isJoineryError(value) && value.code === 'cancelled';
}
