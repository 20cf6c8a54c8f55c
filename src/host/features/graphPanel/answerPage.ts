/** What the page asks for besides being drawn: definitions, statements, places to remember, files. */
import * as vscode from 'vscode';
import { orderJoinTree } from '../../../core/graph/joinTree.js';
import { selectAlong } from '../../../core/presentation/joinSql.js';
import { type GraphDetail } from '../../../core/presentation/graphBoxes.js';
import { type FromGraphPage, type TableName } from '../../../protocol/graphPage.js';
import { ddlLocation } from '../../services/ddlLocation.js';
import { newSqlDocument } from '../../services/newSqlDocument.js';
import { type Services } from '../../services/services.js';
import { graphPageWords } from './pageWords.js';
import { type MovedTablesMemory } from './movedTables.js';
import { graphText, type GraphFileType, type NamedKnowledge, saveGraph } from './saveGraph.js';

/** Rows that a new statement asks for. */
const firstRows = 100;

/** The graph that asks. */
interface Asker {
  /** Path of the database, or '' for all. */
  readonly scope: string;
  readonly detail: GraphDetail;
  setDetail(detail: GraphDetail): Promise<void>;
  refresh(): Promise<void>;
  notice(text: string): void;
}

type Request = Exclude<FromGraphPage, { readonly type: 'ready' }>;

/** Throws the `file.*` errors of databases that cannot be read now. */
export async function answerPage(request: Request, graph: Asker, services: Services, moved: MovedTablesMemory): Promise<void> {
  const { scope, detail } = graph;
  switch (request.type) {
    case 'detail':
      return graph.setDetail(request.detail);
    case 'ddl':
      return showDdl(services, request);
    case 'move':
      return moved.move(scope, detail, request, request.place);
    case 'resetPositions':
      await moved.forget(scope, detail);
      return graph.refresh();
    case 'sql':
      return showSql(services, request.database, request.tables[0] ?? '', request.relations);
    case 'saveText': {
      const text = graphText(request.format, await named(services, request.tables));
      return save(graph, request.format === 'mermaid' ? 'mmd' : 'dbml', text);
    }
    case 'saveSvg':
      return save(graph, 'svg', request.text);
    case 'savePng':
      return save(graph, 'png', Buffer.from(request.base64, 'base64'));
  }
}

async function showDdl({ schemas }: Services, { database, table }: TableName): Promise<void> {
  const { schema } = (await schemas.open(database)).knowledge;
  const location = await ddlLocation(database, schema, table);
  if (!location) return;
  const document = await vscode.workspace.openTextDocument(location.uri);
  await vscode.window.showTextDocument(document, { selection: location.range, viewColumn: vscode.ViewColumn.Beside, preview: true });
}

/** Relations that are not there any more leave the statement shorter, not wrong. */
async function showSql({ schemas, databases }: Services, database: string, root: string, relations: readonly string[]): Promise<void> {
  const { knowledge } = await schemas.open(database);
  const chosen = relations.flatMap((id) => knowledge.relations.find((relation) => relation.id === id) ?? []);
  const sql = selectAlong(orderJoinTree(root, chosen), firstRows);
  await vscode.window.showTextDocument(await newSqlDocument(databases, database, sql), vscode.ViewColumn.Beside);
}

async function named({ schemas, databases }: Services, tables: readonly TableName[]): Promise<readonly NamedKnowledge[]> {
  const wanted = new Map<string, Set<string>>();
  for (const { database, table } of tables) wanted.set(database, (wanted.get(database) ?? new Set()).add(table));
  return Promise.all(
    [...wanted].map(async ([database, names]) => {
      const { knowledge } = await schemas.open(database);
      return { label: databases.labelOf(database), knowledge, tables: names };
    }),
  );
}

async function save(graph: Asker, type: GraphFileType, content: string | Uint8Array): Promise<void> {
  const file = await saveGraph(graph.scope, type, content);
  if (file !== undefined) graph.notice(graphPageWords().exported.replace('{file}', file));
}
