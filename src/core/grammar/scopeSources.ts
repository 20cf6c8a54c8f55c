/**
 * What marks of columns and tables do to a scope: needs before FROM, tables and aliases in FROM, lookups after it. Every
 * step that could lead nowhere is refused where it is written.
 */
import { type JoinReach } from './joinReach.js';
import { type Mark } from './marks.js';
import { slotText } from './slotNames.js';
import { type Scope, type ScopeInterner } from './scopeValues.js';
import { bindSlot, canShareOut, findSlot, narrowSlot, openSlots, type TableSlot } from './tableSlots.js';

/** Tables in one FROM; beyond it only joins that lead to a table already needed. */
const comfortableTables = 6;
const slotNumbers = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/** Stands in a want beside tables that FROM must name itself; no table has this number. */
const notToBeAdded = -1;

type TableSets = readonly (readonly number[])[];

export class ScopeSources {
  constructor(
    private readonly scopes: ScopeInterner,
    private readonly reach: JoinReach,
    private readonly completesFrom: boolean,
  ) {}

  /** A column of one of `tables`; `qualified` ones may also belong to a SELECT further out. */
  use(scope: Scope, tables: readonly number[], qualified: boolean): Scope | undefined {
    if (scope.phase === 'select') return this.want(scope, tables, qualified);
    for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
      const { joined, style } = at;
      if (!(qualified && style === 'slots') && tables.some((table) => joined.includes(table))) return scope;
      if (!qualified || scope.phase === 'from') break;
    }
    if (scope.phase !== 'after' || (qualified && scope.style === 'slots') || !this.canComplete(tables)) return undefined;
    if (!qualified && meansOuter(scope, tables)) return undefined;
    return this.feasible([scope.joined.slice(0, 1), tables], []) ? scope : undefined;
  }

  /** All columns of a table, among the result columns. */
  useWhole(scope: Scope, table: number): Scope | undefined {
    return scope.phase === 'select' ? this.want(scope, [notToBeAdded, table], true) : undefined;
  }

  /** An alias and its point begin a column; with `tables` it can stand for one of these only. */
  useSlot(scope: Scope, number: number, tables: readonly number[]): Scope | undefined {
    const next = (): Scope => this.scopes.change(scope, { pending: number });
    if (scope.phase !== 'select') return this.boundSlot(scope, number) === undefined ? undefined : next();
    if (scope.style === 'plain') return undefined;
    if (findSlot(scope.slots, number) !== undefined) return this.scopes.change(scope, { pending: number, style: 'slots' });
    const slots = narrowSlot(scope.slots, number, tables.length === 0 ? this.reach.tables : tables);
    if (slots === undefined || !this.feasible(scope.wants, slots)) return undefined;
    return this.scopes.change(scope, { pending: number, style: 'slots', ...(tables.length === 0 ? {} : { slots }) });
  }

  /** The column behind an alias is one that `tables` have. */
  useColumnOfSlot(scope: Scope, tables: readonly number[]): Scope | undefined {
    if (scope.phase !== 'select') {
      const bound = this.boundSlot(scope, scope.pending)?.tables[0];
      return bound !== undefined && tables.includes(bound) ? this.scopes.change(scope, { pending: -1 }) : undefined;
    }
    const slots = narrowSlot(scope.slots, scope.pending, tables);
    return slots !== undefined && this.feasible(scope.wants, slots) ? this.scopes.change(scope, { pending: -1, slots }) : undefined;
  }

  /** The first table of FROM. */
  from(scope: Scope, table: number): Scope | undefined {
    const complete = scope.requiredArity < 0 || scope.arity === scope.requiredArity;
    if (scope.phase !== 'select' || !complete || !this.feasible([[table], ...scope.wants], scope.slots)) return undefined;
    return this.joined(scope, table);
  }

  join(scope: Scope, mark: Mark & { readonly kind: 'join' | 'add' }): Scope | undefined {
    if (mark.kind === 'join' && !scope.joined.includes(mark.onto)) return undefined;
    return this.mayJoin(scope, mark.table) ? this.joined(scope, mark.table) : undefined;
  }

  /** The next table of a FROM with aliases; a second copy only behind its original, so that one text has one meaning. */
  next(scope: Scope, table: number, original: number | undefined): Scope | undefined {
    const inOrder = original === undefined || scope.joined.includes(original);
    return inOrder && this.mayJoin(scope, table) && this.reach.isNext(table, scope.joined) ? this.joined(scope, table) : undefined;
  }

  /** The table just joined gets an alias, with `tables` only when it is one of these. */
  nameTable(scope: Scope, number: number, tables: readonly number[]): Scope | undefined {
    if (scope.target < 0 || scope.style === 'plain') return undefined;
    if (tables.length > 0 && !tables.includes(scope.target)) return undefined;
    const slots = bindSlot(scope.slots, number, scope.target);
    if (slots === undefined || !this.canShareOut(slots, scope.joined)) return undefined;
    return this.scopes.change(scope, { slots, style: 'slots', target: -1 });
  }

  /** The table just joined keeps its name. */
  keepName(scope: Scope): Scope | undefined {
    return scope.style === 'slots' ? undefined : this.scopes.change(scope, { style: 'plain', target: -1 });
  }

  end(scope: Scope): Scope | undefined {
    if (scope.phase !== 'from' || openSlots(scope.slots).length > 0) return undefined;
    if (scope.wants.some((want) => !this.canComplete(want))) return undefined;
    return this.scopes.change(scope, { phase: 'after', wants: [] });
  }

  /** Names of the aliases that stand for a table in this FROM. */
  slotNames(scope: Scope, table: number): readonly string[] {
    return scope.slots.filter(({ bound, tables }) => bound && tables[0] === table).map(({ number }) => slotText(number));
  }

  private boundSlot(scope: Scope, number: number): TableSlot | undefined {
    for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
      const slot = findSlot(at.slots, number);
      if (slot?.bound === true) return slot;
      if (scope.phase === 'from') return undefined;
    }
    return undefined;
  }

  /** A later step can add one of the tables to FROM; it never adds second copies. */
  private canComplete(tables: readonly number[]): boolean {
    return this.completesFrom && !tables.includes(notToBeAdded) && tables.some((table) => this.reach.isOriginal(table));
  }

  private want(scope: Scope, tables: readonly number[], qualified: boolean): Scope | undefined {
    if (qualified && scope.style === 'slots') return undefined;
    const wants = scope.wants.filter((want) => !tables.every((table) => want.includes(table)));
    const implied = scope.wants.some((want) => want.every((table) => tables.includes(table)));
    const next = implied ? scope.wants : [...wants, tables].sort((a, b) => (a.join(',') < b.join(',') ? -1 : 1));
    if (!this.feasible(next, scope.slots)) return undefined;
    return this.scopes.change(scope, { wants: next, style: qualified ? 'plain' : scope.style });
  }

  /** True when some component of the join graph can meet every want and give every alias a table of its own. */
  private feasible(wants: TableSets, slots: readonly TableSlot[]): boolean {
    const open = openSlots(slots);
    const sets = [...wants, ...open].map((tables) => new Set(tables.map((table) => this.reach.component(table))));
    const [first = [], ...more] = sets;
    return [...first].some((component) => {
      if (component === undefined || !more.every((set) => set.has(component))) return false;
      return canShareOut(open, (table) => this.reach.component(table) === component);
    });
  }

  private canShareOut(slots: readonly TableSlot[], joined: readonly number[]): boolean {
    const component = this.reach.component(joined[0] ?? -1);
    return canShareOut(openSlots(slots), (table) => this.reach.component(table) === component && !joined.includes(table));
  }

  private mayJoin(scope: Scope, table: number): boolean {
    if (scope.phase !== 'from' || scope.joined.includes(table)) return false;
    return scope.joined.length < comfortableTables || this.leadsCloser(scope, table);
  }

  private leadsCloser(scope: Scope, table: number): boolean {
    const open = openSlots(scope.slots).map((tables) => tables.filter((other) => !scope.joined.includes(other)));
    const wants = [...scope.wants, ...open];
    return wants.some((want) => this.reach.distance([table], want) < this.reach.distance(scope.joined, want));
  }

  private joined(scope: Scope, table: number): Scope | undefined {
    const joined = [...scope.joined, table].sort((a, b) => a - b);
    const wants = scope.wants.filter((want) => !want.includes(table));
    const target = scope.style === 'plain' ? -1 : table;
    if (scope.style === 'slots' && !this.canBeNamed(scope.slots, joined, table)) return undefined;
    return this.scopes.change(scope, { phase: 'from', joined, wants, target, aggregate: false });
  }

  private canBeNamed(slots: readonly TableSlot[], joined: readonly number[], table: number): boolean {
    const open = slots.filter((slot) => !slot.bound).map(({ number }) => number);
    return [...slotNumbers, ...open].some((number) => {
      const bound = bindSlot(slots, number, table);
      return bound !== undefined && this.canShareOut(bound, joined);
    });
  }
}

/** A bare name that this FROM lacks may be read as a column of a SELECT around it, one whose FROM is still to come included. */
function meansOuter(scope: Scope, tables: readonly number[]): boolean {
  for (let at = scope.outer; at !== undefined; at = at.outer) {
    if (at.phase !== 'after' || tables.some((table) => at?.joined.includes(table))) return true;
  }
  return false;
}
