/** Exit codes of the command line, part of its interface: documented in the README and in `joinery --help`. */
import { type ErrorCode } from '../core/shared/errors.js';

export const exitCodes = {
  success: 0,
  /** A bug in Joinery. */
  internal: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** The question was understood to have no answer, or none was found. */
  noAnswer: 3,
  /** A database or a statement cannot be read or run. */
  database: 4,
  /** A model or its process is the problem. */
  model: 5,
  /** A question that is a test was not answered as expected. */
  testsFailed: 6,
  /** Ended by Ctrl-C. */
  cancelled: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const byFamily: Readonly<Record<string, ExitCode>> = {
  file: exitCodes.database,
  sql: exitCodes.database,
  join: exitCodes.noAnswer,
  write: exitCodes.database,
  ask: exitCodes.noAnswer,
  model: exitCodes.model,
  pack: exitCodes.model,
  training: exitCodes.model,
  process: exitCodes.model,
  server: exitCodes.model,
  agent: exitCodes.usage,
  config: exitCodes.usage,
  cancelled: exitCodes.cancelled,
};

export function exitCodeOf(code: ErrorCode): ExitCode {
  if (code === 'ask.noDatabase' || code === 'ask.ambiguousDatabase') return exitCodes.usage;
  return byFamily[code.split('.')[0] ?? ''] ?? exitCodes.internal;
}
