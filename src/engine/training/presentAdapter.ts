/** The adapter that fine-tuning goes on from: what answers with a base until now. Loads nothing. */
import { JoineryError } from '../../core/shared/errors.js';
import { promptKindOf } from '../../core/nl2sql/promptStyle.js';
import { type ModelStore } from '../models/modelStore.js';

/**
 * Path of the adapter that `base` answers with: the one that is `named` (an id, a path, or `none`), else the one that comes with the model.
 * Undefined when there is none, when it is another base's, or when it was trained for other prompts than fine-tuning writes. Throws the other
 * errors of the model store.
 */
export async function presentAdapter(
  models: Pick<ModelStore, 'resolve'>,
  base: string,
  named: string | undefined,
): Promise<string | undefined> {
  try {
    const { adapter } = await models.resolve(base, named);
    const kind = adapter?.promptVersion === undefined ? undefined : promptKindOf(adapter.promptVersion);
    return kind?.style === 'bare' && kind.target === 'sql' ? adapter?.path : undefined;
  } catch (error) {
    if (error instanceof JoineryError && error.code === 'model.adapterMismatch') return undefined;
    throw error;
  }
}
