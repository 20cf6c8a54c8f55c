/** The ask pipeline with a model and a database that answer by script. */
import { defaultSteps } from '../../src/engine/ask/askSteps.js';
import { AskService } from '../../src/engine/ask/askService.js';
import { type AskRequest } from '../../src/engine/ask/types.js';
import { type Catalogue, type OpenedDatabase } from '../../src/engine/catalogue/types.js';
import { type ModelService } from '../../src/engine/process/types.js';
import { Emitter } from '../../src/core/shared/event.js';
import { buildJoinGraph } from '../../src/core/graph/joinGraph.js';
import { JoineryError } from '../../src/core/shared/errors.js';
import { type PromptTarget } from '../../src/core/nl2sql/promptStyle.js';
import { type Demonstration } from '../../src/core/nl2sql/types.js';
import { type Ranker } from '../../src/core/nl2sql/rankCandidates.js';
import { silentLogger } from '../../src/core/shared/logger.js';
import { type SqlValue } from '../../src/core/schema/types.js';
import { type Candidate, type GenerateParams, type GenerateStats } from '../../src/protocol/modelProcess.js';
import { plainJoinTrees } from './plainJoinTrees.js';
import { shopKnowledge, shopRelations } from './shopSchema.js';

export const stats: GenerateStats = {
  prefixTokens: 10,
  prefixFrom: 'memory',
  restTokens: 5,
  promptMs: 1,
  decodeMs: 1,
  evaluatedTokens: 5,
  sampledTokens: 5,
  forcedTokens: 0,
  grammarMs: 0,
  queueMs: 0,
};
export const facts = {
  architecture: 'qwen2',
  parameters: 1,
  vocabularySize: 1,
  contextSize: 4096,
  sequences: 8,
  chatTemplate: 'chatml',
  loadMs: 1,
} as const;

export interface Setup {
  /** Texts of one `generate` after the other; `!` marks one that was cut off. */
  readonly answers: readonly (readonly string[])[];
  readonly results: Readonly<Record<string, readonly (readonly SqlValue[])[]>>;
  readonly ranker?: Ranker;
  readonly pairs?: readonly Demonstration[];
  readonly most?: number;
  readonly target?: PromptTarget;
  readonly secondOpinion?: boolean;
}

/** A service over the shop whose model says what it is told, and whose database knows what it is told. */
export function setUp({ answers, results, ranker, pairs = [], most = 3, target, secondOpinion = false }: Setup): {
  service: AskService;
  calls: Omit<GenerateParams, 'requestId'>[];
  ran: string[];
} {
  const calls: Omit<GenerateParams, 'requestId'>[] = [];
  const ran: string[] = [];
  const run = (sql: string) => {
    ran.push(sql);
    const rows = results[sql];
    if (!rows) return Promise.reject(new JoineryError('sql.unknownName', { message: 'no such column: x' }));
    return Promise.resolve({ columns: (rows[0] ?? ['c']).map((_, at) => `c${at}`), rows, truncated: false, elapsedMs: 1 });
  };
  const opened: OpenedDatabase = {
    knowledge: shopKnowledge,
    database: {
      path: 'shop.db',
      run,
      prepare: (sql) => (sql.includes('`') ? run(sql).then(() => undefined) : Promise.resolve()),
      changeStamp: () => Promise.resolve('1'),
      close: () => Promise.resolve(),
    },
    joinGraph: buildJoinGraph(shopRelations),
    onChanged: new Emitter<void>().event,
    inclusionOf: () => Promise.resolve(undefined),
    joinTrees: plainJoinTrees(shopRelations),
    findValues: () => [],
    smallDomain: () => undefined,
    indexed: true,
    whenIndexed: () => Promise.resolve(),
    setRelation: () => Promise.resolve(),
    verdicts: new Map(),
    forgetVerdicts: () => Promise.resolve(),
  };
  const catalogue: Catalogue = { open: () => Promise.resolve(opened), close: () => Promise.resolve() };
  const model: ModelService = {
    load: () => Promise.resolve(facts),
    generate: (params, listener) => {
      const texts = answers[calls.length] ?? [];
      calls.push(params);
      if (texts.includes('dies')) return Promise.reject(new JoineryError('model.tooBig', {}));
      const candidates = texts.map((text, at): Candidate => ({
        text: text.replace('!', ''),
        count: 1,
        greedy: at === 0,
        logProbability: -0.5,
        sampledTokens: 5,
        forcedTokens: 0,
        finish: text.endsWith('!') ? 'length' : 'stop',
      }));
      for (const candidate of candidates) listener?.onCandidate?.(candidate);
      return Promise.resolve({ candidates, stats });
    },
    facts: () => Promise.reject(new Error('not asked')),
    tokenCount: () => Promise.resolve(1),
    stop: () => Promise.resolve(),
  };
  const settings = {
    loadModel: () =>
      Promise.resolve({ ...facts, secondOpinion, ...(target ? { promptStyle: 'bare' as const, promptTarget: target } : {}) }),
    readDemonstrations: () => Promise.resolve({ pairs, most }),
    permissionOf: () => 'schemaAndSamples' as const,
    ...(ranker ? { findRanker: () => Promise.resolve(ranker) } : {}),
    log: silentLogger,
    now: () => 0,
  };
  return { service: new AskService(catalogue, model, settings), calls, ran };
}

export function request(question: string, more: Partial<AskRequest> = {}): AskRequest {
  return { question, database: 'shop.db', candidates: 1, priority: 'interactive', deadlineMs: 0, seed: 1, steps: defaultSteps, ...more };
}
export const flat = (sql: string): string => sql.replace(/\s+/g, ' ');
