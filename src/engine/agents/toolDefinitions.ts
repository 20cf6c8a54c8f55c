/**
 * The tools that agents get: names, descriptions and inputs, once for the MCP server, the editor's language-model tools and the chat.
 * All of them only read. A test holds package.json to these texts.
 */

/** The part of JSON Schema that the inputs use. */
export interface ToolInputSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, ToolInputProperty>>;
  readonly required?: readonly string[];
  readonly additionalProperties: false;
}

export type ToolInputProperty =
  | { readonly type: 'string' | 'boolean'; readonly description: string }
  | { readonly type: 'integer'; readonly description: string; readonly minimum: number; readonly maximum: number }
  | { readonly type: 'array'; readonly description: string; readonly items: { readonly type: 'string' }; readonly minItems?: number };

export interface ToolDefinition {
  readonly name: ToolName;
  readonly title: string;
  /** For the model that chooses a tool. */
  readonly description: string;
  readonly inputSchema: ToolInputSchema;
}

export const toolNames = [
  'list_databases',
  'describe_schema',
  'find_join_path',
  'ask_database',
  'run_readonly_query',
  'explain_query',
] as const;
export type ToolName = (typeof toolNames)[number];

/** Rows that one call may give, and what it gives when nothing was said. */
export const rowLimits = { most: 200, usual: 50 } as const;

const database = {
  type: 'string',
  description: 'Name of the database as list_databases gives it. May be left out when there is only one.',
} as const;
const sql = { type: 'string', description: "One SELECT, WITH or VALUES statement in SQLite's dialect." } as const;

export const toolDefinitions: readonly ToolDefinition[] = [
  {
    name: 'list_databases',
    title: 'List SQLite databases',
    description: 'Lists the SQLite databases that can be asked, and what may be seen of each. Call this first.',
    inputSchema: { type: 'object', properties: {}, additionalProperties: false },
  },
  {
    name: 'describe_schema',
    title: 'Describe a database schema',
    description:
      'Gives tables, columns, types, keys and relations of a SQLite database, also relations that no foreign key declares. Give table names to see only those.',
    inputSchema: {
      type: 'object',
      properties: {
        database,
        tables: { type: 'array', items: { type: 'string' }, description: 'Only these tables. All when left out.' },
        samples: { type: 'boolean', description: 'Also give one or two stored values per column. The user is asked first.' },
      },
      additionalProperties: false,
    },
  },
  {
    name: 'find_join_path',
    title: 'Find join paths',
    description:
      'Finds how two or more tables of a SQLite database join, cheapest path first, with ON conditions, cardinality and a ready SELECT. Use it instead of guessing joins.',
    inputSchema: {
      type: 'object',
      properties: { database, tables: { type: 'array', items: { type: 'string' }, minItems: 2, description: 'Names of the tables.' } },
      required: ['tables'],
      additionalProperties: false,
    },
  },
  {
    name: 'ask_database',
    title: 'Ask a database in plain words',
    description:
      'Turns a question in plain English into SQL that was run and verified on the SQLite database, and gives the SQL, the evidence and the first rows.',
    inputSchema: {
      type: 'object',
      properties: { database, question: { type: 'string', description: 'The question, such as "top 5 customers by revenue in 2024".' } },
      required: ['question'],
      additionalProperties: false,
    },
  },
  {
    name: 'run_readonly_query',
    title: 'Run a read-only query',
    description: `Runs one reading SQL statement on a SQLite database and gives its rows, ${rowLimits.most} at most. Statements that could change anything are refused.`,
    inputSchema: {
      type: 'object',
      properties: {
        database,
        sql,
        max_rows: {
          type: 'integer',
          minimum: 1,
          maximum: rowLimits.most,
          description: `Rows at most, ${rowLimits.usual} when left out.`,
        },
      },
      required: ['sql'],
      additionalProperties: false,
    },
  },
  {
    name: 'explain_query',
    title: 'Explain a query',
    description:
      'Says in words what a SQL statement does and how SQLite would run it (EXPLAIN QUERY PLAN), without running it. Also checks that it compiles.',
    inputSchema: { type: 'object', properties: { database, sql }, required: ['sql'], additionalProperties: false },
  },
];
