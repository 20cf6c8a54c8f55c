/** The command line without a terminal, a model or a database: what it writes is collected. */
import { type Command } from 'commander';
import { CancellationSource } from '../../../src/core/shared/cancellation.js';
import { type CliContext } from '../../../src/cli/context.js';
import { runCli } from '../../../src/cli/runCli.js';
import { type AskAnswer, type AskListener, type AskOutcome, type AskRequest, type VerifiedSql } from '../../../src/engine/ask/types.js';
import { type OpenedDatabase } from '../../../src/engine/catalogue/types.js';
import { type Engine } from '../../../src/engine/createEngine.js';
import { ModelStore } from '../../../src/engine/models/modelStore.js';
import { RuntimePacks } from '../../../src/engine/models/runtimePacks.js';
import { type RuntimeFacts } from '../../../src/protocol/modelProcess.js';
import { makeRelation, shopKnowledge } from '../../support/shopSchema.js';

export const timings = {
  totalMs: 1234,
  prepareMs: 12,
  promptMs: 400,
  decodeMs: 800,
  verifyMs: 22,
  promptTokens: 210,
  sampledTokens: 31,
  forcedTokens: 12,
};

const relation = makeRelation('orders', 'customer_id', 'customers', 'customer_id');

export const verified: VerifiedSql = {
  sql: 'SELECT\n  c.name,\n  COUNT(*) AS orders\nFROM\n  customers AS c\n  JOIN orders AS o ON o.customer_id = c.customer_id\nGROUP BY\n  c.name',
  result: {
    columns: ['name', 'orders'],
    rows: [
      ['Ann', 12],
      ['Zoë 李', 9007199254740993n],
      ['evil \u001b[31m', null],
      ['bytes', new Uint8Array([1, 2])],
    ],
    truncated: false,
    elapsedMs: 4.4,
  },
  evidence: {
    rows: 4,
    rowsTruncated: false,
    runMs: 4.4,
    votes: 4,
    candidates: 5,
    joins: [{ relation, from: 'customers', to: 'orders', fanOut: true }],
    substitutions: [{ mention: 'ann', match: { table: 'customers', column: 'name', value: 'Ann', score: 0.95 } }],
    fanOut: ['customers'],
    repaired: false,
  },
  explanation: [
    { code: 'from', args: { table: 'customers AS c' } },
    { code: 'join', args: { table: 'orders AS o', condition: 'o.customer_id = c.customer_id' } },
    { code: 'group', args: { columns: 'c.name' } },
  ],
};

export const answer: AskAnswer = { ...verified, kind: 'answer', alternatives: [{ ...verified, sql: 'SELECT 1' }], timings };

const facts: RuntimeFacts = {
  protocolVersion: 1,
  runtimeVersion: '3.22.1',
  llamaRelease: 'b1',
  gpu: 'none',
  gpuNames: [],
  vramBytes: 0,
  threads: 2,
  cudaReady: false,
  cudaLibraries: 'none',
  gpuProblem: 'no driver',
};

export interface FakeOptions {
  readonly outcome?: AskOutcome;
  readonly askFails?: Error;
  readonly databases?: readonly string[];
  readonly terminal?: boolean;
  readonly environment?: NodeJS.ProcessEnv;
  readonly folder?: string;
  readonly opened?: Partial<OpenedDatabase>;
  readonly factsFail?: Error;
  /** Registers a command that `runCli` does not know by itself. */
  readonly extend?: (program: Command, context: CliContext) => void;
}

export interface FakeRun {
  readonly out: string;
  readonly err: string;
  readonly code: number;
  readonly requests: readonly AskRequest[];
  readonly disposed: number;
}

class FakeState {
  out = '';
  err = '';
  code = 0;
  disposed = 0;
  readonly requests: AskRequest[] = [];
}

function fakeEngine(options: FakeOptions, state: FakeState): Engine {
  const ask = (request: AskRequest, listener: AskListener): Promise<AskOutcome> => {
    state.requests.push(request);
    listener.onPhase?.('thinking');
    if (options.askFails !== undefined) return Promise.reject(options.askFails);
    if (options.outcome?.kind !== 'refusal') listener.onAnswer?.(answer);
    return Promise.resolve(options.outcome ?? answer);
  };
  const opened = {
    knowledge: shopKnowledge,
    indexed: true,
    smallDomain: () => undefined,
    whenIndexed: () => Promise.resolve(),
    joinTrees: () => [],
    ...options.opened,
  };
  const partial = {
    ask: { ask },
    catalogue: { open: () => Promise.resolve(opened) },
    models: new ModelStore({ folder: '/nowhere/models', environment: {} }),
    packs: new RuntimePacks({ modelFolder: '/nowhere/models', findRegistry: () => Promise.reject(new Error('offline')) }),
    model: { facts: () => (options.factsFail === undefined ? Promise.resolve(facts) : Promise.reject(options.factsFail)) },
    dispose: () => {
      state.disposed++;
      return Promise.resolve();
    },
  };
  return partial as unknown as Engine;
}

/** Runs one command line and returns everything that it wrote. */
export async function runFake(args: readonly string[], options: FakeOptions = {}): Promise<FakeRun> {
  const state = new FakeState();
  const folder = options.folder ?? '/nowhere';
  const context: CliContext = {
    io: {
      out: (text) => void (state.out += `${text}\n`),
      err: (text) => void (state.err += `${text}\n`),
      errRaw: (text) => void (state.err += text),
      outIsTerminal: options.terminal ?? false,
      errIsTerminal: options.terminal ?? false,
      width: 80,
      environment: options.environment ?? {},
      folder,
      token: new CancellationSource().token,
      setExitCode: (code) => void (state.code = code),
    },
    modelFolder: `${folder}/models`,
    adapterFolder: `${folder}/adapters`,
    stateFolder: `${folder}/state`,
    inferencePath: '/nowhere/inference.mjs',
    version: '1.2.3',
    createEngine: () => Promise.resolve(fakeEngine(options, state)),
    findDatabases: () => Promise.resolve(options.databases ?? []),
  };
  await runCli(args, context, (program) => options.extend?.(program, context));
  return state;
}
