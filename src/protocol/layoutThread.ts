/** Messages between the extension and the thread that lays out schema graphs. Nodes are numbers; names stay at home. */

export interface LayoutRequest {
  readonly id: number;
  /** Pixels of each box. */
  readonly sizes: readonly (readonly [width: number, height: number])[];
  /** Number of the database that each box belongs to: those of one stay together. */
  readonly groups: readonly number[];
  /** From the table that refers to the one referred to. */
  readonly edges: readonly (readonly [from: number, to: number])[];
}

export interface LayoutAnswer {
  readonly id: number;
  /** Upper left corner of each box; all are at or beyond (0, 0). */
  readonly places: readonly (readonly [x: number, y: number])[];
}

/** Undefined for what is no answer of this version. */
export function layoutAnswerOf(value: unknown): LayoutAnswer | undefined {
  if (typeof value !== 'object' || value === null || !('id' in value) || !('places' in value)) return undefined;
  const { id, places } = value;
  const isPlace = (place: unknown): boolean => Array.isArray(place) && place.length === 2 && place.every((part) => Number.isFinite(part));
  return typeof id === 'number' && Array.isArray(places) && places.every(isPlace) ? (value as LayoutAnswer) : undefined;
}
