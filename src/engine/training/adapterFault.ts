/**
 * Whether an adapter can be used with a base model by this version of the product. An adapter that was fine-tuned here must never be the reason
 * that questions are not answered: with another base, or prompts that nobody writes any more, the model answers as shipped.
 */
import { promptStyleOf } from '../../core/nl2sql/promptStyle.js';
import { isJoineryError, JoineryError } from '../../core/shared/errors.js';
import { ModelStore } from '../models/modelStore.js';

/** Faults of the adapter itself; what is wrong with the base is said when it is loaded. */
const ownFaults: readonly string[] = ['model.adapterMismatch', 'model.notGguf', 'model.unknown', 'model.truncated'];

/** Undefined when it can be used, or when its base cannot be looked at. `model` as in the setting; undefined is the default. */
export async function adapterFault(modelFolder: string, model: string | undefined, adapter: string): Promise<JoineryError | undefined> {
  const store = new ModelStore({ folder: modelFolder });
  try {
    await store.resolve(model);
  } catch (error) {
    if (isJoineryError(error)) return undefined;
    throw error;
  }
  try {
    const { adapter: found } = await store.resolve(model, adapter);
    const version = found?.promptVersion;
    if (version === undefined || promptStyleOf(version) !== undefined) return undefined;
    return new JoineryError('model.adapterOutdated', { id: adapter, version });
  } catch (error) {
    if (isJoineryError(error) && ownFaults.includes(error.code)) return error;
    throw error;
  }
}
