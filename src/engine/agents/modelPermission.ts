/**
 * What a model may see of a database: nothing, its schema, or its schema and values of its data. One permission per database holds for
 * every model and every face: prompts of the ask pipeline, tools of agents, the chat. Reads no settings; the faces hand the entries over.
 */
import { dirname, resolve } from 'node:path';
import { JoineryError } from '../../core/shared/errors.js';

export const modelPermissions = ['nothing', 'schema', 'schemaAndSamples'] as const;
export type ModelPermission = (typeof modelPermissions)[number];

/** Path → permission. Paths are absolute or relative to one of the folders or to the folder of the database; `*` holds for all others. */
export type PermissionEntries = Readonly<Record<string, ModelPermission>>;

/**
 * @returns undefined when no entry speaks of the database; the narrowest when several do, `*` aside. Settings are typed by hand: an entry that is no
 * permission counts as `nothing`, for a misspelt limit must not open anything.
 */
export function findPermission(database: string, entries: PermissionEntries, folders: readonly string[]): ModelPermission | undefined {
  const full = resolve(database);
  const bases = [...folders, dirname(full)];
  const own = Object.entries(entries)
    .filter(([path]) => path !== '*' && path !== '' && bases.some((base) => resolve(base, path) === full))
    .map(([, permission]) => knownOrNothing(permission));
  return modelPermissions.find((permission) => own.includes(permission)) ?? permissionOfOthers(entries);
}

/** What holds for databases that no entry speaks of; undefined when nothing was said. */
export function permissionOfOthers(entries: PermissionEntries): ModelPermission | undefined {
  return '*' in entries ? knownOrNothing(entries['*']) : undefined;
}

function knownOrNothing(permission: unknown): ModelPermission {
  return isPermission(permission) ? permission : 'nothing';
}

/**
 * A permission alone, such as `schema`, for every database, or a JSON object of entries. An entry that is no permission
 * throws `config.invalid`: a misspelt limit must not open anything.
 */
export function parsePermissions(text: string, name: string): PermissionEntries {
  const trimmed = text.trim();
  if (trimmed === '') return {};
  const value: unknown = trimmed.startsWith('{') ? parseJson(trimmed) : { '*': trimmed };
  const entries = checkPermissions(value);
  if (!entries)
    throw new JoineryError('config.invalid', { name, value: trimmed, detail: `permissions are ${modelPermissions.join(', ')}` });
  return entries;
}

/** Undefined when something in it is no permission. */
export function checkPermissions(value: unknown): PermissionEntries | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value);
  return entries.every((entry): entry is [string, ModelPermission] => isPermission(entry[1])) ? Object.fromEntries(entries) : undefined;
}

function isPermission(value: unknown): value is ModelPermission {
  return modelPermissions.some((permission) => permission === value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Reported by the caller as a value that is not valid.
  }
}
