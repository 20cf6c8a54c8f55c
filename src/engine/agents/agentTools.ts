/**
 * The tools of agents as functions of the engine, shared by every face. Each call checks its input and the permission of the database,
 * reads within limits, and gives text. It asks nobody: confirmations are the face's business.
 */
import { type CancellationToken, neverCancelled } from '../../core/shared/cancellation.js';
import { type ErrorCode, isCancelled, isJoineryError, JoineryError } from '../../core/shared/errors.js';
import { defaultSteps } from '../ask/askSteps.js';
import { type AskListener, type AskOutcome, type AskRequest } from '../ask/types.js';
import { type Catalogue, type OpenedDatabase } from '../catalogue/types.js';
import { describeError } from '../words/errorSentences.js';
import { chooseNamed, nameDatabases, type NamedDatabase } from './databaseNames.js';
import { describeAnswer } from './describeAnswer.js';
import { describeJoins } from './describeJoins.js';
import { describePlan } from './describePlan.js';
import { describeSchema, tableOf } from './describeSchema.js';
import { type ModelPermission } from './modelPermission.js';
import { quotedRows, usualCaps } from './quotedRows.js';
import { rowLimits, toolDefinitions, type ToolName, toolNames } from './toolDefinitions.js';
import { ToolInput } from './toolInput.js';

export interface AgentOptions {
  readonly catalogue: () => Promise<Catalogue>;
  readonly ask: (request: AskRequest, token: CancellationToken, listener: AskListener) => Promise<AskOutcome>;
  /** Absolute paths of what there is now. */
  readonly databases: () => Promise<readonly string[]>;
  /** Names are short below these. */
  readonly folders: () => readonly string[];
  /** Undefined where nothing was said, which allows values: the faces ask before they call. */
  readonly permissionOf: (database: string) => ModelPermission | undefined;
  readonly candidates: () => number;
}

export interface ToolOutcome {
  readonly text: string;
  readonly isError: boolean;
}

/** What an agent can do where a person would use a command. */
const agentNextSteps: Readonly<Partial<Record<ErrorCode, string>>> = {
  'sql.unknownName': 'Check the name with describe_schema.',
  'sql.notReadOnly': 'Use a SELECT; nothing can be changed with these tools.',
  'ask.ambiguousDatabase': 'Give one of these names as "database".',
  'ask.noDatabase': 'Tell the user: there is no database in the workspace that you may see.',
  'model.missing': 'Tell the user to fetch the model of Joinery, or write the SQL yourself with describe_schema and find_join_path.',
};

const queryTimeoutMs = 15_000;
const askDeadlineMs = 180_000;
const indexWaitMs = 5_000;
const seed = 1;

export class AgentTools {
  readonly definitions = toolDefinitions;

  constructor(private readonly options: AgentOptions) {}

  /** Never throws but for cancellation: what went wrong comes back as a sentence with the next step, which a model can act on. */
  async call(name: string, input: unknown, token: CancellationToken = neverCancelled, listener: AskListener = {}): Promise<ToolOutcome> {
    try {
      return { text: await this.#run(name, input, token, listener), isError: false };
    } catch (error) {
      if (isCancelled(error)) throw error;
      const known = isJoineryError(error)
        ? error
        : new JoineryError('internal', { reason: error instanceof Error ? error.message : String(error) });
      const { sentence, next } = describeError(known.code, known.details);
      return { text: `${sentence} ${agentNextSteps[known.code] ?? next}`, isError: true };
    }
  }

  /** The database that an input means and what may be seen of it, for a face that asks the user first. Undefined when the call will fail anyway. */
  async target(
    name: ToolName,
    input: unknown,
  ): Promise<(NamedDatabase & { readonly permission: ModelPermission | undefined }) | undefined> {
    try {
      const chosen = chooseNamed(await this.#named(), new ToolInput(name, input).optionalText('database'));
      return { ...chosen, permission: this.options.permissionOf(chosen.path) };
    } catch (error) {
      if (isJoineryError(error)) return undefined;
      throw error;
    }
  }

  async #run(name: string, input: unknown, token: CancellationToken, listener: AskListener): Promise<string> {
    const tool = toolNames.find((known) => known === name);
    if (!tool)
      throw new JoineryError('agent.badInput', { tool: name, name: 'tool', detail: `is unknown; there are ${toolNames.join(', ')}` });
    const given = new ToolInput(tool, input);
    switch (tool) {
      case 'list_databases':
        return this.#list();
      case 'describe_schema':
        return this.#describe(given, token);
      case 'find_join_path':
        return this.#joins(given, token);
      case 'ask_database':
        return this.#ask(given, token, listener);
      case 'run_readonly_query':
        return this.#query(given, token);
      case 'explain_query':
        return this.#explain(given, token);
    }
  }

  async #list(): Promise<string> {
    const lines = (await this.#named()).map(
      ({ name, path }) => `- ${name} (${this.#permission(path) === 'schema' ? 'schema only' : 'schema and values'})`,
    );
    return lines.length === 0
      ? 'There is no database that you may see.'
      : [`${lines.length} ${lines.length === 1 ? 'database' : 'databases'}:`, ...lines].join('\n');
  }

  async #describe(input: ToolInput, token: CancellationToken): Promise<string> {
    const { opened, permission } = await this.#open(input, token);
    const wanted = input.flag('samples');
    const text = describeSchema(opened.knowledge, input.names('tables'), wanted && permission === 'schemaAndSamples');
    return wanted && permission === 'schema' ? `${text}\nYou may see no values of this database, so samples are left out.` : text;
  }

  async #joins(input: ToolInput, token: CancellationToken): Promise<string> {
    const names = input.names('tables');
    if (names.length < 2)
      throw new JoineryError('agent.badInput', { tool: 'find_join_path', name: 'tables', detail: 'needs at least two names' });
    const { opened } = await this.#open(input, token);
    return describeJoins(
      opened,
      names.map((name) => tableOf(opened.knowledge, name).name),
    );
  }

  async #ask(input: ToolInput, token: CancellationToken, listener: AskListener): Promise<string> {
    const question = input.text('question');
    const { path, permission } = await this.#choose(input);
    const request: AskRequest = {
      question,
      database: path,
      candidates: this.options.candidates(),
      priority: 'interactive',
      deadlineMs: askDeadlineMs,
      seed,
      steps: defaultSteps,
    };
    return describeAnswer(await this.options.ask(request, token, listener), question, permission === 'schemaAndSamples');
  }

  async #query(input: ToolInput, token: CancellationToken): Promise<string> {
    const sql = input.text('sql');
    const maxRows = input.count('max_rows', rowLimits);
    const { name, permission, path } = await this.#choose(input);
    if (permission !== 'schemaAndSamples') throw new JoineryError('agent.valuesNotAllowed', { database: name });
    const { database } = await (await this.options.catalogue()).open(path, token);
    const result = await database.run(sql, { timeoutMs: queryTimeoutMs, maxRows, token });
    return `${result.rows.length}${result.truncated ? ' or more' : ''} rows.\n${quotedRows(result, { ...usualCaps, rows: maxRows })}`;
  }

  async #explain(input: ToolInput, token: CancellationToken): Promise<string> {
    const sql = input.text('sql');
    const { opened } = await this.#open(input, token);
    return describePlan(opened.database, sql, token);
  }

  async #open(
    input: ToolInput,
    token: CancellationToken,
  ): Promise<{ readonly opened: OpenedDatabase; readonly permission: ModelPermission }> {
    const { path, permission } = await this.#choose(input);
    const opened = await (await this.options.catalogue()).open(path, token);
    await opened.whenIndexed(indexWaitMs, token);
    return { opened, permission };
  }

  async #choose(input: ToolInput): Promise<NamedDatabase & { readonly permission: ModelPermission }> {
    const chosen = chooseNamed(await this.#named(), input.optionalText('database'));
    return { ...chosen, permission: this.#permission(chosen.path) };
  }

  /** A database of which nothing may be seen is not there: not even its name comes back. */
  async #named(): Promise<readonly NamedDatabase[]> {
    const paths = (await this.options.databases()).filter((path) => this.#permission(path) !== 'nothing');
    return nameDatabases(paths, this.options.folders());
  }

  #permission(path: string): ModelPermission {
    return this.options.permissionOf(path) ?? 'schemaAndSamples';
  }
}
