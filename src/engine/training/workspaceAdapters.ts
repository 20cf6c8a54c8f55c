/**
 * The adapters that were accepted in a workspace, and which of them answers. They never leave its storage. An adapter is accepted only when
 * the lower end of the interval of its gain is above zero; going back is one step, and nothing is deleted by it.
 */
import { JoineryError } from '../../core/shared/errors.js';
import { type HeldOutScore } from '../../protocol/trainingEvents.js';

export interface WorkspaceAdapter {
  readonly id: string;
  /** The adapter's file, in the storage of the workspace. */
  readonly path: string;
  /** Id of the model that it was trained on. */
  readonly base: string;
  /** Milliseconds since 1970. */
  readonly madeAt: number;
  readonly minutes: number;
  /** The data it saw: paths of databases, accepted answers, made questions. */
  readonly databases: readonly string[];
  readonly accepted: number;
  readonly synthesis: boolean;
  /** Questions that people wrote and that it was compared with. */
  readonly tests: number;
  readonly score: HeldOutScore;
}

/** Plain data of the workspace's storage. */
export interface AdapterShelf {
  readonly adapters: readonly WorkspaceAdapter[];
  /** Ids that answered, the present one last; '' is the model as shipped. */
  readonly history: readonly string[];
}

export const emptyShelf: AdapterShelf = { adapters: [], history: [''] };
const mostHistory = 20;

export function currentAdapter({ adapters, history }: AdapterShelf): WorkspaceAdapter | undefined {
  const id = history.at(-1) ?? '';
  return adapters.find((adapter) => adapter.id === id);
}

/** True when there is something to go back to. */
export function canRollBack({ history }: AdapterShelf): boolean {
  return history.length > 1;
}

/** The one before answers again. */
export function rollBack(shelf: AdapterShelf): AdapterShelf {
  return canRollBack(shelf) ? { ...shelf, history: shelf.history.slice(0, -1) } : shelf;
}

/** `id` answers from now on; '' is the model as shipped. Throws `training.noAdapter` for an unknown id. */
export function useAdapter(shelf: AdapterShelf, id: string): AdapterShelf {
  if (id !== '' && !shelf.adapters.some((adapter) => adapter.id === id)) throw new JoineryError('training.noAdapter', { id });
  if ((shelf.history.at(-1) ?? '') === id) return shelf;
  return { ...shelf, history: [...shelf.history, id].slice(-mostHistory) };
}

/** Takes an adapter off the shelf; when it answered, the one before does. The file is the caller's business. */
export function dropAdapter({ adapters, history }: AdapterShelf, id: string): AdapterShelf {
  const kept = history.filter((entry) => entry !== id).filter((entry, at, all) => entry !== all[at - 1]);
  return { adapters: adapters.filter((adapter) => adapter.id !== id), history: kept.length === 0 ? [''] : kept };
}

/** The rule of acceptance. */
export function isBetter(score: HeldOutScore | undefined): boolean {
  return score !== undefined && score.low > 0;
}
