/**
 * Brings a statement that someone has begun into the surface style of the grammar (buildGrammar.ts), so that a model can go
 * on under it: single spaces, keywords in capitals, stored spelling of names, table names in place of aliases other than T1, T2, …. It neither
 * completes nor checks anything: what the grammar cannot hold stays and is refused there.
 */
import { reservedWords } from '../grammar/reservedWords.js';
import { type DatabaseSchema, type Table } from '../schema/types.js';
import { quoteIdentifier, unquoteIdentifier } from '../sql/quote.js';
import { type Token, tokenize } from '../sql/tokenize.js';
import { sameName } from './grammarNames.js';

interface Piece {
  readonly text: string;
  /** Lower case, without quotes. */
  readonly word: string;
  readonly isName: boolean;
}

/** Aliases that the grammar takes as they are. */
const slotAlias = /^t[1-9]$/i;
const blankOrComment = /^(?:\s|--|\/\*)/;
const nameLike = /^[A-Za-z_\u0080-\uffff"`[]/;
const sourceWords = new Set(['from', 'join']);
const noSpaceBefore = new Set([',', ')', '.', ';']);
const signBefore = /^(?:[-+*/=<>(,]|[<>!]=|<>|\|\||select|and|or|not|where|when|then|else|between|in|on|by|having|like|limit|offset)$/;

/** The begun text in the grammar's style, without blanks at the end; '' for nothing but blanks and comments. */
export function normaliseBegun(sql: string, schema: DatabaseSchema): string {
  const tokens = tokenize(sql).filter(({ text }) => !blankOrComment.test(text));
  const last = tokens.at(-1);
  const unfinished = last !== undefined && last.end === sql.length ? tokens.length - 1 : -1;
  const reader = new BegunReader(tokens, schema, unfinished);
  return joinPieces(reader.read());
}

/** What one SELECT knows. A member of a compound and a subquery have their own; a subquery also sees what is around it. */
interface Scope {
  readonly outer: Scope | undefined;
  readonly sources: Table[];
  /** Names by which columns may be qualified, lower case, and what replaces them. */
  readonly qualifiers: Map<string, Qualifier>;
}

interface Qualifier {
  readonly table: Table;
  readonly text: string;
}

class BegunReader {
  private readonly scopes: readonly Scope[];
  private readonly dropped = new Set<number>();
  private readonly replaced = new Map<number, string>();

  constructor(
    private readonly tokens: readonly Token[],
    private readonly schema: DatabaseSchema,
    private readonly unfinished: number,
  ) {
    this.scopes = scopesOf(tokens);
  }

  read(): readonly Piece[] {
    this.tokens.forEach((_, index) => {
      if (sourceWords.has(this.word(index))) this.readSource(index + 1);
      if (this.word(index) === 'inner' || (this.word(index) === 'outer' && this.word(index - 1) === 'left')) this.dropped.add(index);
    });
    return this.tokens.flatMap((token, index) => (this.dropped.has(index) ? [] : [this.piece(token, index)]));
  }

  private word(index: number): string {
    return unquoteIdentifier(this.tokens[index]?.text ?? '').toLowerCase();
  }

  private scope(index: number): Scope {
    const scope = this.scopes[index];
    if (scope === undefined) throw new RangeError('a token without a scope');
    return scope;
  }

  /** What the name at `index` stands for, here or further out. */
  private qualifier(index: number): Qualifier | undefined {
    for (let scope = this.scopes[index]; scope !== undefined; scope = scope.outer) {
      const found = scope.qualifiers.get(this.word(index));
      if (found) return found;
    }
    return undefined;
  }

  private visibleTables(index: number): readonly Table[] {
    const tables: Table[] = [];
    for (let scope = this.scopes[index]; scope !== undefined; scope = scope.outer) tables.push(...scope.sources);
    return tables;
  }

  /** Notes a table of FROM with its alias, which is dropped; a second use of the table becomes its copy. */
  private readSource(index: number): void {
    const table = this.schema.tables.find(({ name }) => sameName(name, this.word(index)));
    if (table === undefined) return;
    const aliasAt = this.word(index + 1) === 'as' ? index + 2 : index + 1;
    const alias = this.tokens[aliasAt];
    const hasAlias = alias !== undefined && (aliasAt === index + 2 || this.isAlias(aliasAt));
    if (hasAlias && slotAlias.test(alias.text)) {
      this.readSlot(table, index, aliasAt, alias.text.toUpperCase());
      return;
    }
    const { sources, qualifiers } = this.scope(index);
    const second = sources.includes(table);
    const text = second ? quoteIdentifier(`${table.name}_2`) : quoteIdentifier(table.name);
    sources.push(table);
    this.replaced.set(index, second ? `${quoteIdentifier(table.name)} AS ${text}` : text);
    if (!qualifiers.has(table.name.toLowerCase())) qualifiers.set(table.name.toLowerCase(), { table, text });
    if (!hasAlias) return;
    if (!qualifiers.has(this.word(aliasAt))) qualifiers.set(this.word(aliasAt), { table, text });
    for (let at = index + 1; at <= aliasAt; at++) this.dropped.add(at);
  }

  private isKeyword(index: number): boolean {
    return reservedWords.has(this.tokens[index]?.text.toLowerCase() ?? '');
  }

  /** A table with one of the aliases that the grammar knows keeps it. */
  private readSlot(table: Table, index: number, aliasAt: number, alias: string): void {
    this.scope(index).sources.push(table);
    this.scope(index).qualifiers.set(alias.toLowerCase(), { table, text: alias });
    this.replaced.set(index, quoteIdentifier(table.name));
    this.replaced.set(aliasAt, aliasAt === index + 1 ? `AS ${alias}` : alias);
  }

  /** A word behind a table that is neither a keyword nor still being typed. */
  private isAlias(index: number): boolean {
    const token = this.tokens[index];
    return token !== undefined && nameLike.test(token.text) && index !== this.unfinished && !this.isKeyword(index);
  }

  private piece(token: Token, index: number): Piece {
    const word = this.word(index);
    const source = this.replaced.get(index);
    if (source !== undefined) return { text: source, word, isName: true };
    if (!nameLike.test(token.text)) return { text: token.text === '==' ? '=' : token.text, word, isName: false };
    const name = this.name(index);
    if (name !== undefined) return { text: name, word, isName: true };
    if (this.isKeyword(index) || this.tokens[index + 1]?.text === '(') return { text: token.text.toUpperCase(), word, isName: false };
    return { text: this.begunKeyword(index) ?? token.text, word, isName: true };
  }

  private name(index: number): string | undefined {
    const word = this.word(index);
    if (this.tokens[index - 1]?.text === '.') {
      const owner = this.qualifier(index - 2)?.table ?? this.schema.tables.find(({ name }) => sameName(name, this.word(index - 2)));
      const owners =
        owner === undefined && slotAlias.test(this.word(index - 2)) ? this.schema.tables : [owner].filter((table) => table !== undefined);
      return this.columnName(owners, index);
    }
    if (this.tokens[index + 1]?.text === '.') {
      const stored = this.schema.tables.find(({ name }) => sameName(name, word));
      const slot = slotAlias.test(word) ? word.toUpperCase() : undefined;
      return this.qualifier(index)?.text ?? (stored === undefined ? slot : quoteIdentifier(stored.name));
    }
    if (this.isKeyword(index)) return undefined;
    if (sourceWords.has(this.word(index - 1))) return startingWith(this.schema.tables, word, index === this.unfinished);
    return this.columnName([...this.visibleTables(index), ...this.schema.tables], index);
  }

  private columnName(tables: readonly Table[], index: number): string | undefined {
    return startingWith(
      tables.flatMap(({ columns }) => columns),
      this.word(index),
      index === this.unfinished,
    );
  }

  /** The last word in capitals when a keyword of a SELECT begins with it. */
  private begunKeyword(index: number): string | undefined {
    const word = this.word(index);
    return index === this.unfinished && [...reservedWords].some((keyword) => keyword.startsWith(word)) ? word.toUpperCase() : undefined;
  }
}

/** The scope of each token. */
function scopesOf(tokens: readonly Token[]): readonly Scope[] {
  const make = (outer: Scope | undefined): Scope => ({ outer, sources: [], qualifiers: new Map() });
  const open: Scope[] = [];
  let current = make(undefined);
  return tokens.map((token, index) => {
    if (token.text === ')') current = open.pop() ?? current;
    if (/^(?:union|intersect|except)$/i.test(token.text)) current = make(current.outer);
    const scope = current;
    if (token.text === '(') {
      open.push(current);
      if (/^(?:select|with)$/i.test(tokens[index + 1]?.text ?? '')) current = make(current);
    }
    return scope;
  });
}

/** A stored name in SQL text; for a name that is still being typed, its beginning in stored spelling. */
function startingWith(items: readonly { readonly name: string }[], word: string, unfinished: boolean): string | undefined {
  const whole = items.find(({ name }) => sameName(name, word));
  if (whole !== undefined) return quoteIdentifier(whole.name);
  const begun = unfinished ? items.find(({ name }) => name.toLowerCase().startsWith(word)) : undefined;
  return begun?.name.slice(0, word.length);
}

function joinPieces(pieces: readonly Piece[]): string {
  let text = '';
  pieces.forEach((piece, index) => {
    const before = pieces[index - 1];
    const isCall = piece.text === '(' && before !== undefined && isFunction(before);
    const isSigned =
      before !== undefined && (before.text === '-' || before.text === '+') && signBefore.test(pieces[index - 2]?.word ?? '(');
    const glued = before === undefined || noSpaceBefore.has(piece.text) || before.text === '(' || before.text === '.' || isCall || isSigned;
    text += glued ? piece.text : ` ${piece.text}`;
  });
  return text;
}

function isFunction(piece: Piece): boolean {
  return !piece.isName && /^[A-Z_]+$/.test(piece.text) && (!reservedWords.has(piece.word) || piece.word === 'cast');
}
