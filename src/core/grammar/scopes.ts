/**
 * What the SELECTs that are open know about their tables, as interned immutable values, and what each mark does to
 * them. It knows no text, except the characters of an alias that is being written.
 */
import { type JoinReach } from './joinReach.js';
import { type Mark } from './marks.js';

/** Tables in one FROM; beyond it only joins that lead to a table already needed. */
const comfortableTables = 6;
const highestArity = 16;

/** `select` until the first table of FROM, `from` until `from-end`. */
type Phase = 'select' | 'from' | 'after';

interface ScopeFields {
  readonly phase: Phase;
  /** Sorted. */
  readonly joined: readonly number[];
  /** Remembered needs: at least one table of each set must be joined. Only before `from-end`. */
  readonly wants: readonly (readonly number[])[];
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

const emptyFields: ScopeFields = { phase: 'select', joined: [], wants: [], arity: 0, requiredArity: -1, aggregate: false, aliases: [], capture: undefined };

/** Interns scopes, so that equal knowledge is the identical object, and caches what marks do. */
export class ScopeTable {
  readonly root: Scope;
  private readonly interned = new Map<string, Scope>();
  private readonly applied = new Map<Scope, Map<Mark, Scope | null>>();

  /**
   * `forbiddenAliases` in lower case. With `completesFrom` a column may belong to any table that joins can reach: a later step adds
   * the tables that FROM lacks.
   */
  constructor(
    private readonly reach: JoinReach,
    private readonly forbiddenAliases: ReadonlySet<string>,
    private readonly completesFrom = false,
  ) {
    this.root = this.intern({ ...emptyFields, phase: 'after' }, undefined);
  }

  /** The scope after a mark, or undefined when the mark is not allowed here. */
  apply(scope: Scope, mark: Mark): Scope | undefined {
    let known = this.applied.get(scope);
    if (known === undefined) {
      known = new Map();
      this.applied.set(scope, known);
    }
    let next = known.get(mark);
    if (next === undefined) {
      next = this.compute(scope, mark) ?? null;
      known.set(mark, next);
    }
    return next ?? undefined;
  }

  /** The scope after a character of an alias; the same scope when none is being written. */
  write(scope: Scope, codePoint: number): Scope {
    if (scope.capture === undefined) return scope;
    return this.intern({ ...scope, capture: scope.capture + String.fromCodePoint(codePoint) }, scope.outer);
  }

  /** Like `apply`, as a question about a mark some characters ahead: an alias that is no good yet can still become good. */
  allows(scope: Scope, mark: Mark): boolean {
    return mark.kind === 'aliasEnd' || this.apply(scope, mark) !== undefined;
  }

  /** What `alias-use` may write. */
  aliases(scope: Scope, aggregates: boolean): readonly string[] {
    return scope.aliases.filter((alias) => aggregates || alias.startsWith('p')).map((alias) => alias.slice(1));
  }

  private compute(scope: Scope, mark: Mark): Scope | undefined {
    switch (mark.kind) {
      case 'scopeOpen':
        return this.intern(emptyFields, scope);
      case 'scopeNext':
        return scope.arity < 0 ? undefined : this.intern({ ...emptyFields, requiredArity: scope.arity }, scope.outer);
      case 'scopeClose':
        return scope.outer;
      case 'item':
      case 'star':
        return this.countItem(scope, mark.kind);
      case 'need':
        return this.use(scope, [mark.table], true);
      case 'any':
        return this.use(scope, mark.tables, false);
      case 'from':
      case 'join':
      case 'add':
        return this.joinTable(scope, mark);
      case 'fromEnd':
        if (scope.phase !== 'from' || scope.wants.some((want) => !this.canComplete(want))) return undefined;
        return this.intern({ ...scope, phase: 'after', wants: [] }, scope.outer);
      case 'aliasBegin':
        return this.intern({ ...scope, capture: '' }, scope.outer);
      case 'complete':
        return scope;
      case 'aliasEnd':
        return this.endAlias(scope);
      case 'aliasUse':
        return this.aliases(scope, mark.aggregates).length > 0 ? scope : undefined;
      case 'aggregate':
        return scope.phase === 'select' && !scope.aggregate ? this.intern({ ...scope, aggregate: true }, scope.outer) : scope;
    }
  }

  private countItem(scope: Scope, kind: 'item' | 'star'): Scope | undefined {
    const next = { ...scope, aggregate: false };
    if (kind === 'star') return scope.requiredArity < 0 ? this.intern({ ...next, arity: -1 }, scope.outer) : undefined;
    if (scope.arity < 0) return this.intern(next, scope.outer);
    const limit = scope.requiredArity < 0 ? highestArity : scope.requiredArity;
    return scope.arity < limit ? this.intern({ ...next, arity: scope.arity + 1 }, scope.outer) : undefined;
  }

  private endAlias(scope: Scope): Scope | undefined {
    const alias = scope.capture ?? '';
    if (this.forbiddenAliases.has(alias.toLowerCase()) || this.aliases(scope, true).includes(alias)) return undefined;
    const aliases = [...scope.aliases, `${scope.aggregate ? 'a' : 'p'}${alias}`].sort();
    return this.intern({ ...scope, capture: undefined, aliases }, scope.outer);
  }

  /** A column of one of `tables`; `qualified` ones may also belong to a SELECT further out. */
  private use(scope: Scope, tables: readonly number[], qualified: boolean): Scope | undefined {
    if (scope.phase === 'select') return this.want(scope, tables);
    for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
      const { joined } = at;
      if (tables.some((table) => joined.includes(table))) return scope;
      if (!qualified || scope.phase === 'from') break;
    }
    return scope.phase === 'after' && this.canComplete(tables) && this.feasible([scope.joined.slice(0, 1), tables]) ? scope : undefined;
  }

  /** A later step can add one of the tables to FROM; it never adds second copies. */
  private canComplete(tables: readonly number[]): boolean {
    return this.completesFrom && tables.some((table) => this.reach.isOriginal(table));
  }

  private want(scope: Scope, tables: readonly number[]): Scope | undefined {
    const wants = scope.wants.filter((want) => !tables.every((table) => want.includes(table)));
    const implied = scope.wants.some((want) => want.every((table) => tables.includes(table)));
    const next = implied ? scope.wants : [...wants, tables].sort((a, b) => compareSets(a, b));
    return this.feasible(next) ? this.intern({ ...scope, wants: next }, scope.outer) : undefined;
  }

  /** True when some component of the join graph can meet every want. */
  private feasible(wants: readonly (readonly number[])[]): boolean {
    const [first = [], ...more] = wants.map((tables) => new Set(tables.map((table) => this.reach.component(table))));
    return [...first].some((component) => component !== undefined && more.every((set) => set.has(component)));
  }

  private joinTable(scope: Scope, mark: Mark & { readonly kind: 'from' | 'join' | 'add' }): Scope | undefined {
    const { table } = mark;
    if (mark.kind === 'from') {
      const complete = scope.requiredArity < 0 || scope.arity === scope.requiredArity;
      if (scope.phase !== 'select' || !complete || !this.feasible([[table], ...scope.wants])) return undefined;
    } else {
      if (scope.phase !== 'from' || scope.joined.includes(table)) return undefined;
      if (mark.kind === 'join' && !scope.joined.includes(mark.onto)) return undefined;
      if (scope.joined.length >= comfortableTables && !this.leadsCloser(scope, table)) return undefined;
    }
    const joined = [...scope.joined, table].sort((a, b) => a - b);
    const wants = scope.wants.filter((want) => !want.includes(table));
    return this.intern({ ...scope, phase: 'from', joined, wants, aggregate: false }, scope.outer);
  }

  private leadsCloser(scope: Scope, table: number): boolean {
    return scope.wants.some((want) => this.reach.distance([table], want) < this.reach.distance(scope.joined, want));
  }

  private intern(fields: ScopeFields, outer: Scope | undefined): Scope {
    const { phase, joined, wants, arity, requiredArity, aggregate, aliases, capture } = fields;
    const tables = `${joined.join(',')};${wants.map((want) => want.join(',')).join('|')}`;
    const key = `${phase};${tables};${String(arity)};${String(requiredArity)};${String(aggregate)};${aliases.join(',')};${capture ?? '-'};${String(outer?.id)}`;
    let scope = this.interned.get(key);
    if (scope === undefined) {
      scope = { phase, joined, wants, arity, requiredArity, aggregate, aliases, capture, id: this.interned.size, outer };
      this.interned.set(key, scope);
    }
    return scope;
  }
}

function compareSets(left: readonly number[], right: readonly number[]): number {
  return left.join(',') < right.join(',') ? -1 : 1;
}
