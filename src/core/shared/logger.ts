/** Logging as an interface; rows and prompts are logged at trace level only. */

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';

export interface Logger {
  log(level: LogLevel, tag: string, message: string, error?: unknown): void;
}

export const silentLogger: Logger = { log: () => undefined };
