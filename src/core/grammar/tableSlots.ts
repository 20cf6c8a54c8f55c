/**
 * The aliases (T1, T2, …, or short ones of letters) of one SELECT as plain values: which tables each may still stand for, which one it stands for
 * once FROM has said so. It asks only whether the aliases can get tables of their own, not how FROM reaches them.
 */

/** An alias, by its number (slotNames.ts). Until it is bound any of `tables` is possible; bound, there is exactly one. */
export interface TableSlot {
  readonly number: number;
  readonly tables: readonly number[];
  readonly bound: boolean;
}

export function findSlot(slots: readonly TableSlot[], number: number): TableSlot | undefined {
  return slots.find((slot) => slot.number === number);
}

/** Tables of which each open alias still needs one. */
export function openSlots(slots: readonly TableSlot[]): readonly (readonly number[])[] {
  return slots.filter(({ bound }) => !bound).map(({ tables }) => tables);
}

/** The slots with `number` narrowed to `tables`; undefined when nothing is left for it. */
export function narrowSlot(slots: readonly TableSlot[], number: number, tables: readonly number[]): readonly TableSlot[] | undefined {
  const before = findSlot(slots, number);
  const left = before === undefined ? tables : before.tables.filter((table) => tables.includes(table));
  return left.length === 0 ? undefined : replace(slots, { number, tables: left, bound: false });
}

/** The slots with `number` standing for `table`; undefined when it cannot. */
export function bindSlot(slots: readonly TableSlot[], number: number, table: number): readonly TableSlot[] | undefined {
  const before = findSlot(slots, number);
  if (before !== undefined && (before.bound || !before.tables.includes(table))) return undefined;
  return replace(slots, { number, tables: [table], bound: true });
}

/** True when every set can be given a table of its own that `allowed` accepts. */
export function canShareOut(sets: readonly (readonly number[])[], allowed: (table: number) => boolean): boolean {
  const taken = new Set<number>();
  const place = (index: number): boolean => {
    const set = sets[index];
    if (set === undefined) return true;
    for (const table of set) {
      if (taken.has(table) || !allowed(table)) continue;
      taken.add(table);
      if (place(index + 1)) return true;
      taken.delete(table);
    }
    return false;
  };
  return place(0);
}

function replace(slots: readonly TableSlot[], slot: TableSlot): readonly TableSlot[] {
  return [...slots.filter(({ number }) => number !== slot.number), slot].sort((a, b) => a.number - b.number);
}
