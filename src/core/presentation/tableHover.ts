/**
 * The hover of a table, in Markdown: what it is, then the ways to join it to the tables one works with, each as SQL that can be
 * inserted. Which paths are shown is decided by the caller.
 */
import { type JoinTree, type Relation } from '../graph/types.js';
import { type ColumnProfile, type Table } from '../schema/types.js';
import { columnsCode, hopCardinality, originLine } from './describeRelation.js';
import { type Say } from './hoverWords.js';
import { joinClauses } from './joinSql.js';
import { codeBlock, commandLink, escapeMarkdown, inlineCode } from './markdownText.js';

export interface ShownPaths {
  /** Why these targets: tables of the open SQL file, or the most central ones. */
  readonly kind: 'working' | 'central';
  /** Best first; each begins at the hovered table. */
  readonly trees: readonly JoinTree[];
  /** Working tables that no join reaches. */
  readonly unreachable: readonly string[];
}

export interface TableHoverInput {
  /** Absolute path, for the links. */
  readonly database: string;
  /** What people call the database. */
  readonly databaseLabel: string;
  readonly table: Table;
  readonly profiles: readonly ColumnProfile[];
  readonly paths: ShownPaths;
  /** Other databases of the workspace with a table of this name, by label. */
  readonly elsewhere: readonly string[];
  /** True while facts are still being read in the background. */
  readonly reading: boolean;
  /** Lists the columns, too: for places where they are not in sight. */
  readonly withColumns?: boolean;
}

/** What a join path's links pass to their commands: `root` is the first table, relations by their ids in joining order. */
export interface JoinPathArgument {
  readonly database: string;
  readonly root: string;
  readonly tables: readonly string[];
  readonly relations: readonly string[];
}

export const insertJoinCommand = 'joinery.insertJoin';
export const showInGraphCommand = 'joinery.showInGraph';

/** Columns that a hover lists at most. */
const listedColumns = 40;

export function tableHover(input: TableHoverInput, say: Say): string {
  const { paths, table } = input;
  const heading =
    paths.trees.length > 0 ? [`**${say(`joinPaths.${paths.kind}`)}**`] : paths.unreachable.length > 0 ? [] : [say('joinPaths.none')];
  const unreachable =
    paths.unreachable.length === 0 ? [] : [say('joinPaths.unreachable', { tables: paths.unreachable.map(inlineCode).join(', ') })];
  const elsewhere = input.elsewhere.length === 0 ? [] : [say('elsewhere', { databases: input.elsewhere.map(escapeMarkdown).join(', ') })];
  return [
    titleLine(input, say),
    ...(input.withColumns ? [codeBlock('sql', columnLines(table).join('\n'))] : []),
    ...heading,
    ...paths.trees.map((tree) => pathBlock(input.database, tree, say)),
    ...unreachable,
    ...elsewhere,
  ].join('\n\n');
}

function titleLine({ table, databaseLabel, profiles, reading }: TableHoverInput, say: Say): string {
  const facts = [
    say(`kind.${table.kind}`, table.module === undefined ? {} : { module: escapeMarkdown(table.module) }),
    table.columns.length === 1 ? say('oneColumn') : say('columns', { count: table.columns.length }),
    rowCount(profiles, say) ?? (reading && table.kind === 'table' ? say('reading') : ''),
    escapeMarkdown(databaseLabel),
  ];
  return `**${escapeMarkdown(table.name)}** · ${facts.filter((fact) => fact !== '').join(' · ')}`;
}

/** Every row of a small table was counted when its columns were profiled. */
function rowCount(profiles: readonly ColumnProfile[], say: Say): string | undefined {
  const [profile] = profiles;
  if (!profile) return undefined;
  if (profile.sampled) return say('atLeastRows', { count: profile.rows });
  return profile.rows === 1 ? say('oneRow') : say('rows', { count: profile.rows });
}

function columnLines(table: Table): readonly string[] {
  const width = Math.max(0, ...table.columns.slice(0, listedColumns).map((column) => column.name.length));
  const lines = table.columns.slice(0, listedColumns).map((column) => {
    const marks = [column.type, column.primaryKey > 0 ? 'PRIMARY KEY' : '', column.notNull ? 'NOT NULL' : ''];
    return `${column.name.padEnd(width)}  ${marks.filter((mark) => mark !== '').join(' ')}`.trimEnd().replace(/[\r\n]+/g, ' ');
  });
  return table.columns.length > listedColumns ? [...lines, '…'] : lines;
}

function guessLine(relation: Relation, say: Say): string {
  return `${columnsCode(relation.child, relation.childColumns)} → ${columnsCode(relation.parent, relation.parentColumns)} · ${originLine(relation, say)}`;
}

function pathBlock(database: string, tree: JoinTree, say: Say): string {
  const tables = tree.tables.map(escapeMarkdown).join(' → ');
  const hops = tree.steps.map(hopCardinality).join(', ');
  const reasons = tree.steps.flatMap(({ relation }) => (relation.origin === 'inferred' ? [guessLine(relation, say)] : []));
  const argument: JoinPathArgument = {
    database,
    root: tree.tables[0] ?? '',
    tables: tree.tables,
    relations: tree.steps.map(({ relation }) => relation.id),
  };
  const links = [
    commandLink(say('insertJoin'), insertJoinCommand, argument),
    commandLink(say('showInGraph'), showInGraphCommand, argument),
  ];
  return [`${tables} · ${hops}`, codeBlock('sql', joinClauses(tree).join('\n')), ...reasons, links.join(' · ')].join('\n\n');
}
