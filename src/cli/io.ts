/**
 * The terminal as the commands see it: results to stdout, everything else to stderr, colours only where a person looks.
 * Commands never touch `process`, so that tests read what they wrote.
 */
import { type CancellationToken } from '../core/shared/cancellation.js';

export interface CliIo {
  /** Results; a line end is added. */
  out(text: string): void;
  /** Progress, warnings and errors; a line end is added. */
  err(text: string): void;
  /** Raw text on stderr, for lines that are drawn over. */
  errRaw(text: string): void;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  /** Columns of the terminal; 0 when the output is not one. */
  readonly width: number;
  readonly environment: NodeJS.ProcessEnv;
  readonly folder: string;
  /** Cancelled by the first Ctrl-C. */
  readonly token: CancellationToken;
  setExitCode(code: number): void;
}

export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly cyan: (text: string) => string;
}

const identity = (text: string): string => text;
export const plainStyle: Style = { bold: identity, dim: identity, red: identity, green: identity, cyan: identity };

const paint =
  (code: number) =>
  (text: string): string =>
    `\u001b[${code}m${text}\u001b[${code < 10 ? 22 : 39}m`;

const colours: Style = { bold: paint(1), dim: paint(2), red: paint(31), green: paint(32), cyan: paint(36) };

/** Colours on a terminal, none elsewhere or when NO_COLOR is set (https://no-color.org). */
export function styleFor(isTerminal: boolean, environment: NodeJS.ProcessEnv): Style {
  const refused = (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb';
  return isTerminal && !refused ? colours : plainStyle;
}
