/** A team's server from options and environment. The key comes from the environment alone: command lines are seen by others. */
import { JoineryError } from '../core/shared/errors.js';
import { serverAddress, type ServerConstraints, type ServerSettings } from '../engine/remote/serverSettings.js';

const kinds: readonly ServerConstraints[] = ['gbnf', 'guided', 'none'];

/** Undefined when none was chosen. Throws `config.invalid`. */
export function readServerOptions(options: Readonly<Record<string, unknown>>, environment: NodeJS.ProcessEnv): ServerSettings | undefined {
  const text = (name: string, variable: string): string =>
    typeof options[name] === 'string' ? options[name] : (environment[variable] ?? '');
  const address = text('server', 'JOINERY_SERVER');
  if (address === '') return undefined;
  const model = text('serverModel', 'JOINERY_SERVER_MODEL');
  const wanted = text('serverConstraints', 'JOINERY_SERVER_CONSTRAINTS');
  const constraints = kinds.find((kind) => kind === wanted);
  if (wanted !== '' && !constraints)
    throw new JoineryError('config.invalid', {
      name: '--server-constraints',
      value: wanted,
      detail: `one of ${kinds.join(', ')} is needed`,
    });
  const key = environment['JOINERY_SERVER_KEY'] ?? '';
  return {
    url: serverAddress(address),
    ...(model === '' ? {} : { model }),
    ...(key === '' ? {} : { key }),
    ...(constraints ? { constraints } : {}),
  };
}
