/**
 * What the engine and the model process say to each other: methods, parameters and results, over vscode-jsonrpc on the
 * child's IPC-free stdio pipes. Values are plain JSON. Any change of meaning raises `protocolVersion`.
 */
import { type ChatTemplate, type PromptPart } from '../core/nl2sql/promptPart.js';

export const protocolVersion = 1;

export type GpuChoice = 'auto' | 'off' | 'cuda' | 'vulkan' | 'metal';

export interface InitializeParams {
  readonly protocolVersion: number;
  readonly gpu: GpuChoice;
  /** Upper bound on compute threads; 0 takes the physical cores, all but one when there are more than two. */
  readonly maxThreads: number;
  /** Folder for saved prompt states; undefined keeps them in memory only. */
  readonly stateFolder?: string;
  /** Folder whose subfolders hold libraries that did not come with the program; it need not exist. */
  readonly packFolder?: string;
}

export interface RuntimeFacts {
  readonly protocolVersion: number;
  readonly runtimeVersion: string;
  readonly llamaRelease: string;
  readonly gpu: 'cuda' | 'vulkan' | 'metal' | 'none';
  readonly gpuNames: readonly string[];
  readonly vramBytes: number;
  readonly threads: number;
  /** True when NVIDIA's driver and the CUDA runtime that the libraries need were found on this machine. */
  readonly cudaReady: boolean;
  /** Whether the runtime has its CUDA libraries, and from where: a fetched pack, or installed beside the program. */
  readonly cudaLibraries: 'pack' | 'installed' | 'none';
  /** Why a wanted GPU is not used, as the runtime said it; absent when nothing failed. */
  readonly gpuProblem?: string;
}

export interface LoadModelParams {
  readonly modelPath: string;
  readonly modelId: string;
  /** LoRA adapter, applied unmerged at scale 1. */
  readonly adapterPath?: string;
  readonly adapterId?: string;
  readonly promptVersion: string;
  /** Tokens of one sequence; the process lowers it when memory does not suffice and says so in the result. */
  readonly contextSize: number;
  /** Sequences that may decode at once (1 greedy + samples + kept prefixes). */
  readonly sequences: number;
}

export interface ModelFacts {
  readonly architecture: string;
  readonly parameters: number;
  readonly vocabularySize: number;
  readonly contextSize: number;
  readonly sequences: number;
  readonly chatTemplate: ChatTemplate;
  readonly loadMs: number;
}

export interface GenerateParams {
  readonly requestId: string;
  /** Fixed per database: its evaluated state is kept in memory and on disk under `prefixKey`. */
  readonly prefix: readonly PromptPart[];
  readonly prefixKey: string;
  /** What depends on the question, evaluated after the prefix. */
  readonly rest: readonly PromptPart[];
  /** Scoped GBNF (see core/grammar); absent means free text until a stop text. */
  readonly grammar?: string;
  /**
   * Text at the end of `rest` that already belongs to the answer: the grammar covers it, candidates leave it out. Text
   * outside the grammar is completed freely.
   */
  readonly begun?: string;
  /** Generation ends before the first of these texts. The end-of-turn token always ends it. */
  readonly stop: readonly string[];
  /** 0 reads the prefix ahead of a question and writes nothing; all but the prefix is left unread then. */
  readonly maxTokens: number;
  /** 1 is one greedy answer; n > 1 is one greedy answer and n - 1 samples at `temperature`. */
  readonly candidates: number;
  /** No greedy answer: all candidates are samples, as learning from one's own answers needs them. */
  readonly samplesOnly?: boolean;
  /** The loaded model answers without its adapter, as a second opinion; its prompts are then those of the base. */
  readonly withoutAdapter?: boolean;
  readonly temperature: number;
  readonly seed: number;
  readonly priority: 'typing' | 'interactive' | 'batch';
  /** Milliseconds from arrival after which what is ready is returned; 0 means none. */
  readonly deadlineMs: number;
  /** Switches the forced-token shortcut off, for measurements. */
  readonly noForcedTokens?: boolean;
}

export interface Candidate {
  readonly text: string;
  /** How many of the requested samples gave exactly this text; the greedy answer counts as one. */
  readonly count: number;
  readonly greedy: boolean;
  /** Sum of natural-log probabilities of its sampled tokens under the model's own distribution. */
  readonly logProbability: number;
  readonly sampledTokens: number;
  readonly forcedTokens: number;
  readonly finish: 'stop' | 'grammar' | 'length' | 'cancelled' | 'deadline';
}

/** Sent while a request runs, once per finished distinct candidate: notification `candidate`. */
export interface CandidateNotice {
  readonly requestId: string;
  readonly candidate: Candidate;
}

export interface GenerateStats {
  readonly prefixTokens: number;
  /** Where the prefix state came from. */
  readonly prefixFrom: 'memory' | 'disk' | 'evaluated';
  readonly restTokens: number;
  readonly promptMs: number;
  readonly decodeMs: number;
  /** Tokens that went through the model while decoding, all sequences together. */
  readonly evaluatedTokens: number;
  readonly sampledTokens: number;
  readonly forcedTokens: number;
  readonly grammarMs: number;
  readonly queueMs: number;
}

export interface GenerateResult {
  readonly candidates: readonly Candidate[];
  readonly stats: GenerateStats;
}

/** Request names. `generate` is cancelled through the JSON-RPC cancellation token. */
export const methods = {
  initialize: 'joinery/initialize',
  loadModel: 'joinery/loadModel',
  unloadModel: 'joinery/unloadModel',
  generate: 'joinery/generate',
  /** No further candidates are wanted; the request returns what it has. Notification with a request id. */
  enough: 'joinery/enough',
  candidate: 'joinery/candidate',
  tokenCount: 'joinery/tokenCount',
  shutdown: 'joinery/shutdown',
} as const;
