/**
 * The SELECTs of a statement as scopes with their sources and column uses, with token positions so that steps can rewrite the text.
 * Tolerant: it never fails; what it does not understand it marks as opaque. It resolves nothing, see `completeJoins`.
 */
import { type Token } from '../sql/tokenize.js';
import { unquoteIdentifier } from '../sql/quote.js';

export type ClauseKind = 'select' | 'from' | 'on' | 'where' | 'group' | 'having' | 'order' | 'limit';

export interface Source {
  /** As written, without quotes; undefined for a subquery. */
  readonly table: string | undefined;
  /** The name by which columns are qualified. */
  readonly name: string;
  readonly hasAlias: boolean;
}

export interface ColumnUse {
  readonly qualifier: string | undefined;
  readonly name: string;
  readonly clause: ClauseKind;
  /** Indexes into the tokens: first token of the reference and the one behind it. */
  readonly start: number;
  readonly end: number;
}

/** `*` and `table.*` in a result list, and behind the parenthesis of a COUNT. */
export interface StarUse {
  readonly qualifier: string | undefined;
  /** Indexes into the tokens, end exclusive. */
  readonly start: number;
  readonly end: number;
}

export interface SelectScope {
  readonly parent: SelectScope | undefined;
  /** The SELECT before this one in a compound. */
  readonly before: SelectScope | undefined;
  readonly sources: Source[];
  readonly columns: ColumnUse[];
  readonly stars: StarUse[];
  /** Names given with AS in the select list. */
  readonly aliases: string[];
  /** Index of the word SELECT. */
  readonly start: number;
  /** Index of the token behind the result list, -1 while it is open. */
  listEnd: number;
  /** Token index where FROM begins and where a further JOIN may be inserted; -1 without FROM. */
  fromStart: number;
  fromEnd: number;
  /** Index of a bare `*` in the select list, -1 when there is none. */
  star: number;
  groups: boolean;
}

interface Frame {
  scope: SelectScope;
  clause: ClauseKind;
  /** What the parenthesis that opened this frame is: a SELECT's own, or one inside an expression. */
  kind: 'select' | 'expression' | 'call' | 'cast';
}

const clauseWords: ReadonlyMap<string, ClauseKind> = new Map<string, ClauseKind>([
  ['SELECT', 'select'],
  ['FROM', 'from'],
  ['WHERE', 'where'],
  ['GROUP', 'group'],
  ['HAVING', 'having'],
  ['ORDER', 'order'],
  ['LIMIT', 'limit'],
  ['ON', 'on'],
]);
const setWords = new Set(['UNION', 'INTERSECT', 'EXCEPT']);

/** Pairs of columns of a SELECT that `=` compares, in the order of the text. */
export function equalColumns(scope: SelectScope, tokens: readonly Token[]): readonly (readonly [ColumnUse, ColumnUse])[] {
  return scope.columns.flatMap((left): (readonly [ColumnUse, ColumnUse])[] => {
    const right = /^==?$/.test(tokens[left.end]?.text ?? '') ? scope.columns.find((use) => use.start === left.end + 1) : undefined;
    return right ? [[left, right]] : [];
  });
}

/** @param tokens without whitespace and comments. */
export function readScopes(tokens: readonly Token[]): SelectScope[] {
  return new ScopeReader(tokens).read();
}

function newScope(start: number, parent: SelectScope | undefined, before?: SelectScope): SelectScope {
  const lists = { sources: [], columns: [], stars: [], aliases: [] };
  return { start, parent, before, ...lists, listEnd: -1, fromStart: -1, fromEnd: -1, star: -1, groups: false };
}

class ScopeReader {
  readonly #scopes: SelectScope[] = [];
  readonly #stack: Frame[] = [];
  #at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  read(): SelectScope[] {
    while (this.#at < this.tokens.length) this.#step();
    for (const frame of this.#stack) this.#closeFrom(frame);
    return this.#scopes;
  }

  #upper(offset = 0): string {
    return this.tokens[this.#at + offset]?.text.toUpperCase() ?? '';
  }

  #step(): void {
    const word = this.#upper();
    const frame = this.#stack.at(-1);
    if (word === 'SELECT') this.#openSelect(frame);
    else if (word === '(') this.#openParenthesis(frame);
    else if (word === ')') this.#closeParenthesis();
    else if (!frame) this.#at++;
    else if (setWords.has(word) && frame.kind === 'select') this.#endSelect(frame);
    else if (clauseWords.has(word) && frame.kind === 'select' && this.tokens[this.#at]?.kind === 'keyword') this.#enterClause(frame, word);
    else this.#readInside(frame);
  }

  #openSelect(frame: Frame | undefined): void {
    const scope = frame?.kind === 'select' ? newScope(this.#at, frame.scope.parent, frame.scope) : newScope(this.#at, frame?.scope);
    this.#scopes.push(scope);
    if (frame?.kind === 'select') Object.assign(frame, { scope, clause: 'select' });
    else this.#stack.push({ scope, clause: 'select', kind: 'select' });
    this.#at++;
    if (this.#upper() === 'DISTINCT' || this.#upper() === 'ALL') this.#at++;
  }

  #openParenthesis(frame: Frame | undefined): void {
    const before = this.tokens[this.#at - 1];
    const next = this.#upper(1);
    this.#at++;
    if (next === 'SELECT' || next === 'WITH' || next === 'VALUES') {
      const parent = frame?.scope;
      if (frame?.clause === 'from') frame.scope.sources.push({ table: undefined, name: '', hasAlias: false });
      const scope = newScope(this.#at, parent);
      this.#stack.push({ scope, clause: 'select', kind: 'select' });
      if (next === 'SELECT') {
        this.#scopes.push(scope);
        this.#at++;
        if (this.#upper() === 'DISTINCT' || this.#upper() === 'ALL') this.#at++;
      }
      return;
    }
    const isCall =
      before !== undefined &&
      (before.kind === 'identifier' || before.kind === 'keyword') &&
      !/^(?:IN|AND|OR|NOT|ON|WHERE|HAVING|BY|SELECT|WHEN|THEN|ELSE|BETWEEN|LIKE|AS|FROM|JOIN|EXISTS)$/i.test(before.text);
    const kind = /^CAST$/i.test(before?.text ?? '') ? 'cast' : isCall ? 'call' : 'expression';
    this.#stack.push({ scope: frame?.scope ?? newScope(this.#at, undefined), clause: frame?.clause ?? 'select', kind });
  }

  #closeParenthesis(): void {
    const frame = this.#stack.pop();
    if (frame?.kind === 'select') this.#closeFrom(frame);
    this.#at++;
    const outer = this.#stack.at(-1);
    const last = outer?.scope.sources.at(-1);
    if (frame?.kind !== 'select' || outer?.clause !== 'from' || !last || last.table !== undefined || last.name !== '') return;
    if (this.#upper() === 'AS') this.#at++;
    if (this.tokens[this.#at]?.kind !== 'identifier') return;
    outer.scope.sources[outer.scope.sources.length - 1] = { table: undefined, name: this.#name(), hasAlias: true };
    this.#at++;
  }

  #closeFrom(frame: Frame): void {
    if (frame.scope.listEnd < 0) frame.scope.listEnd = this.#at;
    if (frame.scope.fromStart >= 0 && frame.scope.fromEnd < 0) frame.scope.fromEnd = this.#at;
  }

  #endSelect(frame: Frame): void {
    this.#closeFrom(frame);
    this.#at++;
    if (this.#upper() === 'ALL') this.#at++;
  }

  #enterClause(frame: Frame, word: string): void {
    const clause = clauseWords.get(word) ?? 'select';
    if (frame.scope.listEnd < 0) frame.scope.listEnd = this.#at;
    if (clause === 'from') frame.scope.fromStart = this.#at;
    else if (clause !== 'on') this.#closeFrom(frame);
    if (clause === 'group') frame.scope.groups = true;
    frame.clause = clause;
    this.#at++;
    if (this.#upper() === 'BY') this.#at++;
  }

  #readInside(frame: Frame): void {
    const token = this.tokens[this.#at];
    const word = this.#upper();
    if (
      (frame.clause === 'on' || frame.clause === 'from') &&
      frame.kind === 'select' &&
      /^(?:JOIN|,|LEFT|INNER|CROSS|NATURAL|OUTER)$/.test(word)
    ) {
      frame.clause = 'from';
      this.#at++;
    } else if (word === 'AS') this.#readAlias(frame);
    else if (frame.clause === 'from' && frame.kind !== 'call' && token?.kind === 'identifier') this.#readSource(frame);
    else if (token?.kind === 'identifier') this.#readColumn(frame);
    else {
      if (word === '*') this.#readStar(frame);
      this.#at++;
    }
  }

  #readStar({ clause, kind, scope }: Frame): void {
    const before = this.#upper(-1);
    const isItem = clause === 'select' && kind === 'select' && (before === 'SELECT' || before === 'DISTINCT' || before === ',');
    if (isItem) scope.star = this.#at;
    if (isItem || (before === '(' && this.#upper(1) === ')'))
      scope.stars.push({ qualifier: undefined, start: this.#at, end: this.#at + 1 });
  }

  #readAlias(frame: Frame): void {
    this.#at++;
    if (frame.kind !== 'cast' && this.tokens[this.#at]) {
      frame.scope.aliases.push(this.#name());
      this.#at++;
      return;
    }
    // A type name inside CAST: everything up to the parenthesis.
    while (this.#at < this.tokens.length && this.#upper() !== ')') this.#at++;
  }

  #readSource(frame: Frame): void {
    const table = this.#name();
    this.#at++;
    let name = table;
    if (this.#upper() === 'AS') this.#at++;
    const next = this.tokens[this.#at];
    if (next?.kind === 'identifier' || (this.#upper(-1) === 'AS' && next)) {
      name = this.#name();
      this.#at++;
    }
    frame.scope.sources.push({ table, name, hasAlias: name !== table });
  }

  #readColumn(frame: Frame): void {
    const start = this.#at;
    if (this.#upper(1) === '(') {
      this.#at++;
      return;
    }
    if (this.#upper(1) === '.') {
      const qualifier = this.#name();
      this.#at += 2;
      const isStar = this.#upper() === '*';
      if (isStar) frame.scope.stars.push({ qualifier, start, end: this.#at + 1 });
      else frame.scope.columns.push({ qualifier, name: this.#name(), clause: frame.clause, start, end: this.#at + 1 });
      this.#at++;
      return;
    }
    frame.scope.columns.push({ qualifier: undefined, name: this.#name(), clause: frame.clause, start, end: start + 1 });
    this.#at++;
  }

  #name(): string {
    return unquoteIdentifier(this.tokens[this.#at]?.text ?? '');
  }
}
