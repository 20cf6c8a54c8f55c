/** What models may see of a database, from the settings. Read at every use, so that a withdrawn permission holds at once. */
import { findPermission, type ModelPermission } from '../../engine/agents/modelPermission.js';
import { readSetting } from '../platform/settings.js';
import { workspaceFolders } from '../platform/workspaceFolders.js';

/** Undefined where nothing was said. */
export function permissionOf(database: string): ModelPermission | undefined {
  return findPermission(database, readSetting('modelMaySee'), workspaceFolders());
}
