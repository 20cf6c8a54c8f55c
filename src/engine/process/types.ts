/** The model as the engine sees it: a process of this machine, or a server of the team behind the same port. */
import { type PromptStyle, type PromptTarget } from '../../core/nl2sql/promptStyle.js';
import { type PromptPrefix } from '../../core/nl2sql/renderPrompt.js';
import { type CancellationToken } from '../../core/shared/cancellation.js';
import {
  type Candidate,
  type GenerateParams,
  type GenerateResult,
  type LoadModelParams,
  type ModelFacts,
  type RuntimeFacts,
} from '../../protocol/modelProcess.js';

export interface GenerateListener {
  /** Once per finished distinct candidate; a server elsewhere gives a text again when it was sampled again. Returning 'enough' ends the request early with what there is. */
  onCandidate?(candidate: Candidate): 'more' | 'enough';
}

/** A model in the process, and the prompts that it or its adapter was made for; `worked` when nothing is said. */
export interface LoadedModel extends ModelFacts {
  readonly promptStyle?: PromptStyle;
  /** What it was trained to write; `sql` when nothing is said. */
  readonly promptTarget?: PromptTarget;
  /** The model without its adapter errs on other questions: it may be asked, too. */
  readonly secondOpinion?: boolean;
}

/** Which model, adapter and context are wanted: what the process is told. */
export type ModelSettings = LoadModelParams;

export interface ModelService {
  /** Starts the process and loads the model when needed. Throws `model.*` and `process.*` errors. */
  load(settings: ModelSettings, token?: CancellationToken): Promise<ModelFacts>;
  generate(params: Omit<GenerateParams, 'requestId'>, listener?: GenerateListener, token?: CancellationToken): Promise<GenerateResult>;
  /** Evaluates what later prompts begin with, giving way to any question; nothing happens when it is known. A server elsewhere has no such thing. */
  readAhead?(start: PromptPrefix, token?: CancellationToken): Promise<void>;
  facts(): Promise<RuntimeFacts>;
  tokenCount(text: string): Promise<number>;
  /** Ends the process; the next call starts it again. */
  stop(): Promise<void>;
}
