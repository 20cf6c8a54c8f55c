/** Picks an even sample of a set, the same on every run and machine. */
import { type SampleNote } from './types.js';

export interface SampleRequest {
  /** How many questions to take evenly from the whole set; absent takes all. */
  readonly sample?: number;
  /** First question of the slice taken from the sample. */
  readonly offset?: number;
  readonly limit?: number;
}

/** Question `i` of a sample of n is number floor(i · total / n) of the set, so first and last parts count alike. */
export function pickSample<T>(items: readonly T[], request: SampleRequest): { readonly chosen: readonly T[]; readonly note: SampleNote } {
  const total = items.length;
  const wanted = Math.min(request.sample ?? total, total);
  const even = Array.from({ length: wanted }, (_, at) => items[Math.floor((at * total) / wanted)]).flatMap((item) =>
    item === undefined ? [] : [item],
  );
  const offset = request.offset ?? 0;
  const chosen = even.slice(offset, request.limit === undefined ? undefined : offset + request.limit);
  return { chosen, note: { total, chosen: chosen.length, step: wanted === 0 ? 1 : total / wanted, offset } };
}
