/** The log on stderr, for those who ask for it with JOINERY_LOG=debug (or another level); silent otherwise. */
import { silentLogger, type Logger, type LogLevel } from '../core/shared/logger.js';
import { type CliIo } from './io.js';

const levels: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error'];

export function terminalLogger(io: CliIo): Logger {
  const least = levels.findIndex((level) => level === io.environment['JOINERY_LOG']);
  if (least < 0) return silentLogger;
  return {
    log(level, tag, message, error) {
      if (levels.indexOf(level) < least) return;
      io.err(`${level} [${tag}] ${message}${error instanceof Error ? `: ${error.message}` : ''}`);
    },
  };
}
