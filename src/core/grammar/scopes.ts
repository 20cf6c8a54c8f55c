/**
 * What each mark does to the SELECTs that are open, with the results cached. Columns and tables are in scopeSources.ts;
 * here are nesting, widths of compounds and names of result columns. It knows no text, except the characters of a name
 * that is being written.
 */
import { type JoinReach } from './joinReach.js';
import { type Mark, type SourceMark, type TextMark } from './marks.js';
import { ScopeSources } from './scopeSources.js';
import { emptyFields, type Scope, ScopeInterner } from './scopeValues.js';

const highestArity = 16;

export class ScopeTable {
  readonly root: Scope;
  private readonly scopes = new ScopeInterner();
  private readonly sources: ScopeSources;
  private readonly applied = new Map<Scope, Map<Mark, Scope | null>>();

  /**
   * `forbiddenAliases` in lower case. With `completesFrom` a column may belong to any table that joins can reach: a later step adds
   * the tables that FROM lacks.
   */
  constructor(
    reach: JoinReach,
    private readonly forbiddenAliases: ReadonlySet<string>,
    completesFrom = false,
  ) {
    this.sources = new ScopeSources(this.scopes, reach, completesFrom);
    this.root = this.scopes.intern({ ...emptyFields, phase: 'after' }, undefined);
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
    return this.scopes.change(scope, { capture: scope.capture + String.fromCodePoint(codePoint) });
  }

  /** Like `apply`, as a question about a mark some characters ahead: an alias that is no good yet can still become good. */
  allows(scope: Scope, mark: Mark): boolean {
    return mark.kind === 'aliasEnd' || this.apply(scope, mark) !== undefined;
  }

  /** What a mark that stands for text may write here. */
  words(scope: Scope, mark: TextMark): readonly string[] {
    return mark.kind === 'aliasUse' ? aliasesOf(scope, mark.aggregates) : this.sources.slotNames(scope, mark.table);
  }

  private compute(scope: Scope, mark: Mark): Scope | undefined {
    switch (mark.kind) {
      case 'scopeOpen':
        return this.scopes.intern(emptyFields, scope);
      case 'scopeNext':
        return scope.arity < 0 ? undefined : this.scopes.intern({ ...emptyFields, requiredArity: scope.arity }, scope.outer);
      case 'scopeClose':
        return scope.outer;
      case 'complete':
        return scope;
      case 'item':
      case 'star':
        return this.countItem(scope, mark.kind);
      case 'aggregate':
        return scope.phase === 'select' ? this.scopes.change(scope, { aggregate: true }) : scope;
      case 'aliasBegin':
        return this.scopes.change(scope, { capture: '' });
      case 'aliasEnd':
        return this.endAlias(scope);
      case 'aliasUse':
      case 'slotName':
        return this.words(scope, mark).length > 0 ? scope : undefined;
      default:
        return this.computeSource(scope, mark);
    }
  }

  private computeSource(scope: Scope, mark: SourceMark): Scope | undefined {
    switch (mark.kind) {
      case 'need':
        return this.sources.use(scope, [mark.table], true);
      case 'whole':
        return this.sources.useWhole(scope, mark.table);
      case 'any':
        return this.sources.use(scope, mark.tables, false);
      case 'slot':
        return this.sources.useSlot(scope, mark.slot, mark.tables);
      case 'of':
        return this.sources.useColumnOfSlot(scope, mark.tables);
      case 'from':
        return this.sources.from(scope, mark.table);
      case 'join':
      case 'add':
        return this.sources.join(scope, mark);
      case 'next':
        return this.sources.next(scope, mark.table, mark.original);
      case 'as':
        return this.sources.nameTable(scope, mark.slot, mark.tables);
      case 'plain':
        return this.sources.keepName(scope);
      case 'fromEnd':
        return this.sources.end(scope);
    }
  }

  private countItem(scope: Scope, kind: 'item' | 'star'): Scope | undefined {
    const narrow = scope.requiredArity < 0;
    if (kind === 'star') return narrow ? this.scopes.change(scope, { arity: -1, aggregate: false }) : undefined;
    if (scope.arity < 0) return this.scopes.change(scope, { aggregate: false });
    const limit = narrow ? highestArity : scope.requiredArity;
    return scope.arity < limit ? this.scopes.change(scope, { arity: scope.arity + 1, aggregate: false }) : undefined;
  }

  private endAlias(scope: Scope): Scope | undefined {
    const alias = scope.capture ?? '';
    if (this.forbiddenAliases.has(alias.toLowerCase()) || aliasesOf(scope, true).includes(alias)) return undefined;
    const aliases = [...scope.aliases, `${scope.aggregate ? 'a' : 'p'}${alias}`].sort();
    return this.scopes.change(scope, { capture: undefined, aliases });
  }
}

/** Names of result columns, on request those of aggregates as well. */
function aliasesOf(scope: Scope, aggregates: boolean): readonly string[] {
  return scope.aliases.filter((alias) => aggregates || alias.startsWith('p')).map((alias) => alias.slice(1));
}
