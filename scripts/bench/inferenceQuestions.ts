/** Made-up schemas and questions for the inference bench, prepared as the product prepares them. */
import { type Relation } from '../../src/core/graph/types.js';
import { buildGrammar } from '../../src/core/nl2sql/buildGrammar.js';
import { chooseSchema } from '../../src/core/nl2sql/chooseSchema.js';
import { collectLiterals } from '../../src/core/nl2sql/collectLiterals.js';
import { linkQuestion } from '../../src/core/nl2sql/linkQuestion.js';
import { buildNameIndex } from '../../src/core/nl2sql/nameIndex.js';
import { type PrefixInput, renderPrefixes, renderPrompt } from '../../src/core/nl2sql/renderPrompt.js';
import { type DatabaseKnowledge } from '../../src/core/nl2sql/types.js';
import { type Column, type Table } from '../../src/core/schema/types.js';
import { askSchemaBudget } from '../../src/engine/ask/prepareAsk.js';
import { type PromptPart } from '../../src/core/nl2sql/promptPart.js';
import { type PromptStyle } from '../../src/core/nl2sql/promptStyle.js';

export interface Prepared {
  readonly prefix: readonly PromptPart[];
  readonly prefixKey: string;
  readonly rest: readonly PromptPart[];
  readonly grammar: string;
}

export function prepareQuestion(knowledge: DatabaseKnowledge, question: string, style: PromptStyle = 'worked'): Prepared {
  const linked = linkQuestion(question, buildNameIndex(knowledge.schema), {});
  const choice = chooseSchema(knowledge, linked, { maxTables: 40 });
  const prompt = renderPrompt({
    ...prefixInput(knowledge),
    style,
    linked,
    choice,
    demonstrations: [],
    showJoins: true,
  });
  const grammar = buildGrammar({
    schema: knowledge.schema,
    tables: prompt.tables,
    relations: knowledge.relations,
    ...collectLiterals(linked),
    lockJoins: true,
    sketch: false,
    freeLiterals: true,
  });
  return { prefix: prompt.prefix, prefixKey: prompt.prefixKey, rest: prompt.rest, grammar };
}

function prefixInput(knowledge: DatabaseKnowledge): PrefixInput {
  return { knowledge, template: 'chatml', showValues: false, schemaBudget: askSchemaBudget };
}

function column(text: string): Column {
  const [name = '', type = 'TEXT'] = text.split(':');
  return { name, type, affinity: type === 'INTEGER' ? 'INTEGER' : type === 'REAL' ? 'REAL' : 'TEXT', notNull: false, primaryKey: 0 };
}

/** The first column is the key. */
function table(name: string, columns: readonly string[]): Table {
  const made = columns.map((text, index) => (index === 0 ? { ...column(`${text}:INTEGER`), primaryKey: 1 } : column(text)));
  return {
    name,
    kind: 'table',
    columns: made,
    primaryKey: made.slice(0, 1).map((key) => key.name),
    foreignKeys: [],
    indexes: [],
    triggers: [],
    checks: [],
    withoutRowid: false,
    strict: false,
    ddl: '',
  };
}

function relation(child: string, childColumn: string, parent: string, parentColumn: string): Relation {
  return {
    id: `${child}(${childColumn})->${parent}(${parentColumn})`,
    child,
    childColumns: [childColumn],
    parent,
    parentColumns: [parentColumn],
    origin: 'declared',
    confidence: 1,
    cardinality: 'N:1',
  };
}

function knowledgeOf(name: string, tables: readonly Table[], relations: readonly Relation[]): DatabaseKnowledge {
  return { schema: { id: name, name, tables, problems: [], schemaHash: name }, relations, profiles: [] };
}

export const shopKnowledge = knowledgeOf(
  'shop',
  [
    table('customers', ['customer_id', 'first_name', 'last_name', 'city', 'country']),
    table('orders', ['order_id', 'customer_id:INTEGER', 'order_date', 'total_cents:INTEGER', 'status']),
    table('order_lines', ['line_id', 'order_id:INTEGER', 'product_id:INTEGER', 'quantity:INTEGER', 'price_cents:INTEGER']),
    table('products', ['product_id', 'name', 'price:REAL', 'category_id:INTEGER']),
    table('categories', ['category_id', 'name']),
  ],
  [
    relation('orders', 'customer_id', 'customers', 'customer_id'),
    relation('order_lines', 'order_id', 'orders', 'order_id'),
    relation('order_lines', 'product_id', 'products', 'product_id'),
    relation('products', 'category_id', 'categories', 'category_id'),
  ],
);

export const shopQuestions: readonly string[] = [
  'How many customers are there?',
  'List the names of products that cost more than 100, most expensive first.',
  'What are the first and last names of customers from France?',
  'How many orders did each customer place? Show the last name.',
  'Which category has the most products?',
  'Show the name and the total quantity sold of every product.',
  'What is the average price of the products of each category?',
  'Which customers have never placed an order?',
];

const subjects = [
  'account',
  'airport',
  'album',
  'article',
  'author',
  'bank',
  'branch',
  'building',
  'campaign',
  'city',
  'client',
  'contract',
  'country',
  'course',
  'delivery',
  'department',
  'device',
  'doctor',
  'driver',
  'employee',
  'event',
  'exam',
  'factory',
  'flight',
  'hotel',
  'invoice',
  'journal',
  'lesson',
  'library',
  'loan',
];

/** Thirty subjects, each with a table of notes that refers to it. */
const largeKnowledge = knowledgeOf(
  'large',
  subjects.flatMap((subject) => [
    table(subject, [`${subject}_id`, 'name', 'opened_on', 'size:INTEGER']),
    table(`${subject}_note`, ['note_id', `${subject}_id:INTEGER`, 'written_on', 'body']),
  ]),
  subjects.map((subject) => relation(`${subject}_note`, `${subject}_id`, subject, `${subject}_id`)),
);

/** The questions are about different parts of the schema. */
export const largeSchema = {
  knowledge: largeKnowledge,
  prefixes: renderPrefixes(prefixInput(largeKnowledge)),
  questions: ['How many hotels are there?', 'How many airports are there?'],
};
