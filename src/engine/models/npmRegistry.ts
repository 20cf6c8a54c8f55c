/**
 * The package registry that this machine uses: npm's own setting, so a company's mirror is respected. Reads addresses only,
 * never credentials, and contacts nothing.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

const publicRegistry = 'https://registry.npmjs.org';

/** `npm_config_registry`, else `registry` in the user's .npmrc, else the public registry. Without a slash at the end. */
export async function findRegistry(environment: NodeJS.ProcessEnv, home: string): Promise<string> {
  const file = environment['npm_config_userconfig'] ?? path.join(home, '.npmrc');
  const settings = await readFile(file, 'utf8').catch(() => '');
  const line = /^\s*registry\s*=\s*"?([^"\s]+)"?\s*$/m.exec(settings)?.[1];
  const wanted = environment['npm_config_registry'] ?? environment['NPM_CONFIG_REGISTRY'] ?? line;
  return (wanted !== undefined && /^https?:/.test(wanted) && URL.canParse(wanted) ? wanted : publicRegistry).replace(/\/+$/, '');
}

/** Where registries keep the archive of one version of a package, such as `@scope/name`. */
export function archiveAddress(registry: string, packageName: string, version: string): string {
  return `${registry}/${packageName}/-/${packageName.split('/').at(-1) ?? packageName}-${version}.tgz`;
}
