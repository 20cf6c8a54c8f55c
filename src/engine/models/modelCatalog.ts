/** The catalogue of models as committed in `models/catalog.json`, and the folder where models are kept. Reads no disk. */
import path from 'node:path';
import catalogFile from '../../../models/catalog.json';
import { JoineryError } from '../../core/shared/errors.js';
import { type CatalogModel, type ModelCatalog } from './types.js';

// The cast is checked by a test that walks every entry: JSON imports widen `kind` to string.
export const modelCatalog = catalogFile as ModelCatalog;

/** Throws `model.unknown` with the ids that exist. */
export function findCatalogModel(catalog: ModelCatalog, id: string): CatalogModel {
  const model = catalog.models.find((entry) => entry.id === id);
  if (!model) throw new JoineryError('model.unknown', { id, known: catalog.models.map((entry) => entry.id) });
  return model;
}

/** `JOINERY_MODEL_DIR`, else the user's cache folder by the conventions of the platform. */
export function defaultModelFolder(environment: NodeJS.ProcessEnv, home: string, platform: NodeJS.Platform): string {
  return environment['JOINERY_MODEL_DIR'] ?? path.join(cacheFolder(environment, home, platform), 'models');
}

/** Where prompt states and schema caches live: beside the models, and as easily thrown away. */
export function defaultStateFolder(environment: NodeJS.ProcessEnv, home: string, platform: NodeJS.Platform): string {
  return environment['JOINERY_STATE_DIR'] ?? path.join(cacheFolder(environment, home, platform), 'state');
}

function cacheFolder(environment: NodeJS.ProcessEnv, home: string, platform: NodeJS.Platform): string {
  const xdg = environment['XDG_CACHE_HOME'];
  if (xdg) return path.join(xdg, 'joinery');
  const local = environment['LOCALAPPDATA'];
  if (platform === 'win32' && local) return path.join(local, 'joinery');
  return path.join(home, '.cache', 'joinery');
}
