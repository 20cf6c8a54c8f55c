/** Agents in the editor: language-model tools, the MCP server, the chat participant, and the permission that all of them obey. */
import { DisposableStore, type Disposable } from '../../../core/shared/disposable.js';
import { AgentTools } from '../../../engine/agents/agentTools.js';
import { commandIds } from '../../platform/generatedIds.js';
import { registerCommand } from '../../platform/registerCommand.js';
import { readSetting } from '../../platform/settings.js';
import { workspaceFolders } from '../../platform/workspaceFolders.js';
import { permissionOf } from '../../services/permission.js';
import { type Services } from '../../services/services.js';
import { registerChatParticipant } from './chatParticipant.js';
import { choosePermission } from './choosePermission.js';
import { registerLanguageTools } from './languageTools.js';
import { registerMcpProvider } from './mcpProvider.js';

export function registerAgents(services: Services): Disposable {
  const { engines, asker, databases, log } = services;
  const tools = new AgentTools({
    catalogue: async () => (await engines.get()).catalogue,
    ask: ({ question, database, candidates, deadlineMs }, token, listener) =>
      asker.ask({ question, database, candidates, priority: 'interactive', deadlineMs }, token, listener),
    databases: () => databases.list(),
    folders: workspaceFolders,
    permissionOf,
    candidates: () => readSetting('candidates'),
  });
  const store = new DisposableStore();
  store.own(registerCommand(commandIds.choosePermission, log, () => choosePermission(services)));
  store.own(registerLanguageTools(tools));
  store.own(registerMcpProvider(services));
  store.own(registerChatParticipant(services, tools));
  return store;
}
