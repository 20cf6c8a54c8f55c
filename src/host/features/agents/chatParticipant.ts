/**
 * `@joinery` in the chat: a question becomes verified SQL by the model that the user chose, `/schema`, `/joins` and `/explain` are the
 * engine's own tools. Nothing here asks the chat's language model; what stands in the chat it may read, so the permission holds here too.
 */
import * as vscode from 'vscode';
import { type Disposable } from '../../../core/shared/disposable.js';
import { isCancelled } from '../../../core/shared/errors.js';
import { type AgentTools } from '../../../engine/agents/agentTools.js';
import { describeAnswer } from '../../../engine/agents/describeAnswer.js';
import { commandIds } from '../../platform/generatedIds.js';
import { readSetting } from '../../platform/settings.js';
import { describeCode, describeThrown, explainInWords } from '../../platform/words.js';
import { permissionOf } from '../../services/permission.js';
import { requireTrust } from '../../services/requireTrust.js';
import { type Services } from '../../services/services.js';
import { answerMarkdown } from './answerMarkdown.js';
import { chatDatabase } from './chatDatabase.js';

/** Kept with a turn of the chat, so that the next question may refine it. */
interface TurnMetadata {
  readonly database?: string;
  readonly question?: string;
  readonly sql?: string;
}

export function registerChatParticipant(services: Services, tools: AgentTools): Disposable {
  const handler: vscode.ChatRequestHandler = (request, context, stream, token) =>
    reply({ services, tools, request, context, stream, token });
  const participant = vscode.chat.createChatParticipant('joinery.chat', handler);
  services.offered.chat = handler;
  participant.iconPath = new vscode.ThemeIcon('database');
  return participant;
}

interface Turn {
  readonly services: Services;
  readonly tools: AgentTools;
  readonly request: vscode.ChatRequest;
  readonly context: vscode.ChatContext;
  readonly stream: vscode.ChatResponseStream;
  readonly token: vscode.CancellationToken;
}

async function reply(turn: Turn): Promise<vscode.ChatResult> {
  const { services, stream } = turn;
  try {
    requireTrust();
    const database = await databaseOf(turn);
    if (database === undefined) return {};
    const metadata = turn.request.command === undefined ? await answer(turn, database) : await useTool(turn, database);
    return { metadata };
  } catch (error) {
    if (isCancelled(error)) return {};
    services.log.log('warn', 'chat', 'a turn failed', error);
    const { sentence, next } = describeThrown(error);
    stream.markdown(new vscode.MarkdownString().appendText(`${sentence} ${next}`));
    return { errorDetails: { message: sentence } };
  }
}

/** Undefined after saying that none is clear. */
async function databaseOf({ services, request, context, stream }: Turn): Promise<string | undefined> {
  const resolution = await chatDatabase(services.databases, request.references, lastMetadata(context)?.database);
  if (resolution.kind === 'one') return resolution.path;
  const code = resolution.kind === 'none' ? 'ask.noDatabase' : 'ask.ambiguousDatabase';
  const names = resolution.kind === 'several' ? { databases: resolution.paths.map((file) => services.databases.labelOf(file)) } : {};
  const { sentence, next } = describeCode(code, names);
  stream.markdown(new vscode.MarkdownString().appendText(`${sentence} ${next}`));
  stream.button({ command: commandIds.chooseDatabase, title: vscode.l10n.t('Choose Database') });
  return undefined;
}

async function answer({ services, request, context, stream, token }: Turn, database: string): Promise<TurnMetadata> {
  const question = request.prompt.trim();
  stream.progress(vscode.l10n.t('Asking {0}', services.databases.labelOf(database)));
  const before = lastMetadata(context);
  const previous =
    before?.database === database && before.question !== undefined && before.sql !== undefined
      ? { previous: { question: before.question, sql: before.sql } }
      : {};
  const asked = { question, database, candidates: readSetting('candidates'), priority: 'interactive' as const, deadlineMs: 0, ...previous };
  const outcome = await services.asker.ask(asked, token);
  if (outcome.kind === 'refusal') {
    const { sentence, next } = describeCode(outcome.code, outcome.details);
    stream.markdown(new vscode.MarkdownString().appendText(`${sentence} ${next}`));
    return { database };
  }
  const showValues = (permissionOf(database) ?? 'schemaAndSamples') === 'schemaAndSamples';
  if (showValues) {
    stream.markdown(answerMarkdown(outcome, explainInWords(outcome.explanation)));
    return { database, question, sql: outcome.sql };
  }
  // The text that agents get: what may not be seen is left out of it.
  stream.markdown(new vscode.MarkdownString().appendCodeblock(describeAnswer(outcome, question, false), 'text'));
  return { database };
}

async function useTool({ services, tools, request, stream, token }: Turn, database: string): Promise<TurnMetadata> {
  const words = request.prompt.split(/[\s,]+/).filter((word) => word !== '');
  const calls: Readonly<Record<string, readonly [string, object, string]>> = {
    schema: ['describe_schema', { database, tables: words }, 'sql'],
    joins: ['find_join_path', { database, tables: words }, 'sql'],
    explain: ['explain_query', { database, sql: request.prompt }, 'text'],
  };
  const call = calls[request.command ?? ''];
  if (!call) return { database };
  const [name, input, language] = call;
  const { text, isError } = await tools.call(name, input, token);
  services.log.log('info', 'chat', `${name} ${isError ? 'failed' : 'answered'}`);
  stream.markdown(isError ? new vscode.MarkdownString().appendText(text) : new vscode.MarkdownString().appendCodeblock(text, language));
  return { database };
}

function lastMetadata({ history }: vscode.ChatContext): TurnMetadata | undefined {
  const turns = history.filter((turn) => turn instanceof vscode.ChatResponseTurn);
  return turns.at(-1)?.result.metadata;
}
