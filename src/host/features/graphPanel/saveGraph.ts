/** Writes what the page exports to a file that the user names. Pictures come from the page, texts are made from the schema. */
import path from 'node:path';
import * as vscode from 'vscode';
import { schemaDbml } from '../../../core/presentation/schemaDbml.js';
import { schemaMermaid } from '../../../core/presentation/schemaMermaid.js';
import { type Table } from '../../../core/schema/types.js';
import { type DatabaseKnowledge } from '../../../core/nl2sql/types.js';
import { type TextFormat } from '../../../protocol/graphPage.js';
import { workspaceFolders } from '../../platform/workspaceFolders.js';

const labels = { svg: 'SVG', png: 'PNG', mmd: 'Mermaid', dbml: 'DBML' } as const;
export type GraphFileType = keyof typeof labels;

/** `scope` is the path of the database, or '' for all. Resolves to the file's name; undefined when the user gave up. */
export async function saveGraph(scope: string, type: GraphFileType, content: string | Uint8Array): Promise<string | undefined> {
  const first = workspaceFolders()[0];
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(scope))?.uri.fsPath ?? first ?? path.dirname(scope);
  const name = `${scope === '' ? 'databases' : path.basename(scope, path.extname(scope))}-schema.${type}`;
  const defaultUri = vscode.Uri.file(path.join(folder, name));
  const target = await vscode.window.showSaveDialog({ defaultUri, filters: { [labels[type]]: [type] } });
  if (!target) return undefined;
  await vscode.workspace.fs.writeFile(target, typeof content === 'string' ? new TextEncoder().encode(content) : content);
  return path.basename(target.fsPath);
}

export interface NamedKnowledge {
  /** What people call the database. */
  readonly label: string;
  readonly knowledge: DatabaseKnowledge;
  /** Tables to write, by their stored names. */
  readonly tables: ReadonlySet<string>;
}

/** Several databases become one text, in which every table bears the name of its database. */
export function graphText(format: TextFormat, parts: readonly NamedKnowledge[]): string {
  const rename = (label: string) => (name: string) => (parts.length > 1 ? `${label}: ${name}` : name);
  const tables = parts.flatMap(({ label, knowledge, tables: wanted }) => {
    const own = knowledge.schema.tables.filter(({ name }) => wanted.has(name));
    return own.map((table) => withNames(table, rename(label)));
  });
  const relations = parts.flatMap(({ label, knowledge, tables: wanted }) => {
    const own = knowledge.relations.filter(({ child, parent }) => wanted.has(child) && wanted.has(parent));
    return own.map((relation) => ({ ...relation, child: rename(label)(relation.child), parent: rename(label)(relation.parent) }));
  });
  return `${format === 'mermaid' ? schemaMermaid({ tables }, relations) : schemaDbml({ tables }, relations)}\n`;
}

function withNames(table: Table, rename: (name: string) => string): Table {
  const foreignKeys = table.foreignKeys.map((key) => ({ ...key, parentTable: rename(key.parentTable) }));
  return { ...table, name: rename(table.name), foreignKeys };
}
