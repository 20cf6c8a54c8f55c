/**
 * The engine's tools as the editor's language-model tools. Whatever hands stored values to a model, or runs SQL that a model wrote, is
 * confirmed by the user first; the permission of the database decides before that.
 */
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../../core/shared/disposable.js';
import { isCancelled } from '../../../core/shared/errors.js';
import { type AgentTools } from '../../../engine/agents/agentTools.js';
import { toolDefinitions, type ToolName } from '../../../engine/agents/toolDefinitions.js';
import { requireTrust } from '../../services/requireTrust.js';

type ToolInput = Readonly<Record<string, unknown>>;

export function registerLanguageTools(tools: AgentTools): Disposable {
  const store = new DisposableStore();
  for (const { name } of toolDefinitions) store.own(vscode.lm.registerTool(`joinery_${name}`, languageTool(tools, name)));
  return store;
}

function languageTool(tools: AgentTools, name: ToolName): vscode.LanguageModelTool<ToolInput> {
  return {
    async prepareInvocation({ input }) {
      const confirmationMessages = await confirmation(tools, name, input);
      return { invocationMessage: progressText(name), ...(confirmationMessages ? { confirmationMessages } : {}) };
    },
    async invoke({ input }, token) {
      requireTrust();
      try {
        const { text } = await tools.call(name, input, token);
        return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
      } catch (error) {
        if (isCancelled(error)) throw new vscode.CancellationError();
        throw error;
      }
    },
  };
}

async function confirmation(
  tools: AgentTools,
  name: ToolName,
  input: ToolInput,
): Promise<vscode.LanguageModelToolConfirmationMessages | undefined> {
  const givesValues = name === 'run_readonly_query' || name === 'ask_database' || (name === 'describe_schema' && input['samples'] === true);
  const target = givesValues ? await tools.target(name, input) : undefined;
  if (!target || target.permission === 'schema') return undefined;
  // Samples and answers were allowed once and for all; a statement is the model's own each time.
  if (target.permission === 'schemaAndSamples' && name !== 'run_readonly_query') return undefined;
  const message = new vscode.MarkdownString(vscode.l10n.t('Values of {0} are given to the language model.', target.name));
  const text = input['sql'] ?? input['question'];
  if (typeof text === 'string') message.appendCodeblock(text, name === 'run_readonly_query' ? 'sql' : 'text');
  const title = name === 'run_readonly_query' ? vscode.l10n.t('Run this query?') : vscode.l10n.t('Show values of the database?');
  return { title, message };
}

function progressText(name: ToolName): string {
  switch (name) {
    case 'list_databases':
      return vscode.l10n.t('Listing databases');
    case 'describe_schema':
      return vscode.l10n.t('Reading the schema');
    case 'find_join_path':
      return vscode.l10n.t('Looking for join paths');
    case 'ask_database':
      return vscode.l10n.t('Asking the database');
    case 'run_readonly_query':
      return vscode.l10n.t('Running the query');
    case 'explain_query':
      return vscode.l10n.t('Explaining the query');
  }
}
