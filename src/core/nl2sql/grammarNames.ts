/**
 * Tables and columns as the grammar writes them: numbered, quoted only where SQLite needs it, with second copies of
 * tables that a query may have to join twice. It writes no rules.
 */
import { type Relation } from '../graph/types.js';
import { quoteIdentifier } from '../sql/quote.js';
import { gbnfLiteral } from './grammarText.js';
import { type GrammarInput } from './types.js';

export interface GrammarColumn {
  readonly name: string;
  /** As written in SQL. */
  readonly text: string;
}

export interface GrammarTable {
  readonly id: number;
  /** Stored spelling of the table, for copies as well. */
  readonly name: string;
  /** What columns are qualified with. */
  readonly qualifier: string;
  /** What FROM and JOIN say: the name, for a copy with its alias. */
  readonly source: string;
  readonly copy: boolean;
  readonly columns: readonly GrammarColumn[];
}

/**
 * A name as SQL may write it: as stored and, where that makes no difference to SQLite, in small letters. Models write those by habit;
 * offered `Year` alone, one that wants `year` takes some other word.
 */
export function spellings(text: string): readonly string[] {
  const small = text.includes('"') ? text : text.toLowerCase();
  return small === text ? [text] : [text, small];
}

/** GBNF for a name, or for a text that is made of names and signs alone. */
export function nameRule(text: string): string {
  const [first = '', ...more] = spellings(text).map(gbnfLiteral);
  return more.length === 0 ? first : `(${[first, ...more].join(' | ')})`;
}

export function sameName(left: string, right: string): boolean {
  return left === right || left.toLowerCase() === right.toLowerCase();
}

/** Tables of the input that the schema has, in the input's order, then the copies. */
export function grammarTables(input: GrammarInput): readonly GrammarTable[] {
  const wanted = new Map<string, GrammarTable>();
  for (const asked of input.tables) {
    const table = input.schema.tables.find((candidate) => sameName(candidate.name, asked));
    if (table === undefined || table.columns.length === 0 || wanted.has(table.name)) continue;
    const columns = table.columns.map(({ name }) => ({ name, text: quoteIdentifier(name) }));
    const text = quoteIdentifier(table.name);
    wanted.set(table.name, { id: wanted.size, name: table.name, qualifier: text, source: text, copy: false, columns });
  }
  const tables = [...wanted.values()];
  if (input.sketch) return tables;
  const taken = new Set(input.schema.tables.map(({ name }) => name.toLowerCase()));
  const doubled = tables.filter(({ name }) => needsCopy(name, input.relations) && !taken.has(`${name}_2`.toLowerCase()));
  const copies = doubled.map((table, index): GrammarTable => {
    const qualifier = quoteIdentifier(`${table.name}_2`);
    return { ...table, id: tables.length + index, qualifier, source: `${table.qualifier} AS ${qualifier}`, copy: true };
  });
  return [...tables, ...copies];
}

/** A table that relates to itself, or that some child refers to by parallel keys. */
function needsCopy(name: string, relations: readonly Relation[]): boolean {
  const children = relations.filter(({ parent }) => sameName(parent, name)).map(({ child }) => child.toLowerCase());
  return children.some((child, index) => child === name.toLowerCase() || children.indexOf(child) !== index);
}
