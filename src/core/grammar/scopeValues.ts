/** What one open SELECT knows, as interned immutable values: equal knowledge is the identical object. No rules here. */
import { type TableSlot } from './tableSlots.js';

export interface ScopeFields {
  /** `select` until the first table of FROM, `from` until `from-end`. */
  readonly phase: 'select' | 'from' | 'after';
  /** Sorted. */
  readonly joined: readonly number[];
  /** Remembered needs: at least one table of each set must be joined. Only before `from-end`. */
  readonly wants: readonly (readonly number[])[];
  /** How columns are qualified: by table names, by T1, T2, …, or not said yet. */
  readonly style: 'open' | 'plain' | 'slots';
  readonly slots: readonly TableSlot[];
  /** The table just joined that waits for its alias, and the alias whose column is being written; -1 for none. */
  readonly target: number;
  readonly pending: number;
  /** Result columns so far, -1 after a star. */
  readonly arity: number;
  /** Result columns that earlier operands of the same compound have, -1 when free. */
  readonly requiredArity: number;
  /** The result column being written holds an aggregate. */
  readonly aggregate: boolean;
  /** Aliases of result columns, each with its kind as a prefix: `a` for aggregates, `p` for plain values. */
  readonly aliases: readonly string[];
  /** Characters of the alias being written. */
  readonly capture: string | undefined;
}

export interface Scope extends ScopeFields {
  readonly id: number;
  readonly outer: Scope | undefined;
}

export const emptyFields: ScopeFields = {
  phase: 'select',
  joined: [],
  wants: [],
  style: 'open',
  slots: [],
  target: -1,
  pending: -1,
  arity: 0,
  requiredArity: -1,
  aggregate: false,
  aliases: [],
  capture: undefined,
};

export class ScopeInterner {
  private readonly known = new Map<string, Scope>();

  /** A scope like `from` with changes; it keeps the scope around it. */
  change(from: Scope, changes: Partial<ScopeFields>): Scope {
    return this.intern({ ...from, ...changes }, from.outer);
  }

  intern(fields: ScopeFields, outer: Scope | undefined): Scope {
    const { phase, joined, wants, style, slots, target, pending, arity, requiredArity, aggregate, aliases, capture } = fields;
    const tables = `${joined.join(',')};${wants.map((want) => want.join(',')).join('|')}`;
    const named = slots.map((slot) => `${String(slot.number)}${slot.bound ? '=' : ':'}${slot.tables.join(',')}`).join('|');
    const result = `${String(arity)};${String(requiredArity)};${String(aggregate)};${aliases.join(',')};${capture ?? '-'}`;
    const key = `${phase};${tables};${style};${named};${String(target)};${String(pending)};${result};${String(outer?.id)}`;
    let scope = this.known.get(key);
    if (scope === undefined) {
      const own = { phase, joined, wants, style, slots, target, pending, arity, requiredArity, aggregate, aliases, capture };
      scope = { ...own, id: this.known.size, outer };
      this.known.set(key, scope);
    }
    return scope;
  }
}
