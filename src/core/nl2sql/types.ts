/** Values that travel through the ask pipeline; each step is a file that turns some of them into others. */
import { type ColumnProfile, type DatabaseSchema } from '../schema/types.js';
import { type PromptTarget } from './promptStyle.js';
import { type JoinTree, type Relation, type ValueMatch } from '../graph/types.js';

/** A column by its stored names. */
export interface ColumnRef {
  readonly table: string;
  readonly column: string;
}

/** Everything the pure steps may know about a database. */
export interface DatabaseKnowledge {
  readonly schema: DatabaseSchema;
  readonly relations: readonly Relation[];
  readonly profiles: readonly ColumnProfile[];
}

export type LinkKind = 'tableExact' | 'tablePartial' | 'columnExact' | 'columnPartial' | 'value' | 'number' | 'time';

/** A span of question words tied to something of the database: RAT-SQL's question-to-schema relations. */
export interface QuestionLink {
  readonly kind: LinkKind;
  /** Word positions, end exclusive. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly table?: string;
  readonly column?: string;
  /** Stored spelling for values, the number or ISO date text for numbers and times. */
  readonly value?: string;
  /** 0..1 */
  readonly score: number;
}

export interface LinkedQuestion {
  readonly question: string;
  readonly words: readonly string[];
  readonly links: readonly QuestionLink[];
  readonly values: readonly ValueMatch[];
}

/** The part of the schema that a question may use, most relevant table first. */
export interface SchemaChoice {
  readonly tables: readonly string[];
  /** The front of `tables` that the question gives a reason for, and what those tables refer to or are referred to by. */
  readonly related: readonly string[];
  /** Tables that the question names or whose values it uses. */
  readonly terminals: readonly string[];
  readonly joins: readonly JoinTree[];
  /** Tables that only connect the terminals on the cheapest join tree. */
  readonly bridges: readonly string[];
}

/** An accepted pair of the user. */
export interface Demonstration {
  readonly question: string;
  readonly sql: string;
}

/** Input of the grammar builder. Every table and column comes from the live schema. */
export interface GrammarInput {
  readonly schema: DatabaseSchema;
  /** Tables that may be used, stored spelling. */
  readonly tables: readonly string[];
  /** Relations along which joins are allowed. */
  readonly relations: readonly Relation[];
  /** String literals that may be written: question spans and stored values, unescaped. */
  readonly literals: readonly string[];
  /** Literals known to live in a column, offered only beside that column when `literalsByColumn` is given. */
  readonly literalsByColumn?: ReadonlyMap<string, readonly string[]>;
  /** Numbers that may be written: in conditions on rows, and elsewhere (result columns, conditions on groups). Absent allows any. */
  readonly numbers?: { readonly rows: readonly string[]; readonly other: readonly string[] };
  /** False lets any table join any other with a free ON between columns. */
  readonly lockJoins: boolean;
  /** True lets columns of every table that joins can reach be written; `completeJoins` then adds the tables to FROM. */
  readonly completeFrom?: boolean;
  /** What is written: `think` has lines of a plan first, `ir` neither FROM nor JOIN (see joinFreeSql.ts). `sql` when absent. */
  readonly target?: PromptTarget;
  /** Only the one-table sketch (SQLNet): SELECT [agg] columns FROM t [WHERE conjuncts] [ORDER BY] [LIMIT]. */
  readonly sketch: boolean;
  /** Lets the model write any string literal (R2's marked escape). */
  readonly freeLiterals: boolean;
}
