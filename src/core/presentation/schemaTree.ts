/**
 * The schema tree as values: which nodes a database has, in which order, and which of them a filter leaves. Ids are stable across
 * refreshes, so that a view keeps what is expanded and selected. Texts are made in `treeNodeText`.
 */
import { type ErrorArguments, type ErrorCode } from '../shared/errors.js';
import { foldName } from '../graph/tableKeys.js';
import { type Relation } from '../graph/types.js';
import { type Column, type DatabaseSchema, type Index, type SchemaProblem, type Table, type Trigger } from '../schema/types.js';

export type TreeSort = 'name' | 'schema' | 'relations';
export type TreeGroup = 'relations' | 'indexes' | 'triggers' | 'problems';

interface NodeBase {
  readonly id: string;
  /** Absolute path of the database. */
  readonly database: string;
}

export type TreeNode =
  | (NodeBase & { readonly kind: 'database' })
  | (NodeBase & { readonly kind: 'table'; readonly table: Table; readonly relations: number; readonly matching: readonly string[] })
  | (NodeBase & { readonly kind: 'column'; readonly table: Table; readonly column: Column; readonly refersTo: Relation | undefined })
  | (NodeBase & { readonly kind: 'group'; readonly group: TreeGroup; readonly table: Table | undefined; readonly count: number })
  | (NodeBase & { readonly kind: 'relation'; readonly table: Table; readonly relation: Relation; readonly direction: 'out' | 'in' })
  | (NodeBase & { readonly kind: 'index'; readonly table: Table; readonly index: Index })
  | (NodeBase & { readonly kind: 'trigger'; readonly table: Table; readonly trigger: Trigger })
  | (NodeBase & { readonly kind: 'problem'; readonly problem: SchemaProblem })
  /** Stands in place of tables when the file cannot be read. */
  | (NodeBase & { readonly kind: 'failure'; readonly code: ErrorCode; readonly details: ErrorArguments })
  /** Stands in place of tables: none are there, or none match the filter. */
  | (NodeBase & { readonly kind: 'note'; readonly note: 'empty' | 'filtered' });

export type TableNode = Extract<TreeNode, { kind: 'table' }>;
export type RelationNode = Extract<TreeNode, { kind: 'relation' }>;

/** What the tree knows of a database. */
export interface TreeDatabase {
  readonly path: string;
  readonly schema: DatabaseSchema;
  readonly relations: readonly Relation[];
}

export interface TreeView {
  /** Words of names, separated by blanks; empty shows everything. */
  readonly filter: string;
  readonly sort: TreeSort;
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
const kindOrder = { table: 0, view: 1, virtual: 2 } as const;

export function databaseNode(path: string): TreeNode {
  return { kind: 'database', id: nodeId('database', path), database: path };
}

/** Children of the database itself: tables, then views, then virtual tables, then what could not be read. */
export function tableNodes({ path, schema, relations }: TreeDatabase, { filter, sort }: TreeView): readonly TreeNode[] {
  const counts = countRelations(relations);
  const nodes = schema.tables.flatMap((table): TableNode[] => {
    const matching = matchTable(table, filter);
    if (!matching) return [];
    return [{ kind: 'table', id: nodeId('table', path, table.name), database: path, table, relations: counts.get(foldName(table.name)) ?? 0, matching }]; // prettier-ignore
  });
  const byName = (a: TableNode, b: TableNode): number => collator.compare(a.table.name, b.table.name);
  const order = { name: byName, schema: () => 0, relations: (a: TableNode, b: TableNode) => b.relations - a.relations || byName(a, b) };
  const sorted = nodes.sort((a, b) => kindOrder[a.table.kind] - kindOrder[b.table.kind] || order[sort](a, b));
  const note = nodes.length > 0 ? [] : [noteNode(path, schema.tables.length === 0 ? 'empty' : 'filtered')];
  return [...sorted, ...note, ...problemGroup(path, schema.problems)];
}

/** Children of any other node; those of a table that the database does not have any more are none. */
export function childNodes(node: TreeNode, database: TreeDatabase): readonly TreeNode[] {
  switch (node.kind) {
    case 'table': {
      const table = currentTable(node.table, database);
      return table ? [...columnNodes(table, database), ...groupNodes(table, database)] : [];
    }
    case 'group': {
      const table = node.table && currentTable(node.table, database);
      if (node.table) return table ? membersOf(node.group, table, database) : [];
      return problemNodes(database.path, database.schema.problems);
    }
    case 'database':
    case 'column':
    case 'relation':
    case 'index':
    case 'trigger':
    case 'problem':
    case 'failure':
    case 'note':
      return [];
  }
}

/** The node above; undefined for a database. */
export function parentNode(node: TreeNode, database: TreeDatabase): TreeNode | undefined {
  switch (node.kind) {
    case 'database':
      return undefined;
    case 'column':
      return tableNode(node.table, database);
    case 'group':
      return node.table ? tableNode(node.table, database) : databaseNode(node.database);
    case 'relation':
    case 'index':
    case 'trigger': {
      const group = node.kind === 'relation' ? 'relations' : node.kind === 'index' ? 'indexes' : 'triggers';
      return groupNodes(node.table, database).find((other) => other.kind === 'group' && other.group === group);
    }
    case 'problem':
      return problemGroup(node.database, database.schema.problems)[0];
    case 'table':
    case 'failure':
    case 'note':
      return databaseNode(node.database);
  }
}

/** Stands for the tables of a database that cannot be read. */
export function failureNode(path: string, code: ErrorCode, details: ErrorArguments): TreeNode {
  return { kind: 'failure', id: nodeId('failure', path), database: path, code, details };
}

/** The node of a table, whatever the filter; the table must be one of the database. */
export function tableNode(table: Table, { path, relations }: TreeDatabase): TableNode {
  const count = countRelations(relations).get(foldName(table.name)) ?? 0;
  return { kind: 'table', id: nodeId('table', path, table.name), database: path, table, relations: count, matching: [] };
}

/** Relations of a table in both directions: what it refers to first. One to itself is listed once. */
export function relationsOfTable(table: Table, relations: readonly Relation[]): readonly { relation: Relation; direction: 'out' | 'in' }[] {
  const own = foldName(table.name);
  const out = relations.filter((relation) => foldName(relation.child) === own);
  const back = relations.filter((relation) => foldName(relation.parent) === own && foldName(relation.child) !== own);
  return [
    ...out.map((relation) => ({ relation, direction: 'out' as const })),
    ...back.map((relation) => ({ relation, direction: 'in' as const })),
  ];
}

/** Undefined when the filter leaves the table out; else the columns for whose sake it stays, none when its name matches. */
function matchTable(table: Table, filter: string): readonly string[] | undefined {
  const words = filter.toLowerCase().split(/\s+/).filter((word) => word !== ''); // prettier-ignore
  const holds = (name: string, word: string): boolean => name.toLowerCase().includes(word);
  const rest = words.filter((word) => !holds(table.name, word));
  if (rest.length === 0) return [];
  const columns = table.columns.filter((column) => rest.some((word) => holds(column.name, word))).map((column) => column.name);
  return rest.every((word) => columns.some((name) => holds(name, word))) ? columns : undefined;
}

/** The table as it is now: a node may be older than the database. */
function currentTable(table: Table, { schema }: TreeDatabase): Table | undefined {
  if (schema.tables.includes(table)) return table;
  return schema.tables.find((other) => other.name === table.name);
}

function countRelations(relations: readonly Relation[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { child, parent } of relations)
    for (const name of new Set([foldName(child), foldName(parent)])) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function columnNodes(table: Table, { path, relations }: TreeDatabase): readonly TreeNode[] {
  const out = relations.filter((relation) => foldName(relation.child) === foldName(table.name));
  return table.columns.map((column) => ({
    kind: 'column',
    id: nodeId('column', path, table.name, column.name),
    database: path,
    table,
    column,
    refersTo: out.find((relation) => relation.childColumns.some((name) => foldName(name) === foldName(column.name))),
  }));
}

function groupNodes(table: Table, { path, relations }: TreeDatabase): readonly TreeNode[] {
  const counts: readonly (readonly [TreeGroup, number])[] = [
    ['relations', relationsOfTable(table, relations).length],
    ['indexes', table.indexes.length],
    ['triggers', table.triggers.length],
  ];
  return counts.flatMap(([group, count]): TreeNode[] =>
    count === 0 ? [] : [{ kind: 'group', id: nodeId(group, path, table.name), database: path, group, table, count }],
  );
}

function membersOf(group: TreeGroup, table: Table, { path, relations }: TreeDatabase): readonly TreeNode[] {
  const base = (kind: string, name: string): NodeBase => ({ id: nodeId(kind, path, table.name, name), database: path });
  switch (group) {
    case 'relations':
      return relationsOfTable(table, relations).map(({ relation, direction }) => ({ kind: 'relation', ...base(`relation ${direction}`, relation.id), table, relation, direction })); // prettier-ignore
    case 'indexes':
      return table.indexes.map((index) => ({ kind: 'index', ...base('index', index.name), table, index }));
    case 'triggers':
      return table.triggers.map((trigger) => ({ kind: 'trigger', ...base('trigger', trigger.name), table, trigger }));
    case 'problems':
      return [];
  }
}

function problemGroup(path: string, problems: readonly SchemaProblem[]): readonly TreeNode[] {
  if (problems.length === 0) return [];
  return [{ kind: 'group', id: nodeId('problems', path), database: path, group: 'problems', table: undefined, count: problems.length }];
}

function problemNodes(path: string, problems: readonly SchemaProblem[]): readonly TreeNode[] {
  return problems.map((problem, at) => ({ kind: 'problem', id: nodeId('problem', path, String(at)), database: path, problem }));
}

function noteNode(path: string, note: 'empty' | 'filtered'): TreeNode {
  return { kind: 'note', id: nodeId('note', path), database: path, note };
}

/** Readable, and unique for any names. */
function nodeId(...parts: readonly string[]): string {
  return parts.map((part) => part.replace(/[%|]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`)).join('|');
}
