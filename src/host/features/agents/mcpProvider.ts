/**
 * The MCP server as the editor lists it: the command line, run by the editor's own program as Node. Started by the editor when the user wants
 * it, with the adapter that answers in the workspace.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../../core/shared/disposable.js';
import { onSettingsChanged, readSetting } from '../../platform/settings.js';
import { type Services } from '../../services/services.js';
import { mcpLaunch } from './mcpLaunch.js';

export function registerMcpProvider(services: Services): Disposable {
  const store = new DisposableStore();
  const changed = store.own(new vscode.EventEmitter<void>());
  const again = (): void => changed.fire();
  store.own(
    onSettingsChanged(
      ['modelMaySee', 'model', 'adapter', 'modelFolder', 'gpu', 'threads', 'candidates', 'serverUrl', 'serverModel'],
      again,
    ),
  );
  store.own(services.adapters.onChanged(again));
  store.own(vscode.workspace.onDidChangeWorkspaceFolders(again));
  store.own(vscode.workspace.onDidGrantWorkspaceTrust(again));
  store.own(
    vscode.lm.registerMcpServerDefinitionProvider('joinery.mcp', {
      onDidChangeMcpServerDefinitions: changed.event,
      provideMcpServerDefinitions: () => definitions(services),
      resolveMcpServerDefinition: async (definition) => withServer(services, definition),
    }),
  );
  return store;
}

async function definitions({ context, engines }: Services): Promise<vscode.McpStdioServerDefinition[]> {
  const { extensionPath, extension } = context;
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath);
  const program = path.join(extensionPath, 'dist', 'cli.mjs');
  if (!vscode.workspace.isTrusted || folders.length === 0 || !existsSync(program)) return [];
  const adapter = readSetting('adapter') || (await engines.tunedAdapter());
  const settings = {
    modelMaySee: readSetting('modelMaySee'),
    model: readSetting('model'),
    modelFolder: readSetting('modelFolder'),
    gpu: readSetting('gpu'),
    threads: readSetting('threads'),
    candidates: readSetting('candidates'),
  };
  const { args, env } = mcpLaunch({ program, folders, adapter }, settings);
  const version = String((extension.packageJSON as { readonly version: unknown }).version);
  const definition = new vscode.McpStdioServerDefinition('Joinery', process.execPath, [...args], { ...env }, version);
  definition.cwd = vscode.Uri.file(folders[0] ?? '');
  return [definition];
}

/** Only when the server is started is the key needed, and the user there to be told that questions leave the machine. */
async function withServer({ server }: Services, definition: vscode.McpServerDefinition): Promise<vscode.McpServerDefinition> {
  const settings = await server.settings();
  if (!(definition instanceof vscode.McpStdioServerDefinition) || !settings || !(await server.agree(settings.url))) return definition;
  definition.env = {
    ...definition.env,
    JOINERY_SERVER: settings.url,
    JOINERY_SERVER_MODEL: settings.model ?? '',
    JOINERY_SERVER_CONSTRAINTS: settings.constraints ?? '',
    JOINERY_SERVER_KEY: settings.key ?? '',
  };
  return definition;
}
