/** How an error of the family crosses a process border: code and arguments as JSON-RPC error data. The cause stays at home. */
import { type ErrorArguments, type ErrorCode, errorCodes, isJoineryError, JoineryError } from '../core/shared/errors.js';

export interface ErrorData {
  readonly code: ErrorCode;
  readonly details: ErrorArguments;
}

export function errorDataOf(error: unknown): ErrorData {
  if (isJoineryError(error)) return { code: error.code, details: error.details };
  return { code: 'internal', details: { reason: error instanceof Error ? error.message : String(error) } };
}

/** Undefined when `data` is not an error of the family, such as one of JSON-RPC itself. */
export function errorFromData(data: unknown): JoineryError | undefined {
  if (typeof data !== 'object' || data === null || !('code' in data) || !('details' in data)) return undefined;
  const code = errorCodes.find((known) => known === data.code);
  if (code === undefined || typeof data.details !== 'object' || data.details === null) return undefined;
  const details = Object.entries(data.details).filter(([, value]) => isArgument(value));
  return new JoineryError(code, Object.fromEntries(details));
}

function isArgument(value: unknown): boolean {
  return (
    ['string', 'number', 'boolean'].includes(typeof value) || (Array.isArray(value) && value.every((item) => typeof item === 'string'))
  );
}
